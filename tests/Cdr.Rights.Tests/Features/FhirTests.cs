using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Features.SubmitEligibility;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing.Identity;
using Firely.Fhir.Validation;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Specification.Source;
using Hl7.Fhir.Specification.Terminology;
using Purpose = Hl7.Fhir.Model.CoverageEligibilityRequest.EligibilityRequestPurpose;

namespace Cdr.Rights.Tests.Features;

/// <summary>The question in FHIR R4, asked as somebody who has the specification and Firely alone would.</summary>
public sealed class FhirTests(FhirTests.Embedded embedded) : IClassFixture<FhirTests.Embedded>
{
    private const string Nir = "urn:oid:1.2.250.1.213.1.4.8";

    private RightsWorld World => embedded.World;

    public static TheoryData<string, string> Malformed => new()
    {
        // What is sent → the element that is named.
        { """{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"2026-13-45"}""", "CoverageEligibilityRequest.created" },
        { """{"resourceType":"CoverageEligibilityRequest","status":"lively","purpose":["benefits"]}""", "CoverageEligibilityRequest.status" },
        { """{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"lavandier":"Camille"}""", "CoverageEligibilityRequest" },
        { """{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"}}""", "CoverageEligibilityRequest.patient" },
        { """{"resourceType":"CoverageEligibilityRequest","status":"draft","purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"},"patient":{"identifier":{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"2840575112901"}}}""", "CoverageEligibilityRequest.status" },
        { """{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["auth-requirements"],"created":"2026-11-25","insurer":{"display":"x"},"patient":{"identifier":{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"2840575112901"}}}""", "CoverageEligibilityRequest.purpose" },
        { """{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"},"patient":{"reference":"Patient/1"}}""", "CoverageEligibilityRequest.patient" },
        { """{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"},"patient":{"identifier":{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"284057511290155"}}}""", "CoverageEligibilityRequest.patient.identifier" },
        { """{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"2026-11-25","servicedDate":"2999-01-01","insurer":{"display":"x"},"patient":{"identifier":{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"2840575112901"}}}""", "CoverageEligibilityRequest.serviced" },
        { """{"resourceType":"CoverageEligibilityRequest","status":"active","contained":[{"resourceType":"Patient","id":"p","name":[{"given":["Camille"]}],"birthDate":"1984-05-12"}],"purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"},"patient":{"reference":"#p"}}""", "CoverageEligibilityRequest.contained[0].name.family" },
        { """{"resourceType":"CoverageEligibilityRequest","status":"active","contained":[{"resourceType":"Patient","id":"p","name":[{"family":"Lavandier","given":["Camille"]}],"birthDate":"2084-05-12"}],"purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"},"patient":{"reference":"#p"}}""", "CoverageEligibilityRequest.contained[0].birthDate" },
        { """{"resourceType":"Patient"}""", "Patient" },
        { """{"resourceType":"Lavandier","a":1}""", "Resource" },
        { """{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"CoverageEligibilityRequest","status":"lively","purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"},"patient":{"display":"x"}}}]}""", "Parameters.parameter[0].resource.status" },
        { """{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Patient","id":"p"}}]}""", "Parameters" },
        { """{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"},"patient":{"identifier":{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"2840575112901"}}}},{"name":"resource","resource":{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"},"patient":{"identifier":{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"1800569123001"}}}}]}""", "Parameters" },
        { """{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:1c0d3a4e-0000-4000-8000-000000000001","resource":{"resourceType":"Patient","id":"p","birthDate":"jadis"}}]}""", "Bundle.entry[0].resource.birthDate" },
        { """{"resourceType":"CoverageEligibilityRequest","status":"active","contained":[{"resourceType":"Patient","id":"p","birthDate":"1984-05-12"},{"resourceType":"Coverage","id":"c","status":"active","subscriberId":"284057511290155","beneficiary":{"reference":"#p"},"payor":[{"display":"x"}]}],"purpose":["validation"],"created":"2026-11-25","insurer":{"display":"x"},"patient":{"reference":"#p"},"insurance":[{"coverage":{"reference":"#c"}}]}""", "CoverageEligibilityRequest.contained[1].subscriberId" },
        { """{"resourceType":"CoverageEligibilityRequest","extension":[{"url":"urn:cdr:fhir:reason","valueCode":"lavandier"}],"status":"active","purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"},"patient":{"identifier":{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"2840575112901"}}}""", "CoverageEligibilityRequest.extension('urn:cdr:fhir:reason')" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async System.Threading.Tasks.Task A_malformed_resource_gets_an_outcome_that_names_the_element_and_repeats_nothing(string sent, string element)
    {
        var before = World.Regimes.AllCalls;

        var (status, answer) = await SubmitAsync(sent);

        var outcome = Assert.IsType<OperationOutcome>(answer);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(element, Assert.Single(outcome.Issue[0].Expression));
        Assert.All(["Lavandier", "lavandier", "Camille", "28405751129"], text => Assert.DoesNotContain(text, outcome.ToJson(), StringComparison.Ordinal));
        Valid(outcome);
        Assert.Equal(before, World.Regimes.AllCalls);
    }

    /// <summary>What R4 wants of each request, and Firely's reader tells of the resource as a whole.</summary>
    [Theory]
    [InlineData("status")]
    [InlineData("purpose")]
    [InlineData("patient")]
    [InlineData("created")]
    [InlineData("insurer")]
    public async System.Threading.Tasks.Task An_element_that_is_missing_is_named(string element)
    {
        var request = JsonNode.Parse(Minimal(World.Regimes.People.Case("cnam").Nir).ToJson())!.AsObject();
        Assert.True(request.Remove(element));
        var parameters = new JsonObject
        {
            ["resourceType"] = "Parameters",
            ["parameter"] = new JsonArray(new JsonObject { ["name"] = "resource", ["resource"] = request.DeepClone() }),
        };
        foreach (var (sent, path) in new[] { (request, "CoverageEligibilityRequest"), (parameters, "Parameters.parameter[0].resource") })
        {
            var (status, answer) = await SubmitAsync(sent.ToJsonString());

            var outcome = Assert.IsType<OperationOutcome>(answer);
            Valid(outcome);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.True(outcome.Issue.Exists(issue => issue.Expression.Contains($"{path}.{element}")), outcome.ToJson());
            Assert.DoesNotContain("Un élément n'est pas conforme", outcome.Issue.Find(issue => issue.Expression.Contains($"{path}.{element}"))!.Details!.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "/fhir/CoverageEligibilityResponse/019aa000-0000-7000-8000-000000000001", "clerk", 404, OperationOutcome.IssueType.NotFound, "consultation-not-found")]
    [InlineData("GET", "/fhir/CoverageEligibilityResponse/lavandier", "clerk", 404, OperationOutcome.IssueType.NotFound, "not-found")]
    [InlineData("GET", "/fhir/Patient/lavandier", "clerk", 404, OperationOutcome.IssueType.NotFound, "not-found")]
    [InlineData("GET", "/fhir", "clerk", 404, OperationOutcome.IssueType.NotFound, "not-found")]
    [InlineData("DELETE", "/fhir/metadata", "clerk", 405, OperationOutcome.IssueType.NotSupported, "method-not-allowed")]
    [InlineData("POST", "/fhir/CoverageEligibilityRequest/$submit", null, 401, OperationOutcome.IssueType.Login, "not-signed-in")]
    [InlineData("GET", "/fhir/CoverageEligibilityResponse/019aa000-0000-7000-8000-000000000001", null, 401, OperationOutcome.IssueType.Login, "not-signed-in")]
    [InlineData("GET", "/fhir/Patient/lavandier", null, 401, OperationOutcome.IssueType.Login, "not-signed-in")]
    [InlineData("POST", "/fhir/CoverageEligibilityRequest/$submit", "hotline", 403, OperationOutcome.IssueType.Forbidden, "not-allowed")]
    public async System.Threading.Tasks.Task What_is_refused_before_it_is_read_is_an_outcome_too(string method, string path, string? role, int status, OperationOutcome.IssueType type, string code)
    {
        foreach (var accept in new[] { null, "application/fhir+json", "*/*" })
        {
            using var request = World.Host.Request(new HttpMethod(method), path, role is null ? null : new TestCaller { Role = role });
            if (role is null)
                request.Headers.Authorization = null;
            if (accept is not null)
                request.Headers.Add("Accept", accept);

            using var response = await World.Host.SendAsync(request);

            Assert.Equal($"{accept} {status} application/fhir+json", $"{accept} {(int)response.StatusCode} {response.Content.Headers.ContentType?.MediaType}");
            var outcome = Assert.IsType<OperationOutcome>(Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
            Valid(outcome);
            Assert.Equal((type, code), (Assert.Single(outcome.Issue).Code, outcome.Issue[0].Details!.Coding[0].Code));
            Assert.DoesNotContain("lavandier", outcome.ToJson(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(500, OperationOutcome.IssueType.Exception, "Appelez. Identifiant de trace\u00a0: 0af7651916cd43dd.")]
    [InlineData(503, OperationOutcome.IssueType.Transient, "Appelez.")]
    public void What_failed_is_not_sent_again_and_gives_what_the_hotline_asks_for(int status, OperationOutcome.IssueType type, string diagnostics)
    {
        var details = new Microsoft.AspNetCore.Mvc.ProblemDetails { Title = "Non.", Detail = "Appelez.", Extensions = { ["code"] = "unexpected", ["traceId"] = "0af7651916cd43dd" } };

        var issue = Assert.Single(FhirBody.Outcome(details, status, new Dictionary<string, string>()).Issue);

        Assert.Equal((type, diagnostics), (issue.Code, issue.Diagnostics));
    }

    [Fact]
    public async System.Threading.Tasks.Task Beside_FHIR_a_refusal_is_a_problem_as_everywhere()
    {
        foreach (var path in new[] { "/fhirs/metadata", "/api/nothing" })
        {
            using var response = await World.Host.GetAsync(path);
            Assert.Equal((404, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        }
    }

    [Theory]
    [InlineData("", "application/fhir+json", 400)]
    [InlineData("[]", "application/fhir+json", 400)]
    [InlineData("Lavandier", "application/fhir+json", 400)]
    [InlineData("{\"resourceType\":\"Resource\",\"id\":\"p\"}", "application/fhir+json", 400)]
    [InlineData("{\"resourceType\":\"CoverageEligibilityRequest\",\"contained\":{\"resourceType\":\"Lavandier\"}}", "application/fhir+json", 400)]
    [InlineData("{\"resourceType\":\"Patient\",\"id\":\"p\"}{}", "application/fhir+json", 400)]
    [InlineData("<CoverageEligibilityRequest/>", "application/fhir+xml", 415)]
    public async System.Threading.Tasks.Task What_is_no_resource_in_JSON_is_refused_with_an_outcome(string sent, string type, int status)
    {
        var (answered, answer) = await SubmitAsync(sent, type: type);

        Assert.Equal(status, (int)answered);
        Valid(Assert.IsType<OperationOutcome>(answer));
    }

    [Fact]
    public async System.Threading.Tasks.Task A_minimal_request_is_answered_by_a_valid_resource()
    {
        var asked = Minimal(World.Regimes.People.Case("cnam").Nir);
        Valid(asked);

        var (status, answer) = await SubmitAsync(asked.ToJson());

        Assert.Equal(HttpStatusCode.OK, status);
        var response = Assert.IsType<CoverageEligibilityResponse>(answer);
        Valid(response);
        Assert.Equal(ClaimProcessingCodes.Complete, response.Outcome);
        var insurance = Assert.Single(response.Insurance);
        Assert.True(insurance.Inforce);
        Assert.Equal("cnam", response.Insurer?.Identifier?.Value);
        Assert.Contains(insurance.Item, item => item.Category?.Coding[0].Code == "base-rights" && item.Excluded == false);
        Assert.IsType<Coverage>(response.Contained.Find(one => "#" + one.Id == insurance.Coverage.Reference));
    }

    [Fact]
    public async System.Threading.Tasks.Task A_complete_request_asks_exactly_what_it_says()
    {
        var person = World.Regimes.People.Case("msa");
        var id = Records.NewId();
        var asked = new CoverageEligibilityRequest
        {
            Id = "demande-1",
            Identifier = [new Identifier("urn:ietf:rfc:3986", "urn:uuid:" + id)],
            Extension =
            [
                new Extension("urn:cdr:fhir:reason", new Code("emergency")),
                new Extension("urn:cdr:fhir:care-kind", new Code("stay")),
            ],
            Contained =
            [
                new Patient { Id = "p", Identifier = [new Identifier(Nir, person.Nir)], Name = [new HumanName { Family = "Tout-Autre", Given = ["Nom"] }] },
                new Coverage { Id = "c", Status = FinancialResourceStatusCodes.Active, Beneficiary = new ResourceReference("#p"), Payor = [new ResourceReference { Identifier = new Identifier("urn:cdr:regime", "msa") }] },
            ],
            Status = FinancialResourceStatusCodes.Active,
            Purpose = [Purpose.Validation, Purpose.Benefits],
            Patient = new ResourceReference("#p"),
            Serviced = new Period { Start = "2026-11-20T14:30:00+01:00", End = "2026-11-24" },
            Created = "2026-11-25",
            Insurer = new ResourceReference { Display = "MSA" },
            Insurance = [new CoverageEligibilityRequest.InsuranceComponent { Focal = true, Coverage = new ResourceReference("#c") }],
        };
        Valid(asked);
        var before = World.Regimes.AllCalls;

        var (_, answer) = await SubmitAsync(asked.ToJson());

        var response = Assert.IsType<CoverageEligibilityResponse>(answer);
        Valid(response);
        Assert.Equal((id.ToString(), "urn:uuid:" + id, "2026-11-20"), (response.Id, response.Request?.Identifier?.Value, (response.Serviced as Date)?.Value));
        Assert.Equal("Tout-Autre", Assert.IsType<Patient>(response.Contained.Find(one => "#" + one.Id == response.Patient?.Reference)).Name[0].Family);
        Assert.Equal(before + 1, World.Regimes.AllCalls);
        // Sent again it is the same consultation; another question under its identifier is refused.
        var second = Assert.IsType<CoverageEligibilityResponse>((await SubmitAsync(asked.ToJson())).Answer);
        Assert.Equal((response.Created, before + 1), (second.Created, World.Regimes.AllCalls));
        Assert.Equal(1, await World.Host.CountAsync(id, RecordKind.Answered));
        asked.Serviced = new Date("2026-11-21");
        var (status, conflict) = await SubmitAsync(asked.ToJson());
        Assert.Equal((HttpStatusCode.Conflict, OperationOutcome.IssueType.Conflict), (status, Assert.IsType<OperationOutcome>(conflict).Issue[0].Code));
        using var read = await World.Host.GetAsync($"/api/consultations/{id}");
        var plain = Reading.Answer(await read.BytesAsync());
        Assert.Equal(("emergency", "stay"), (plain.Reason, plain.Reference!.Kind));
        Assert.Equal(plain.Affiliations[0].BaseRights.Sentence, response.Insurance[0].Item[0].Description);
        // Read again, it says the same.
        var again = Parse(await (await World.Host.GetAsync($"/fhir/CoverageEligibilityResponse/{id}")).BytesAsync());
        Assert.Equal(response.Insurance[0].Item.Select(i => i.Description), Assert.IsType<CoverageEligibilityResponse>(again).Insurance[0].Item.Select(i => i.Description));
        Valid(again);
    }

    [Fact]
    public async System.Threading.Tasks.Task A_client_written_with_Firely_alone_gets_an_answer()
    {
        using var http = new HttpClient { BaseAddress = new Uri(World.Host.Client.BaseAddress!, "/fhir/") };
        http.DefaultRequestHeaders.Authorization = World.Host.Request(HttpMethod.Get, "/").Headers.Authorization;
        using var client = new FhirClient(http.BaseAddress, http, new FhirClientSettings { PreferredFormat = ResourceFormat.Json, VerifyFhirVersion = true });

        var response = (CoverageEligibilityResponse)(await client.TypeOperationAsync<CoverageEligibilityRequest>(
            "submit", new Parameters { Parameter = [new Parameters.ParameterComponent { Name = "resource", Resource = Minimal(World.Regimes.People.Case("cnam").Nir) }] }))!;

        Assert.True(Assert.Single(response.Insurance).Inforce);
        var refused = await Assert.ThrowsAsync<FhirOperationException>(async () => await client.TypeOperationAsync<CoverageEligibilityRequest>(
            "submit", new Parameters { Parameter = [new Parameters.ParameterComponent { Name = "resource", Resource = Minimal("284057511290155") }] }));
        Assert.Equal("Parameters.parameter[0].resource.patient.identifier", Assert.Single(refused.Outcome!.Issue[0].Expression));
    }

    [Theory]
    [InlineData("cnam")]
    [InlineData("two-regimes")]
    [InlineData("ame")]
    [InlineData("c2s")]
    [InlineData("maternity")]
    [InlineData("invalidity")]
    [InlineData("moved")]
    public async System.Threading.Tasks.Task Whoever_is_asked_about_discovery_says_what_the_plain_answer_says(string person)
    {
        var nir = World.Regimes.People.Case(person).Nir;
        var plain = await World.Host.AskAsync(new { nir, reason = "patient-absent", exhaustive = true }).AnswerAsync();
        var asked = Minimal(nir);
        asked.Purpose = [Purpose.Discovery, Purpose.Benefits];
        // The regime that is already known of: discovery looks for the others too.
        asked.Insurer = new ResourceReference { Identifier = new Identifier(EligibilityNames.Regime, "cnam") };

        var response = Assert.IsType<CoverageEligibilityResponse>((await SubmitAsync(asked.ToJson())).Answer);

        Valid(response);
        Assert.Equal(plain.Affiliations.Select(InForce), response.Insurance.Select(i => i.Inforce));
        Assert.Equal(plain.Affiliations.Select(a => a.C2s.Sentence), response.Insurance.Select(i => i.Item.Single(one => one.Category?.Coding[0].Code == "c2s").Description));
        Assert.Equal(plain.Affiliations.SelectMany(a => a.Exemptions).Select(e => e.Sentence), response.Insurance.SelectMany(i => i.Item).Where(one => one.Category?.Coding[0].Code == "exemption").Select(one => one.Description));
    }

    [Fact]
    public async System.Threading.Tasks.Task A_silent_regime_is_an_error_of_a_partial_answer_and_no_absence()
    {
        await using var world = await RightsWorld.StartAsync();
        world.Regimes.Switches["msa"] = RegimeMode.Failing;
        var asked = Minimal("1850699999901");
        asked.Purpose = [Purpose.Discovery];

        var (_, answer) = await SubmitAsync(asked.ToJson(), world);

        var response = Assert.IsType<CoverageEligibilityResponse>(answer);
        Valid(response);
        Assert.Equal(ClaimProcessingCodes.Partial, response.Outcome);
        Assert.Empty(response.Insurance);
        Assert.Equal("msa", Assert.Single(response.Error).Code.Coding[1].Code);
    }

    [Fact]
    public async System.Threading.Tasks.Task An_open_right_beside_a_silent_regime_is_a_partial_answer()
    {
        await using var world = await RightsWorld.StartAsync();
        world.Regimes.Switches["msa"] = RegimeMode.Failing;
        var asked = Minimal(world.Regimes.People.Case("cnam").Nir);
        asked.Purpose = [Purpose.Discovery];

        var response = Assert.IsType<CoverageEligibilityResponse>((await SubmitAsync(asked.ToJson(), world)).Answer);

        Assert.True(Assert.Single(response.Insurance).Inforce);
        Assert.Equal(("msa", ClaimProcessingCodes.Partial), (Assert.Single(response.Error).Code.Coding[1].Code, response.Outcome));
    }

    [Fact]
    public async System.Threading.Tasks.Task Somebody_is_picked_from_a_list()
    {
        var twin = World.Regimes.People.Case("twins");
        var asked = Minimal(twin.Nir);

        var list = Assert.IsType<CoverageEligibilityResponse>((await SubmitAsync(asked.ToJson())).Answer);

        Valid(list);
        Assert.Equal(ClaimProcessingCodes.Partial, list.Outcome);
        var picked = (Patient)list.Contained.First(one => "#" + one.Id == (list.Extension.First(e => e.Url == "urn:cdr:fhir:candidate").Value as ResourceReference)?.Reference);
        asked.Patient = new ResourceReference { Identifier = picked.Identifier[0] };
        var response = Assert.IsType<CoverageEligibilityResponse>((await SubmitAsync(asked.ToJson())).Answer);
        Valid(response);
        Assert.True(Assert.Single(response.Insurance).Inforce);
    }

    [Fact]
    public async System.Threading.Tasks.Task What_it_can_do_is_said_in_a_valid_statement()
    {
        var statement = Assert.IsType<CapabilityStatement>(Parse(await World.Host.Client.GetByteArrayAsync("/fhir/metadata", TestContext.Current.CancellationToken)));

        Valid(statement);
        Assert.Equal(FHIRVersion.N4_0_1, statement.FhirVersion);
        // What it says changes with the program, and not with the hour at which it is asked.
        Assert.Equal(new DateTimeOffset(File.GetLastWriteTimeUtc(typeof(RightsModule).Assembly.Location), TimeSpan.Zero).ToUnixTimeSeconds(), statement.DateElement!.ToDateTimeOffset(TimeSpan.Zero).ToUnixTimeSeconds());
    }

    [Fact]
    public async System.Threading.Tasks.Task A_session_that_ended_gets_an_outcome_and_nothing_else()
    {
        await using var world = await RightsWorld.StartAsync();
        var caller = new TestCaller();
        world.Tokens.End(caller.Session!.Value, "card-withdrawn");
        foreach (var sent in new[] { Minimal(world.Regimes.People.Case("cnam").Nir).ToJson(), "[]" })
        {
            var (status, answer) = await SubmitAsync(sent, world, caller: caller);
            Assert.Equal((HttpStatusCode.Unauthorized, OperationOutcome.IssueType.Login), (status, Assert.IsType<OperationOutcome>(answer).Issue[0].Code));
        }

        Assert.Equal(0, world.Regimes.AllCalls);
    }

    /// <summary>A child by its parent's number: every element of the request, the coverage and the patients is filled.</summary>
    [Theory]
    [InlineData("http://hospital.test/fhir/Patient/enfant", "Patient/enfant")]
    [InlineData("urn:uuid:1c0d3a4e-0000-4000-8000-000000000001", "urn:uuid:1c0d3a4e-0000-4000-8000-000000000001")]
    public async System.Threading.Tasks.Task Complete_instances_of_a_bundle_are_asked_and_answered_validly(string fullUrl, string reference)
    {
        var family = World.Regimes.People.Case("twins");
        var list = await World.Host.AskAsync(new { nir = family.Nir, reason = "emergency" }).AnswerAsync();
        var child = list.Candidates.First(one => one.BirthDate != list.Candidates[0].BirthDate);
        var bundle = FhirInstances.CompleteBundle(family.Nir, child.BirthDate, fullUrl, reference);
        Valid(bundle);

        var response = Assert.IsType<CoverageEligibilityResponse>((await SubmitAsync(bundle.ToJson())).Answer);

        Valid(response);
        Assert.Equal(reference, response.Patient?.Reference);
        Assert.Equal(("http://hospital.test/demandes", "D-2026-1"), (response.Request?.Identifier?.System, response.Request?.Identifier?.Value));
        var plain = await World.Host.AskAsync(new { nir = family.Nir, beneficiaryBirthDate = child.BirthDate, reason = "patient-absent" }).AnswerAsync();
        Assert.Equal(plain.Affiliations.Select(InForce), response.Insurance.Select(one => one.Inforce));
        Assert.Equal(plain.Candidates.Count, response.Extension.Count(one => one.Url == "urn:cdr:fhir:candidate"));
        // What came back parses, and goes out again, whole.
        Assert.True(response.IsExactly(Parse(Encoding.UTF8.GetBytes(response.ToJson()))));
    }

    private static bool? InForce(Affiliation affiliation) =>
        affiliation.BaseRights.State == RightState.Open || affiliation.Ame.State == RightState.Open ? true
        : affiliation.BaseRights.State == RightState.Undetermined || affiliation.Ame.State == RightState.Undetermined ? null : false;

    private static CoverageEligibilityRequest Minimal(string nir) => new()
    {
        Status = FinancialResourceStatusCodes.Active,
        Purpose = [Purpose.Benefits],
        Patient = new ResourceReference { Identifier = new Identifier(Nir, nir) },
        Created = "2026-11-25",
        Insurer = new ResourceReference { Display = "Tous les régimes" },
    };

    private async System.Threading.Tasks.Task<(HttpStatusCode Status, Resource Answer)> SubmitAsync(string sent, RightsWorld? world = null, string type = "application/fhir+json", TestCaller? caller = null)
    {
        var host = (world ?? World).Host;
        var request = host.Request(HttpMethod.Post, "/fhir/CoverageEligibilityRequest/$submit", caller);
        request.Content = new StringContent(sent, Encoding.UTF8, type);
        using var response = await host.SendAsync(request);
        Assert.Equal("application/fhir+json", response.Content.Headers.ContentType?.MediaType);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var answer = Parse(body);
        // We write it ourselves: nothing in it is lost or otherwise where Firely writes what it read.
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse(answer.ToJson())), answer.ToJson());
        return (response.StatusCode, answer);
    }

    private static Resource Parse(byte[] body) => FhirJsonDeserializer.STRICT.DeserializeResource(Encoding.UTF8.GetString(body));

    /// <summary>By the R4 definitions.</summary>
    internal static void Valid(Resource resource) =>
        Assert.DoesNotContain(Definitions.Validator.Validate(resource).Issue, issue => issue.Severity is OperationOutcome.IssueSeverity.Error or OperationOutcome.IssueSeverity.Fatal);

    /// <summary>All that it refers to, wherever it stands.</summary>
    internal static IEnumerable<string> References(Resource resource) => System.Text.RegularExpressions.Regex.Matches(resource.ToJson(), "\"reference\":\"([^\"]+)\"").Select(match => match.Groups[1].Value);

    /// <summary>The R4 specification, read once.</summary>
    private static class Definitions
    {
        private static readonly CachedResolver Source = new(ZipSource.CreateValidationSource());

        public static readonly Validator Validator = new(Source, new LocalTerminologyService(Source));
    }

    public sealed class Embedded : IAsyncLifetime
    {
        internal RightsWorld World { get; private set; } = null!;

        public async ValueTask InitializeAsync() => World = await RightsWorld.StartAsync();

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
