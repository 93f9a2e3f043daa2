using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Cdr.Sessions.Package;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Sessions.Tokens;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Features;

/// <summary>Who → what → status. Anonymous endpoints answer everybody alike; here with an empty body: 400, never 401.</summary>
public sealed class AuthorisationTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static readonly (string Method, string Path)[] Anonymous =
    [
        ("POST", "/api/sessions/challenges"), ("POST", "/api/sessions/openings"), ("POST", "/api/sessions"), ("POST", "/api/sessions/{own}/tokens"),
        ("POST", "/api/sessions/{own}/provider-logout"),
        ("POST", "/api/sessions/withdrawals"), ("POST", "/api/sessions/presence"), ("POST", "/api/sessions/service-tokens"),
        ("POST", "/api/sessions/software-tokens"), ("POST", "/api/sessions/providers/answers"), ("POST", "/api/sessions/package/requests"), ("POST", "/api/sessions/posts/judgement"),
    ];

    /// <summary>A card of each role.</summary>
    internal static readonly Dictionary<string, string> CardOf = new()
    {
        [CdrRoles.Clerk] = "cps-infirmier", [CdrRoles.Referent] = "cpe-referent", [CdrRoles.FunctionalCorrespondent] = "cpe-correspondant",
        [CdrRoles.GroupManager] = "cpe-groupe", [CdrRoles.Hotline] = "cpa-hotline", [CdrRoles.Operations] = "cpa-exploitation",
        [CdrRoles.DataProtection] = "cpa-donnees", [CdrRoles.RegimeAgent] = "cpa-regime", [CdrRoles.Administrator] = "cpa-administrateur",
    };

    private const string Own = "590991014";
    private const string South = "590991022";
    private const string Rhone = "690991013";
    private const string Other = "970491015";
    private readonly SessionsHost host = shared.Sessions;

    public static TheoryData<string, string, string, int> Matrix
    {
        get
        {
            var matrix = new TheoryData<string, string, string, int>();
            foreach (var caller in (string[])[.. CdrRoles.All, "service", "nobody"])
            {
                foreach (var (method, path) in Anonymous)
                    matrix.Add(caller, method, path, 400);
                matrix.Add(caller, "GET", "/.well-known/jwks.json", 200);
                matrix.Add(caller, "GET", "/api/sessions/providers", 200);
                matrix.Add(caller, "POST", "/api/sessions/providers/{other}/requests", 404);
                matrix.Add(caller, "GET", "/api/sessions/terms", 200);
                matrix.Add(caller, "GET", "/api/sessions/habilitations", Only(caller, 200, CdrRoles.Referent));
                matrix.Add(caller, "POST", "/api/sessions/habilitations", Only(caller, 400, CdrRoles.Referent));
                matrix.Add(caller, "POST", "/api/sessions/habilitations/{own}/closure", Only(caller, 404, CdrRoles.Referent));
                foreach (var path in (string[])["/api/sessions/posts", "/api/sessions/posts.csv"])
                    matrix.Add(caller, "GET", path, Only(caller, 200, CdrRoles.Referent, CdrRoles.FunctionalCorrespondent, CdrRoles.GroupManager, CdrRoles.Hotline, CdrRoles.Operations, CdrRoles.Administrator));
                // This installation has no package.
                matrix.Add(caller, "GET", "/api/sessions/package", 404);
                matrix.Add(caller, "POST", "/api/sessions/package/licence", 404);
                matrix.Add(caller, "GET", "/api/sessions/package/files/{folder}/{name}", 404);
                matrix.Add(caller, "POST", "/api/sessions/package/trials", 404);
                matrix.Add(caller, "GET", "/api/sessions/package/downloads", caller switch { "nobody" => 401, CdrRoles.Administrator or CdrRoles.Referent => 200, _ => 403 });
                matrix.Add(caller, "GET", "/openapi/sessions.json", 200);
                matrix.Add(caller, "GET", "/health/ready", 200);
                matrix.Add(caller, "DELETE", "/api/sessions/{other}", caller == "nobody" ? 401 : 403);
                matrix.Add(caller, "DELETE", "/api/sessions/{own}", caller switch { "nobody" => 401, "service" => 403, _ => 204 });
                matrix.Add(caller, "GET", "/api/sessions/software-clients", caller switch { "nobody" => 401, CdrRoles.Administrator or CdrRoles.Referent => 200, _ => 403 });
                // Of the administrator nothing is read before the body, of the referent the establishment is another's.
                matrix.Add(caller, "PUT", "/api/sessions/software-clients/{other}", caller switch { "nobody" => 401, CdrRoles.Administrator => 400, _ => 403 });
                matrix.Add(caller, "DELETE", "/api/sessions/software-clients/{other}", caller switch { "nobody" => 401, CdrRoles.Administrator => 404, _ => 403 });
                matrix.Add(caller, "DELETE", "/api/sessions/software-clients/{other}/establishments/{finess}", caller switch { "nobody" => 401, CdrRoles.Administrator => 404, _ => 403 });
                matrix.Add(caller, "POST", "/api/sessions/roles/search", caller switch { "nobody" => 401, CdrRoles.Administrator => 200, _ => 403 });
                matrix.Add(caller, "POST", "/api/sessions/roles", caller switch { "nobody" => 401, CdrRoles.Administrator => 400, _ => 403 });
                matrix.Add(caller, "POST", "/api/sessions/roles/{other}/withdrawal", caller switch { "nobody" => 401, CdrRoles.Administrator => 404, _ => 403 });
                matrix.Add(caller, "GET", "/api/sessions/administration", caller switch { "nobody" => 401, CdrRoles.Administrator or CdrRoles.DataProtection or CdrRoles.Referent => 200, _ => 403 });
                matrix.Add(caller, "GET", "/api/sessions/expiries", caller switch { "nobody" => 401, CdrRoles.Referent => 200, CdrRoles.Administrator => 404, _ => 403 });
                matrix.Add(caller, "GET", "/internal/sessions/{own}", caller switch { "nobody" => 401, "service" => 200, _ => 403 });
            }

            return matrix;
        }
    }

    private static int Only(string caller, int status, params string[] roles) => caller == "nobody" ? 401 : roles.Contains(caller) ? status : 403;

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Each_caller_is_answered_as_the_matrix_says(string caller, string method, string path, int status)
    {
        ArgumentNullException.ThrowIfNull(path);
        var (session, token) = await CallerAsync(caller);
        using var http = host.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{own}", session.ToString(), StringComparison.Ordinal).Replace("{other}", Guid.Empty.ToString(), StringComparison.Ordinal));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (method is "POST" or "PUT")
            request.Content = JsonContent.Create(new { });
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public void The_matrix_names_every_endpoint_that_the_host_answers_to()
    {
        var tested = Matrix.Select(row => row.Data.Item2 + " " + row.Data.Item3).Where(one => !one.Contains("/openapi/", StringComparison.Ordinal) && !one.Contains("/health/", StringComparison.Ordinal))
            .Select(one => one.Replace("{own}", "{id}", StringComparison.Ordinal).Replace("{other}", "{id}", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(MappedEndpoints.Of(host.Services), tested);
    }

    /// <summary>Nobody's session reaches beyond its establishment: what is of another is refused, unknown, or not in the list.</summary>
    [Theory]
    [InlineData(CdrRoles.Referent, "GET", "/api/sessions/expiries?establishment={finess}", 200, 403)]
    [InlineData(CdrRoles.Administrator, "GET", "/api/sessions/expiries?establishment={finess}", 200, 200)]
    [InlineData(CdrRoles.Referent, "POST", "/api/sessions/habilitations/{habilitation}/closure", 200, 404)]
    [InlineData(CdrRoles.Administrator, "POST", "/api/sessions/roles/{habilitation}/withdrawal", 200, 200)]
    [InlineData(CdrRoles.Referent, "DELETE", "/api/sessions/software-clients/none/establishments/{finess}", 404, 403)]
    [InlineData(CdrRoles.Administrator, "DELETE", "/api/sessions/software-clients/none/establishments/{finess}", 404, 404)]
    [InlineData(CdrRoles.Referent, "DELETE", "/api/sessions/software-clients/{software}/establishments/{finess}", 204, 403)]
    [InlineData(CdrRoles.Administrator, "DELETE", "/api/sessions/software-clients/{software}/establishments/{finess}", 204, 204)]
    public async Task Own_and_other_establishment(string role, string method, string path, int own, int other)
    {
        ArgumentNullException.ThrowIfNull(path);
        var software = new HospitalSoftware(host, "both-" + role);
        Assert.Equal(200, (await software.RegisterAsync(establishments: [Own, Other])).Status);
        // Last: who signs in again ends their session before.
        var (_, token) = await CallerAsync(role);
        foreach (var (finess, status) in new[] { (Own, own), (Other, other) })
        {
            // Of somebody else's: closing one's own session would end the test.
            var habilitation = await host.InStoreAsync(db => db.Habilitations.Where(one => one.EstablishmentFiness == finess && one.Role == CdrRoles.Clerk).Select(one => one.Id).FirstAsync());
            using var http = host.CreateClient();
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{finess}", finess, StringComparison.Ordinal).Replace("{habilitation}", habilitation.ToString(), StringComparison.Ordinal).Replace("{software}", software.Id, StringComparison.Ordinal));
            if (method == "POST")
                request.Content = JsonContent.Create(new { lastDay = "2099-01-01" });
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, (int)response.StatusCode);
        }
    }

    [Theory]
    [InlineData(CdrRoles.Clerk)]
    [InlineData(CdrRoles.Referent)]
    [InlineData(CdrRoles.Hotline)]
    [InlineData(CdrRoles.Administrator)]
    public async Task Nobody_ends_a_session_but_its_holder(string role)
    {
        var others = await new TestAgent(host).SignInAsync("cpe-facturation-reunion");
        var (session, token) = await CallerAsync(role);
        foreach (var (id, status) in new[] { (others.Session, 403), (session, 204) })
        {
            using var response = await SendAsync(token!, HttpMethod.Delete, "/api/sessions/" + id, null);
            Assert.Equal(status, (int)response.StatusCode);
        }

        Assert.Null(await host.InStoreAsync(db => db.Sessions.Where(one => one.Id == others.Session).Select(one => one.EndedAt).SingleAsync()));
    }

    [Fact]
    public async Task A_referent_grants_at_their_own_establishment_whatever_they_send_and_names_no_other_ones_unit()
    {
        var (_, token) = await CallerAsync(CdrRoles.Referent);
        using var given = await SendAsync(token!, HttpMethod.Post, "/api/sessions/habilitations", new { number = "810009999991", role = CdrRoles.Clerk, establishment = Other, establishmentFiness = Other });
        var id = (await Answer.ReadAsync<HabilitationState>(given)).Value.Id;
        Assert.Equal(Own, await host.InStoreAsync(db => db.Habilitations.Where(one => one.Id == id).Select(one => one.EstablishmentFiness).SingleAsync()));
        // Of the health centre beside.
        using var refused = await SendAsync(token!, HttpMethod.Post, "/api/sessions/habilitations", new { number = "810009999991", role = CdrRoles.Clerk, unit = "accueil" });
        Assert.Equal((400, "unit-unknown"), ((int)refused.StatusCode, (await Answer.ReadAsync<HabilitationState>(refused)).Code));
    }

    /// <summary>There is something of each; the list holds what is the reader's, all of it, and nothing else.</summary>
    [Theory]
    [InlineData(CdrRoles.Referent, "/api/sessions/posts", "establishment", Own)]
    [InlineData(CdrRoles.Referent, "/api/sessions/posts?establishment=" + Other, "establishment", null)]
    [InlineData(CdrRoles.Referent, "/api/sessions/posts?department=974", "establishment", null)]
    [InlineData(CdrRoles.FunctionalCorrespondent, "/api/sessions/posts", "establishment", Rhone)]
    [InlineData(CdrRoles.FunctionalCorrespondent, "/api/sessions/posts?establishment=" + Own, "establishment", null)]
    [InlineData(CdrRoles.GroupManager, "/api/sessions/posts", "establishment", Own + " " + South)]
    [InlineData(CdrRoles.GroupManager, "/api/sessions/posts?establishment=" + Other, "establishment", null)]
    [InlineData(CdrRoles.Referent, "/api/sessions/administration", "establishment", Own)]
    [InlineData(CdrRoles.Referent, "/api/sessions/package/downloads", "establishment", Own)]
    [InlineData(CdrRoles.Referent, "/api/sessions/software-clients", "establishments", Own)]
    public async Task A_list_holds_nothing_of_another_establishment(string role, string path, string member, string? mine)
    {
        await SomethingOfEachAsync();
        var (_, token) = await CallerAsync(role);
        using var response = await SendAsync(token!, HttpMethod.Get, path, null);
        using var list = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var rows = list.RootElement.ValueKind == JsonValueKind.Array ? list.RootElement : list.RootElement.GetProperty("posts");
        Assert.Equal(mine ?? "", string.Join(' ', rows.EnumerateArray().Select(row => row.GetProperty(member).ToString().Trim('[', ']', '"')).Distinct().Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData(CdrRoles.Referent, Own)]
    [InlineData(CdrRoles.FunctionalCorrespondent, Rhone)]
    [InlineData(CdrRoles.GroupManager, Own + " " + South)]
    public async Task The_file_of_posts_holds_nothing_of_another_establishment(string role, string mine)
    {
        await SomethingOfEachAsync();
        var (_, token) = await CallerAsync(role);
        using var response = await SendAsync(token!, HttpMethod.Get, "/api/sessions/posts.csv", null);
        var lines = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(mine, string.Join(' ', lines.Skip(1).Select(line => line.Split(';')[2]).Distinct().Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task The_habilitations_that_a_referent_sees_are_those_of_their_establishment()
    {
        var (_, token) = await CallerAsync(CdrRoles.Referent);
        using var response = await SendAsync(token!, HttpMethod.Get, "/api/sessions/habilitations", null);
        var seen = (await Answer.ReadAsync<HabilitationState[]>(response)).Value.Select(one => one.Id).ToHashSet();
        var (own, others) = await host.InStoreAsync(async db => (
            await db.Habilitations.Where(one => one.EstablishmentFiness == Own).Select(one => one.Id).ToListAsync(TestContext.Current.CancellationToken),
            await db.Habilitations.CountAsync(one => one.EstablishmentFiness != Own, TestContext.Current.CancellationToken)));
        Assert.Equal(own.ToHashSet(), seen);
        Assert.NotEqual(0, others);
    }

    /// <summary>A post, an act of administration, a download and software of one's own, and of others.</summary>
    private async Task SomethingOfEachAsync()
    {
        foreach (var card in (string[])["cpe-admissions-nord", "cps-infirmier", "cpe-urgences-rhone", "cpe-facturation-reunion"])
            await new TestAgent(host).SignInAsync(card);
        foreach (var scope in (string[][])[[Own], [Other], [Own, Other]])
            Assert.Equal(200, (await new HospitalSoftware(host, "of-" + string.Join('-', scope)).RegisterAsync(establishments: scope)).Status);
        // Last: who signs in again ends their session before.
        var (_, administrator) = await CallerAsync(CdrRoles.Administrator);
        foreach (var finess in (string[])[Own, Other])
        {
            using var given = await SendAsync(administrator!, HttpMethod.Post, "/api/sessions/roles", new RoleAssignment($"8{finess}99", CdrRoles.Clerk, finess));
            Assert.Equal(200, (int)given.StatusCode);
        }

        var now = host.Clock.GetUtcNow();
        await host.InStoreAsync(db =>
        {
            foreach (var finess in (string[])[Own, Other])
            {
                var access = new PackageAccess { Id = Guid.CreateVersion7(now), Secret = [], EstablishmentFiness = finess, Type = EstablishmentTypes.Public, Requester = [], RequestedAt = now, EndsAt = now.AddDays(1) };
                db.Add(new PackageDownload { Id = Guid.CreateVersion7(now), AccessId = access.Id, At = now, File = "windows/x", Sha256 = "00", Access = access });
            }

            return db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
    }

    private async Task<HttpResponseMessage> SendAsync(string token, HttpMethod method, string path, object? body)
    {
        using var http = host.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<(Guid Session, string? Token)> CallerAsync(string caller)
    {
        if (caller == "nobody")
            return (Guid.Empty, null);
        if (caller == "service")
            return (Guid.Empty, (await host.Services.GetRequiredService<TokenMaker>().ForServiceAsync("rights", TestContext.Current.CancellationToken)).Value);
        var grant = await new TestAgent(host).SignInAsync(CardOf[caller]);
        return (grant.Session, grant.Token.Value);
    }
}
