using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.Package;
using Cdr.Sessions.Posts;
using Cdr.Sessions.Software;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Sessions.Tests.Posts;
using Cdr.Sessions.Tokens;
using Cdr.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Features;

/// <summary>Role × endpoint × own or another establishment: each asks about something that was made for the question, once at home and once elsewhere.</summary>
public sealed class EstablishmentMatrixTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string North = "590991014";
    private const string Clinic = "690991013";
    private const string Reunion = "970491015";

    /// <summary>A list that holds the line, and one that does not.</summary>
    private const string Seen = "200, and in it";
    private const string Hidden = "200, and not in it";

    private const string Habilitations = "GET /api/sessions/habilitations";
    private const string Closure = "POST /api/sessions/habilitations/{id}/closure";
    private const string Posts = "GET /api/sessions/posts";
    private const string PostsFile = "GET /api/sessions/posts.csv";
    private const string Downloads = "GET /api/sessions/package/downloads";
    private const string Clients = "GET /api/sessions/software-clients";
    private const string Registration = "PUT /api/sessions/software-clients/{id}";
    private const string ClientWithdrawal = "DELETE /api/sessions/software-clients/{id}";
    private const string ScopeWithdrawal = "DELETE /api/sessions/software-clients/{id}/establishments/{finess}";
    private const string RoleSearches = "POST /api/sessions/roles/search";
    private const string RoleAssignments = "POST /api/sessions/roles";
    private const string RoleWithdrawals = "POST /api/sessions/roles/{id}/withdrawal";
    private const string Trail = "GET /api/sessions/administration";
    private const string Expiries = "GET /api/sessions/expiries";

    private static readonly string[] Endpoints =
    [
        Habilitations, Closure, Posts, PostsFile, Downloads, Clients, Registration, ClientWithdrawal, ScopeWithdrawal, RoleSearches, RoleAssignments, RoleWithdrawals, Trail, Expiries,
    ];

    /// <summary>Authorised too, and nobody names an establishment there: one's own session, what a referent gives (always at home), what services ask.</summary>
    private static readonly string[] OfNone = ["DELETE /api/sessions/{id}", "POST /api/sessions/habilitations", "GET /internal/sessions/{id}"];

    private readonly SessionsHost host = shared.Sessions;

    public static TheoryData<string, string> Matrix
    {
        get
        {
            var matrix = new TheoryData<string, string>();
            foreach (var caller in (string[])[.. CdrRoles.All, "service", "nobody"])
            {
                foreach (var endpoint in Endpoints)
                    matrix.Add(caller, endpoint);
            }

            return matrix;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Each_role_reaches_its_own_establishment_and_no_other(string caller, string endpoint)
    {
        var token = await TokenAsync(caller);
        var own = await AskAsync(token, endpoint, caller == CdrRoles.FunctionalCorrespondent ? Clinic : North);
        var other = await AskAsync(token, endpoint, Reunion);
        Assert.Equal(Expected(caller, endpoint), (own, other));
    }

    [Fact]
    public void Every_authorised_endpoint_is_in_the_matrix_or_is_of_no_establishment() =>
        Assert.Equal(
            MappedEndpoints.Of(host.Services, endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null),
            Endpoints.Concat(OfNone).Order(StringComparer.Ordinal));

    private static (string Own, string Other) Expected(string caller, string endpoint) => (endpoint, caller) switch
    {
        (_, "nobody") => ("401", "401"),
        (Posts or PostsFile, CdrRoles.Referent or CdrRoles.FunctionalCorrespondent or CdrRoles.GroupManager) => (Seen, Hidden),
        (Posts or PostsFile, CdrRoles.Hotline or CdrRoles.Operations or CdrRoles.Administrator) => (Seen, Seen),
        (Habilitations or Downloads or Clients or Trail, CdrRoles.Referent) => (Seen, Hidden),
        (Downloads or Clients or Trail or RoleSearches, CdrRoles.Administrator) => (Seen, Seen),
        (Trail, CdrRoles.DataProtection) => (Seen, Seen),
        (Closure, CdrRoles.Referent) => ("200", "404"),
        (Expiries, CdrRoles.Referent) => ("200", "403"),
        (ScopeWithdrawal, CdrRoles.Referent) => ("204", "403"),
        (Expiries or Registration or RoleAssignments or RoleWithdrawals, CdrRoles.Administrator) => ("200", "200"),
        (ScopeWithdrawal or ClientWithdrawal, CdrRoles.Administrator) => ("204", "204"),
        _ => ("403", "403"),
    };

    private async Task<string> AskAsync(string? token, string endpoint, string finess)
    {
        var line = "line-" + RandomNumberGenerator.GetHexString(16, lowercase: true);
        var (id, body) = await MakeAsync(endpoint, finess, line);
        var (method, path) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1]);
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", id, StringComparison.Ordinal).Replace("{finess}", finess, StringComparison.Ordinal)
            // Asked for by its number: a filter widens nothing.
            + (endpoint is Posts or PostsFile or Expiries ? "?establishment=" + finess : ""));
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType());
        using var http = host.CreateClient();
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var status = ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (status != "200" || endpoint is not (Habilitations or Posts or PostsFile or Downloads or Clients or RoleSearches or Trail))
            return status;
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return text.Contains(id, StringComparison.Ordinal) ? Seen : Hidden;
    }

    /// <summary>What the question is about, at that establishment; by which it is found in an answer; and the question's body.</summary>
    private async Task<(string Id, object? Body)> MakeAsync(string endpoint, string finess, string line)
    {
        var (now, today) = (host.Clock.GetUtcNow(), DateOnly.FromDateTime(host.Clock.GetUtcNow().UtcDateTime));
        switch (endpoint)
        {
            case Habilitations or Closure or RoleSearches or RoleWithdrawals:
                var habilitation = await host.InStoreAsync(async db =>
                {
                    var person = host.Services.GetRequiredService<PersonRegister>().Add(db, "8" + line);
                    var made = new Habilitation
                    {
                        Id = Guid.CreateVersion7(now), PersonId = person.Id, Person = person, Key = Habilitation.KeyOf(CdrRoles.Clerk, finess, null, null, null), Role = CdrRoles.Clerk,
                        EstablishmentFiness = finess, Origin = HabilitationOrigins.Grant, From = today.AddDays(-2),
                    };
                    db.Add(made);
                    await db.SaveChangesAsync(TestContext.Current.CancellationToken);
                    return made.Id;
                });
                return (habilitation.ToString(), endpoint switch { Habilitations => null, RoleSearches => new RoleSearch(Establishment: finess, Role: CdrRoles.Clerk), _ => new ClosureRequest(today.AddDays(30)) });
            case RoleAssignments:
                return (line, new RoleAssignment("8" + line, CdrRoles.Clerk, finess));
            case Registration:
                using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                    return (line, new SoftwareRegistration(line, [finess], null, null, key.ExportSubjectPublicKeyInfoPem(), today, null));
            case Expiries:
                return (line, null);
        }

        var access = new PackageAccess { Id = Guid.CreateVersion7(now), Secret = [], EstablishmentFiness = finess, Type = EstablishmentTypes.Public, Requester = [], RequestedAt = now, EndsAt = now.AddDays(1) };
        await host.InStoreAsync(db =>
        {
            db.Add<object>(endpoint switch
            {
                Posts or PostsFile => new Post { Id = Guid.CreateVersion7(now), Reference = line, EstablishmentFiness = finess, ReportedAt = now, Report = PostRegister.TextOf(PostPolicyTests.Report("5.0.42")) },
                Downloads => new PackageDownload { Id = Guid.CreateVersion7(now), AccessId = access.Id, At = now, File = line, Sha256 = "00", Access = access },
                Trail => new AdministrationRecord { Id = Guid.CreateVersion7(now), At = now, By = [], Session = Guid.Empty, Role = CdrRoles.Administrator, Act = AdministrationActs.RoleAssigned, Target = line, EstablishmentFiness = finess, Detail = "" },
                _ => new SoftwareClient { Id = line, Name = line, From = today, RegisteredAt = now, PublicKey = [1], Scope = { new SoftwareScope { ClientId = line, EstablishmentFiness = finess } } },
            });
            return db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        return (line, null);
    }

    private async Task<string?> TokenAsync(string caller) => caller switch
    {
        "nobody" => null,
        "service" => (await host.Services.GetRequiredService<TokenMaker>().ForServiceAsync("rights", TestContext.Current.CancellationToken)).Value,
        _ => (await new TestAgent(host).SignInAsync(AuthorisationTests.CardOf[caller])).Token.Value,
    };
}
