using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cdr.Contracts.Sessions;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Cdr.Testing.Identity;

namespace Cdr.Rights.Tests.Features;

/// <summary>Who may do what: every role, every endpoint.</summary>
public sealed partial class AuthorisationTests(AuthorisationTests.Embedded embedded) : IClassFixture<AuthorisationTests.Embedded>
{
    private const string Ask = "POST /api/consultations";
    private const string Absent = "/api/consultations/01a20000-0000-7000-8000-000000000000";

    private const string Proof = Absent + "/proof";
    private const string Use = "POST " + Absent + "/uses";
    private const string Made = Absent + "/statements";
    private const string Make = "POST " + Made;
    private const string Trace = "POST /api/persons/accesses";
    private const string Follow = "/api/regimes/changes";
    private const string Evict = "POST /api/regimes/cnam/changes";
    private const string Kept = "/api/regimes/cnam/kept-answers";

    private const string Cases = "/api/fishing/cases";
    private const string Lift = "POST /api/fishing/cases/01a20000-0000-7000-8000-000000000000/lift";

    private const string Submit = "POST /fhir/CoverageEligibilityRequest/$submit";
    private const string Eligibility = "/fhir/CoverageEligibilityResponse/01a20000-0000-7000-8000-000000000000";

    private const string Batches = "/api/batches";
    private const string Batch = Batches + "/01a20000-0000-7000-8000-000000000000";
    private const string Results = Batch + "/results";
    private const string Cancellation = "POST " + Batch + "/cancellation";
    private const string Upload = "POST " + Batches;
    private const string UseAll = "POST " + Batch + "/uses";

    private const string Readings = "POST /internal/consultations/01a20000-0000-7000-8000-000000000000/readings";

    private static readonly string[] Paths = [Ask, Upload, Batches, Batch, Results, Cancellation, Submit, Eligibility, "/api/consultations", Absent, "/api/regimes", Follow, Evict, Kept, Proof, Use, UseAll, Make, Made, Trace, Cases, Lift, Readings, "/internal/consultations/01a20000-0000-7000-8000-000000000000/proof", "/internal/journals", "/internal/journals/01a20000-0000-7000-8000-000000000000/batches?after=0&take=1"];

    private RightsWorld World => embedded.World;

    public static TheoryData<string, string, int> Matrix
    {
        get
        {
            var matrix = new TheoryData<string, string, int>();
            foreach (var role in CdrRoles.All.Append("surgeon"))
            {
                foreach (var path in Paths)
                {
                    matrix.Add(role, path, (path, role) switch
                    {
                        (Absent or Eligibility or Make or Made, CdrRoles.Clerk) => 404,
                        (Batch or Results or Cancellation, CdrRoles.Clerk) => 404,
                        (Ask or Submit or "/api/consultations" or Batches, CdrRoles.Clerk) => 200,
                        // Without a file.
                        (Upload, CdrRoles.Clerk) => 415,
                        ("/api/regimes" or Follow, not "surgeon") => 200,
                        // Of the regime's own staff alone, who ask for a day.
                        (Kept, CdrRoles.RegimeAgent) => 400,
                        (Proof, CdrRoles.DataProtection) => 404,
                        // Without a body.
                        (Use or UseAll, CdrRoles.Clerk) or (Trace, CdrRoles.DataProtection) => 400,
                        (Cases, CdrRoles.Operations or CdrRoles.DataProtection) => 200,
                        (Lift, CdrRoles.Operations) => 404,
                        _ => 403,
                    });
                }
            }

            return matrix;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Each_role_is_answered_as_the_matrix_says(string role, string path, int status) =>
        Assert.Equal(status, await StatusAsync(path, World.Tokens.Mint(new TestCaller { Role = role, Regime = role == CdrRoles.RegimeAgent ? "cnam" : null })));

    [Fact]
    public void The_matrix_names_every_endpoint_that_the_host_answers_to()
    {
        var tested = Paths.Select(path => path.StartsWith("POST ", StringComparison.Ordinal) ? path : "GET " + path.Split('?')[0])
            .Select(path => path.Replace("01a20000-0000-7000-8000-000000000000", "{id}", StringComparison.Ordinal).Replace("/cnam/", "/{id}/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        // What the FHIR door can do, and whether a statement is genuine, is said to everybody.
        Assert.Equal(MappedEndpoints.Of(World.Host.Services).Except(["GET /fhir/metadata", "GET /verify", "GET /verify/{code}", "POST /verify"]), tested);
    }

    [Fact]
    public async Task A_regimes_staff_reaches_their_own_regime_alone()
    {
        var token = World.Tokens.Mint(new TestCaller { Role = CdrRoles.RegimeAgent, Regime = "msa" });
        Assert.Equal(403, await StatusAsync(Kept, token));
        Assert.Equal(400, await StatusAsync(Kept.Replace("cnam", "msa", StringComparison.Ordinal), token));
        Assert.Equal(403, await StatusAsync(Evict, token));
    }

    [Fact]
    public async Task Another_establishments_consultation_is_as_unknown_as_none_and_in_no_list_of_ours()
    {
        var (own, other) = (World.Tokens.Mint(new TestCaller { Role = CdrRoles.Clerk, Finess = "590991014" }), World.Tokens.Mint(new TestCaller { Role = CdrRoles.Clerk, Finess = "974991014" }));
        using var question = World.Host.Question(new { nir = World.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" });
        question.Headers.Authorization = new AuthenticationHeaderValue("Bearer", own);
        using var answer = await World.Host.SendAsync(question);
        var id = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["id"]!.GetValue<string>();
        Assert.Equal(200, await StatusAsync("/api/consultations/" + id, own));
        Assert.Equal(404, await StatusAsync("/api/consultations/" + id, other));
        using var list = World.Host.Request(HttpMethod.Get, "/api/consultations");
        list.Headers.Authorization = new AuthenticationHeaderValue("Bearer", other);
        using var listed = await World.Host.SendAsync(list);
        Assert.DoesNotContain(id, await listed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>Refused in the same words as what does not exist, and nothing comes of it.</summary>
    [Theory]
    [InlineData("GET", "/api/consultations/{id}", 200)]
    [InlineData("GET", "/fhir/CoverageEligibilityResponse/{id}", 200)]
    [InlineData("POST", "/api/consultations/{id}/uses", 204)]
    [InlineData("POST", "/api/consultations/{id}/statements", 201)]
    public async Task Own_and_other_establishment(string method, string path, int status)
    {
        ArgumentNullException.ThrowIfNull(path);
        TestCaller ours = new() { Role = CdrRoles.Clerk, Finess = "590991014" }, theirs = ours with { Finess = "590991022" };
        var answer = await World.Host.AskAsync(new { nir = World.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }, ours).AnswerAsync();

        var refused = await SendAsync(answer.Id, theirs);
        Assert.Equal(404, refused.Status);
        Assert.Equal((refused.Status, refused.Said), await SendAsync(Guid.Parse("01a20000-0000-7000-8000-000000000000"), ours));
        Assert.Equal((1, 0, 0), (await CountAsync(RecordKind.Answered), await CountAsync(RecordKind.Read), await CountAsync(RecordKind.Used)));
        Assert.Equal(status, (await SendAsync(answer.Id, ours)).Status);

        Task<int> CountAsync(RecordKind kind) => World.Host.CountAsync(answer.Id, kind);

        async Task<(int Status, string Said)> SendAsync(Guid id, TestCaller caller)
        {
            using var request = World.Host.Request(new HttpMethod(method), path.Replace("{id}", id.ToString(), StringComparison.Ordinal), caller);
            if (path.EndsWith("/uses", StringComparison.Ordinal))
                request.Content = new StringContent("""{"use":"invoice"}""", Encoding.UTF8, "application/json");
            using var response = await World.Host.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            // Nothing that tells one from the other, but the number of the request itself.
            return ((int)response.StatusCode, TraceId().Replace(body.Replace(id.ToString(), "{id}", StringComparison.Ordinal), ""));
        }
    }

    [Theory]
    [InlineData("usage", 200)]
    [InlineData("support", 200)]
    [InlineData("local", 200)]
    [InlineData("portal", 403)]
    [InlineData("edge-agent", 403)]
    public async Task Only_services_that_count_read_the_journal_and_no_service_asks(string service, int status)
    {
        var token = World.Tokens.ServiceToken(service).Value;

        Assert.Equal(status, await StatusAsync("/internal/journals", token));
        Assert.Equal(status, await StatusAsync(Paths[^1], token));
        Assert.Equal(status == 200 ? 404 : status, await StatusAsync(Paths[^3], token));
        // Without a body. Who counts shows nothing to anybody.
        Assert.Equal(service is "support" or "local" ? 400 : 403, await StatusAsync(Readings, token));
        Assert.All([Ask, Upload, Batches, Batch, Results, Cancellation, Submit, Eligibility, "/api/consultations", Absent, "/api/regimes", Follow, Evict, Kept, Proof, Use, UseAll, Make, Made, Trace], path => Assert.Equal(403, StatusAsync(path, token).GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task A_hospitals_software_asks_as_a_clerk_without_a_card_until_its_session_is_ended()
    {
        var software = new TestCaller { Kind = SubjectKinds.Software, Subject = "human-1" };
        var token = World.Tokens.Mint(software);
        string[] paths = [Ask, Submit, "/api/consultations", "/api/regimes"];
        Assert.All(paths, path => Assert.Equal(200, StatusAsync(path, token).GetAwaiter().GetResult()));
        // The word of Sessions is kept for a second; another session's was never asked for.
        var withdrawn = software with { Session = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()) };
        World.Tokens.End(withdrawn.Session!.Value, "revoked");
        Assert.All(paths, path => Assert.Equal(401, StatusAsync(path, World.Tokens.Mint(withdrawn)).GetAwaiter().GetResult()));
        // Nothing that Sessions makes: there would be nothing to end.
        Assert.Equal(401, await StatusAsync(Ask, World.Tokens.Mint(software with { Session = null })));
    }

    [Fact]
    public async Task Whoever_is_not_proven_is_not_signed_in()
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var good = World.Tokens.Mint(new TestCaller());
        Dictionary<string, string?> tokens = new()
        {
            ["none at all"] = null,
            ["another audience"] = World.Tokens.Mint(new TestCaller { Audience = "elsewhere" }),
            ["another issuer"] = World.Tokens.Mint(new TestCaller { Issuer = "somebody" }),
            ["expired"] = World.Tokens.Mint(new TestCaller { Age = TimeSpan.FromMinutes(10) }),
            ["not yet good"] = World.Tokens.Mint(new TestCaller { Age = TimeSpan.FromMinutes(-10) }),
            ["a foreign key"] = World.Tokens.Mint(new TestCaller { ForeignKey = foreign }),
            ["algorithm none"] = Unsigned(good),
            ["a changed signature"] = good[..^4] + (good[^4..] == "AAAA" ? "BBBB" : "AAAA"),
            ["no token"] = "Lavandier",
        };

        foreach (var (what, token) in tokens)
        {
            foreach (var path in Paths)
                Assert.True(await StatusAsync(path, token) == 401, $"{what}: {path}");
        }
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/rights.json")]
    [InlineData("/fhir/metadata")]
    [InlineData("/verify")]
    [InlineData("/verify/7K2QM-0X4TB-9FRWC-H5N8V-E3JD6")]
    public async Task What_says_nothing_of_anybody_is_open(string path) => Assert.Equal(200, await StatusAsync(path, null));

    [GeneratedRegex("\"traceId\":\"[^\"]*\"")]
    private static partial Regex TraceId();

    private static string Unsigned(string token)
    {
        var header = Convert.ToBase64String(Encoding.UTF8.GetBytes(new JsonObject { ["alg"] = "none", ["typ"] = "at+jwt" }.ToJsonString())).TrimEnd('=');
        return $"{header}.{token.Split('.')[1]}.";
    }

    private async Task<int> StatusAsync(string path, string? token)
    {
        using var request = path == Ask
            ? World.Host.Question(new { nir = World.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" })
            : path.StartsWith("POST ", StringComparison.Ordinal)
                ? World.Host.Request(HttpMethod.Post, path["POST ".Length..])
                : World.Host.Request(HttpMethod.Get, path);
        if (path == Submit)
            request.Content = new StringContent(
                $$$$$"""{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["validation"],"created":"2026-11-25","insurer":{"identifier":{"system":"urn:cdr:regime","value":"cnam"}},"patient":{"identifier":{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"{{{{{World.Regimes.People.Case("cnam").Nir}}}}}"}}}""",
                Encoding.UTF8, "application/fhir+json");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        // What is followed never ends.
        using var response = await World.Host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        if ((int)response.StatusCode >= 400)
            Assert.Contains(response.Content.Headers.ContentType?.MediaType, path is Submit or Eligibility ? ["application/problem+json", "application/fhir+json"] : new[] { "application/problem+json" });
        return (int)response.StatusCode;
    }

    /// <summary>One host for the whole matrix.</summary>
    public sealed class Embedded : IAsyncLifetime
    {
        internal RightsWorld World { get; private set; } = null!;

        public async ValueTask InitializeAsync() => World = await RightsWorld.StartAsync();

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
