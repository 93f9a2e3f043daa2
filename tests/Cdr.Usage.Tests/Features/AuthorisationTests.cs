using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Testing;
using Cdr.Testing.Identity;

namespace Cdr.Usage.Tests.Features;

public sealed class AuthorisationTests : HostTests
{
    public static TheoryData<string, string, HttpStatusCode> Matrix
    {
        get
        {
            string[] readers =
            [
                CdrRoles.Clerk, CdrRoles.Referent, CdrRoles.FunctionalCorrespondent, CdrRoles.GroupManager, CdrRoles.Operations, CdrRoles.DataProtection, CdrRoles.Administrator,
            ];
            var matrix = new TheoryData<string, string, HttpStatusCode>();
            foreach (var role in CdrRoles.All)
            {
                matrix.Add(role, "/api/usage/daily", readers.Contains(role) ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
                matrix.Add(role, "/openapi/usage.json", HttpStatusCode.OK);
                matrix.Add(role, "/health/ready", HttpStatusCode.OK);
            }

            matrix.Add("surgeon", "/api/usage/daily", HttpStatusCode.Forbidden);
            return matrix;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Each_role_is_answered_as_the_matrix_says(string role, string path, HttpStatusCode status)
    {
        var response = await Host.ClientOf(Token(role, "750100018", "ghu-paris")).GetAsync(path, Cancel);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public void The_matrix_names_every_endpoint_that_the_host_answers_to() => Assert.Equal(
        MappedEndpoints.Of(Host.Services),
        Matrix.Select(row => "GET " + row.Data.Item2).Where(path => path.Contains("/api/", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));

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
