using System.Net;
using System.Net.Http.Json;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Testing;
using Cdr.Testing.Identity;

namespace Cdr.Usage.Tests.Features;

public sealed class AuthorisationTests(SharedHost shared) : HostTests(shared), IClassFixture<SharedHost>
{
    private const string Campaign = "01900000-0000-7000-8000-000000000001";

    private static readonly string[] Steering = [CdrRoles.Operations, CdrRoles.Administrator];

    private static readonly string[] Followers =
        [CdrRoles.Operations, CdrRoles.Administrator, CdrRoles.DataProtection, CdrRoles.GroupManager, CdrRoles.Referent, CdrRoles.FunctionalCorrespondent];

    private static readonly string[] Readers =
    [
        CdrRoles.Clerk, CdrRoles.Referent, CdrRoles.FunctionalCorrespondent, CdrRoles.GroupManager, CdrRoles.Operations, CdrRoles.DataProtection, CdrRoles.Administrator,
    ];

    /// <summary>Who is let in, and what they are answered then.</summary>
    private static readonly (string Verb, string Path, string[] Roles, HttpStatusCode Status)[] Doors =
    [
        ("GET", "/api/usage/daily", Readers, HttpStatusCode.OK),
        ("GET", "/api/usage/series", Readers, HttpStatusCode.OK),
        ("GET", "/api/usage/breakdown?by=regime", Readers, HttpStatusCode.OK),
        ("GET", "/api/usage/summary", Readers, HttpStatusCode.OK),
        ("GET", "/api/usage/months", Readers, HttpStatusCode.OK),
        ("GET", "/api/usage/objectives", Readers, HttpStatusCode.OK),
        // A token of a regime's staff that names none is refused.
        ("GET", "/api/usage/regimes", [CdrRoles.Operations, CdrRoles.Administrator, CdrRoles.DataProtection], HttpStatusCode.OK),
        ("GET", "/api/usage/export", Readers, HttpStatusCode.OK),
        ("GET", "/api/usage/export.csv", Readers, HttpStatusCode.OK),
        ("GET", "/api/usage/campaigns", Followers, HttpStatusCode.OK),
        ("GET", "/api/usage/silent", Followers, HttpStatusCode.OK),
        ("GET", $"/api/usage/campaigns/{Campaign}/rates", Followers, HttpStatusCode.NotFound),
        ("GET", $"/api/usage/campaigns/{Campaign}/targets?phase=1", [CdrRoles.Operations, CdrRoles.Administrator, CdrRoles.DataProtection], HttpStatusCode.NotFound),
        ("POST", "/api/usage/campaigns", Steering, HttpStatusCode.BadRequest),
        ("POST", $"/api/usage/campaigns/{Campaign}/targets", Steering, HttpStatusCode.NotFound),
        ("POST", $"/api/usage/campaigns/{Campaign}/kit", Steering, HttpStatusCode.BadRequest),
        ("POST", $"/api/usage/campaigns/{Campaign}/meetings", Steering, HttpStatusCode.BadRequest),
        ("GET", "/openapi/usage.json", [.. CdrRoles.All, "surgeon"], HttpStatusCode.OK),
        ("GET", "/health/ready", [.. CdrRoles.All, "surgeon"], HttpStatusCode.OK),
    ];

    public static TheoryData<string, string, string, HttpStatusCode> Matrix
    {
        get
        {
            var matrix = new TheoryData<string, string, string, HttpStatusCode>();
            foreach (var (verb, path, roles, status) in Doors)
            {
                foreach (var role in CdrRoles.All.Append("surgeon"))
                    matrix.Add(role, verb, path, roles.Contains(role) ? status : HttpStatusCode.Forbidden);
            }

            return matrix;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Each_role_is_answered_as_the_matrix_says(string role, string verb, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        if (verb == "POST")
            request.Content = path.EndsWith("/targets", StringComparison.Ordinal) ? new StringContent("phase", Encoding.UTF8, "text/csv") : JsonContent.Create(new { });

        var response = await Host.ClientOf(Token(role, "750100018", "ghu-paris")).SendAsync(request, Cancel);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public void The_matrix_names_every_endpoint_that_the_host_answers_to() => Assert.Equal(
        MappedEndpoints.Of(Host.Services),
        Doors.Select(door => $"{door.Verb} {door.Path.Split('?')[0].Replace(Campaign, "{id}", StringComparison.Ordinal)}").Where(path => path.Contains("/api/", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public async Task Nobody_is_not_signed_in() => Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(null));

    [Fact]
    public async Task A_session_that_ended_must_sign_in_again() =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(EndedToken()));

    [Fact]
    public async Task A_service_is_nobody_here() =>
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(Token(CdrRoles.Operations, kind: SubjectKinds.Service)));

    [Fact]
    public async Task A_hospitals_software_sees_its_establishment() =>
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Token(CdrRoles.Clerk, "750100018", kind: SubjectKinds.Software)));

    private string EndedToken()
    {
        var caller = new TestCaller { Role = CdrRoles.Operations };
        Sessions.End(caller.Session!.Value);
        return Sessions.Mint(caller);
    }

    private async Task<HttpStatusCode> StatusAsync(string? token) => (await Host.ClientOf(token).GetAsync("/api/usage/daily", Cancel)).StatusCode;
}
