using System.Net;
using System.Text;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Tests.Harness;
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
        { """{"resourceType":"Patient"}""", "Patient" },
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
            Serviced = new Period { Start = "2026-11-20", End = "2026-11-24" },
            Created = "2026-11-25",
            Insurer = new ResourceReference { Display = "MSA" },
            Insurance = [new CoverageEligibilityRequest.InsuranceComponent { Focal = true, Coverage = new ResourceReference("#c") }],
        };
        Valid(asked);
        var before = World.Regimes.AllCalls;

        var (_, answer) = await SubmitAsync(asked.ToJson());

        var response = Assert.IsType<CoverageEligibilityResponse>(answer);
        Valid(response);
        Assert.Equal((id.ToString(), "CoverageEligibilityRequest/demande-1", "2026-11-20"), (response.Id, response.Request?.Reference, (response.Serviced as Date)?.Value));
        Assert.Equal(before + 1, World.Regimes.AllCalls);
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
        Assert.Equal("CoverageEligibilityRequest.patient.identifier", Assert.Single(refused.Outcome!.Issue[0].Expression));
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

        var response = Assert.IsType<CoverageEligibilityResponse>((await SubmitAsync(asked.ToJson())).Answer);

        Valid(response);
        Assert.Equal(plain.Affiliations.Select(a => a.BaseRights.State == RightState.Undetermined ? (bool?)null : a.BaseRights.State == RightState.Open), response.Insurance.Select(i => i.Inforce));
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
    public async System.Threading.Tasks.Task Somebody_is_picked_from_a_list()
    {
        var twin = World.Regimes.People.Case("twins");
        var asked = Minimal(twin.Nir);

        var list = Assert.IsType<CoverageEligibilityResponse>((await SubmitAsync(asked.ToJson())).Answer);

        Valid(list);
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
    }

    private static CoverageEligibilityRequest Minimal(string nir) => new()
    {
        Status = FinancialResourceStatusCodes.Active,
        Purpose = [Purpose.Benefits],
        Patient = new ResourceReference { Identifier = new Identifier(Nir, nir) },
        Created = "2026-11-25",
        Insurer = new ResourceReference { Display = "Tous les régimes" },
    };

    private async System.Threading.Tasks.Task<(HttpStatusCode Status, Resource Answer)> SubmitAsync(string sent, RightsWorld? world = null)
    {
        var host = (world ?? World).Host;
        var request = host.Request(HttpMethod.Post, "/fhir/CoverageEligibilityRequest/$submit");
        request.Content = new StringContent(sent, Encoding.UTF8, "application/fhir+json");
        using var response = await host.SendAsync(request);
        Assert.Equal("application/fhir+json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
    }

    private static Resource Parse(byte[] body) => FhirJsonDeserializer.STRICT.DeserializeResource(Encoding.UTF8.GetString(body));

    private static void Valid(Resource resource) =>
        Assert.DoesNotContain(Definitions.Validator.Validate(resource).Issue, issue => issue.Severity is OperationOutcome.IssueSeverity.Error or OperationOutcome.IssueSeverity.Fatal);

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
