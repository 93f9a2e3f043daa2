using System.Globalization;
using System.Text;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Cdr.Testing.Identity;

namespace Cdr.Rights.Tests.Features;

/// <summary>Role × endpoint × one's own establishment's consultation or file, or another's.</summary>
public sealed class EstablishmentMatrixTests(AuthorisationTests.Embedded embedded) : IClassFixture<AuthorisationTests.Embedded>
{
    private const string Seen = "seen";

    /// <summary>A list without it.</summary>
    private const string Hidden = "not in it";

    private const string Consultations = "GET /api/consultations";
    private const string Files = "GET /api/batches";

    private static readonly string[] Endpoints =
    [
        Consultations, "GET /api/consultations/{id}", "GET /fhir/CoverageEligibilityResponse/{id}", "POST /api/consultations/{id}/uses", "POST /api/consultations/{id}/statements", "GET /api/consultations/{id}/statements",
        Files, "GET /api/batches/{id}", "GET /api/batches/{id}/results", "POST /api/batches/{id}/uses", "POST /api/batches/{id}/cancellation",
    ];

    /// <summary>Authorised too, and nobody names what an establishment has: asking, the regimes and their own staff, what data protection and operations see of all, what services read.</summary>
    private static readonly string[] OfNone =
    [
        "POST /api/consultations", "POST /api/batches", "POST /fhir/CoverageEligibilityRequest/$submit", "GET /api/regimes", "GET /api/regimes/changes", "POST /api/regimes/{id}/changes", "GET /api/regimes/{id}/kept-answers",
        "GET /api/consultations/{id}/proof", "POST /api/persons/accesses", "GET /api/fishing/cases", "POST /api/fishing/cases/{id}/lift",
        "GET /internal/consultations/{id}/proof", "POST /internal/consultations/{id}/readings", "GET /internal/journals", "GET /internal/journals/{id}/batches",
    ];

    private RightsWorld World => embedded.World;

    [Fact]
    public async Task A_clerk_reaches_what_is_their_establishments_and_nobody_else_reaches_any()
    {
        var own = await MakeAsync(new TestCaller { Finess = "590991014" });
        var other = await MakeAsync(new TestCaller { Finess = "590991022" });
        List<string> wrong = [];
        foreach (var role in CdrRoles.All)
        {
            var caller = new TestCaller { Role = role, Finess = "590991014", Regime = role == CdrRoles.RegimeAgent ? "cnam" : null };
            foreach (var endpoint in Endpoints)
            {
                // Another's first: what one's own call changes is not theirs.
                var another = await AskAsync(caller, endpoint, other);
                var said = (await AskAsync(caller, endpoint, own), another);
                var expected = role != CdrRoles.Clerk ? ("403", "403") : (Seen, endpoint is Consultations or Files ? Hidden : "404");
                if (said != expected)
                    wrong.Add($"{role} {endpoint}: {said}, not {expected}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_endpoint_is_in_the_matrix_or_is_of_no_establishment() => Assert.Equal(
        // Open to everybody.
        MappedEndpoints.Of(World.Host.Services).Except(["GET /fhir/metadata", "GET /verify", "GET /verify/{code}", "POST /verify"]),
        Endpoints.Concat(OfNone).Order(StringComparer.Ordinal));

    private async Task<(Guid Consultation, Guid File)> MakeAsync(TestCaller caller)
    {
        var question = new { nir = World.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        var answer = await World.Host.AskAsync(question, caller).AnswerAsync();
        using var statement = await World.Host.SendAsync(World.Host.Request(HttpMethod.Post, $"/api/consultations/{answer.Id}/statements", caller));
        Assert.True(statement.IsSuccessStatusCode);
        var file = await World.Host.UploadAsync(Harness.Batches.Json([question]), caller: caller).ProgressAsync();
        await World.Host.EndedAsync(file, caller);
        return (answer.Id, file.Id);
    }

    private async Task<string> AskAsync(TestCaller caller, string endpoint, (Guid Consultation, Guid File) made)
    {
        var (method, path) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1]);
        var id = (path.StartsWith("/api/batches", StringComparison.Ordinal) ? made.File : made.Consultation).ToString();
        using var request = World.Host.Request(new HttpMethod(method), path.Replace("{id}", id, StringComparison.Ordinal), caller);
        if (path.EndsWith("/uses", StringComparison.Ordinal))
            request.Content = new StringContent("""{"use":"invoice"}""", Encoding.UTF8, "application/json");
        using var response = await World.Host.SendAsync(request);
        // A file that has ended is cancelled no more: that is said of one's own alone.
        if (!response.IsSuccessStatusCode && !(path.EndsWith("/cancellation", StringComparison.Ordinal) && (int)response.StatusCode == 409))
            return ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        return endpoint is not (Consultations or Files) || (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Contains(id, StringComparison.Ordinal) ? Seen : Hidden;
    }
}
