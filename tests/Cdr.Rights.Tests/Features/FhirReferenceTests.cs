using System.Net;
using System.Text;
using Cdr.Rights.Tests.Harness;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace Cdr.Rights.Tests.Features;

/// <summary>What a reference means is what R4 says: in the resource that it stands in, in the bundle, or nothing.</summary>
public sealed class FhirReferenceTests(FhirTests.Embedded embedded) : IClassFixture<FhirTests.Embedded>
{
    private const string Ins = "urn:oid:1.2.250.1.213.1.4.8";

    private RightsWorld World => embedded.World;

    /// <summary>« #p » in the coverage is the coverage's own: the parent, not the child that the request calls so.</summary>
    [Fact]
    public async System.Threading.Tasks.Task A_fragment_of_an_entry_names_what_that_entry_contains()
    {
        var family = World.Regimes.People.Case("twins");
        var list = await World.Host.AskAsync(new { nir = family.Nir, reason = "emergency" }).AnswerAsync();
        var child = list.Candidates.First(one => one.BirthDate != list.Candidates[0].BirthDate);
        var plain = await World.Host.AskAsync(new { nir = family.Nir, beneficiaryBirthDate = child.BirthDate, reason = "patient-absent" }).AnswerAsync();
        Assert.NotEqual(0, plain.Affiliations.Count + plain.Candidates.Count);

        var (_, answer) = await SubmitAsync(Bundle($$"""{"resourceType":"Patient","id":"p","birthDate":"{{child.BirthDate}}"}""", Parent(family.Nir), subscriberId: null));

        var response = Assert.IsType<CoverageEligibilityResponse>(answer);
        Assert.Equal((plain.Affiliations.Count, plain.Candidates.Count), (response.Insurance.Count, response.Extension.Count(one => one.Url == "urn:cdr:fhir:candidate")));
    }

    [Fact]
    public async System.Threading.Tasks.Task The_same_word_in_two_resources_is_not_the_same_person()
    {
        var before = World.Regimes.AllCalls;
        var nir = World.Regimes.People.Case("cnam").Nir;

        var (status, answer) = await SubmitAsync(Bundle("""{"resourceType":"Patient","id":"p","name":[{"family":"Enfant"}]}""", Parent(nir), nir));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("Bundle.entry[0].resource.contained[0].birthDate", Assert.Single(Assert.IsType<OperationOutcome>(answer).Issue[0].Expression));
        Assert.Equal(before, World.Regimes.AllCalls);
    }

    /// <summary>A coverage of one person says nothing of another.</summary>
    [Fact]
    public async System.Threading.Tasks.Task A_coverage_of_another_patient_is_refused()
    {
        var nir = World.Regimes.People.Case("cnam").Nir;

        var (status, answer) = await SubmitAsync($$$"""
            {
              "resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"},
              "contained":[
                {"resourceType":"Patient","id":"p","birthDate":"2015-06-09"},
                {"resourceType":"Patient","id":"q","birthDate":"2017-05-21"},
                {"resourceType":"Coverage","id":"c","status":"active","subscriberId":"{{{nir}}}","beneficiary":{"reference":"#q"},"payor":[{"display":"x"}]}
              ],
              "patient":{"reference":"#p"},"insurance":[{"coverage":{"reference":"#c"}}]
            }
            """);

        Assert.Equal((HttpStatusCode.BadRequest, "CoverageEligibilityRequest.contained[2].beneficiary"), (status, Assert.Single(Assert.IsType<OperationOutcome>(answer).Issue[0].Expression)));
    }

    /// <summary>R4 allows a subscriber that is no patient.</summary>
    [Fact]
    public async System.Threading.Tasks.Task A_subscriber_may_be_a_related_person()
    {
        var nir = World.Regimes.People.Case("msa").Nir;

        var (_, answer) = await SubmitAsync($$$"""
            {
              "resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"},
              "contained":[
                {"resourceType":"Patient","id":"p","birthDate":"1901-01-01"},
                {"resourceType":"RelatedPerson","id":"r","patient":{"reference":"#p"},"identifier":[{"system":"{{{Ins}}}","value":"{{{nir}}}"}]},
                {"resourceType":"Coverage","id":"c","status":"active","subscriber":{"reference":"#r"},"beneficiary":{"reference":"#p"},"payor":[{"display":"x"}]}
              ],
              "patient":{"reference":"#p"},"insurance":[{"coverage":{"reference":"#c"}}]
            }
            """);

        // The insured person is known, and nobody of that birth date.
        var response = Assert.IsType<CoverageEligibilityResponse>(answer);
        Assert.Equal("notFound", (response.Extension.First(one => one.Url == "urn:cdr:fhir:outcome").Value as Code)?.Value);
    }

    /// <summary>As R4 defines the operation: « resource » is a request, or a bundle with it and what it refers to.</summary>
    [Fact]
    public async System.Threading.Tasks.Task A_bundle_may_come_in_parameters()
    {
        var family = World.Regimes.People.Case("twins");
        var list = await World.Host.AskAsync(new { nir = family.Nir, reason = "emergency" }).AnswerAsync();
        var bundle = FhirInstances.CompleteBundle(family.Nir, list.Candidates[^1].BirthDate, "http://hospital.test/fhir/Patient/enfant", "Patient/enfant");
        var alone = Assert.IsType<CoverageEligibilityResponse>((await SubmitAsync(bundle.ToJson())).Answer);

        var response = Assert.IsType<CoverageEligibilityResponse>((await SubmitAsync(Within(bundle).ToJson())).Answer);

        Assert.Equal((alone.Insurance.Count, alone.Extension.Count, alone.Outcome), (response.Insurance.Count, response.Extension.Count, response.Outcome));
        // What is wrong in it is named where it stands.
        ((Patient)bundle.Entry[1].Resource!).BirthDate = "2084-05-12";
        var refused = Assert.IsType<OperationOutcome>((await SubmitAsync(Within(bundle).ToJson())).Answer);
        Assert.Equal("Parameters.parameter[0].resource.entry[1].resource.birthDate", Assert.Single(refused.Issue[0].Expression));
        bundle.ImplicitRules = "http://rules.test/other";
        refused = Assert.IsType<OperationOutcome>((await SubmitAsync(Within(bundle).ToJson())).Answer);
        Assert.Equal("Parameters.parameter[0].resource.implicitRules", Assert.Single(refused.Issue[0].Expression));

        static Parameters Within(Resource resource) => new() { Parameter = [new Parameters.ParameterComponent { Name = "resource", Resource = resource }] };
    }

    /// <summary>What comes back of the request points at nothing that does not come back.</summary>
    [Theory]
    [InlineData(""" "reference":"#p" """)]
    [InlineData(""" "identifier":{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"NIR","assigner":{"reference":"#org"}} """)]
    public async System.Threading.Tasks.Task A_valid_request_that_refers_to_what_it_contains_gets_a_valid_response(string patient)
    {
        var sent = $$$"""
            {
              "resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"},
              "identifier":[{"system":"http://hospital.test/demandes","value":"D-1","assigner":{"reference":"#org"}}],
              "contained":[
                {"resourceType":"Organization","id":"org","name":"Centre hospitalier"},
                {"resourceType":"Patient","id":"p","active":false,"link":[{"other":{"reference":"#p"},"type":"seealso"}],
                 "extension":[{"url":"urn:hospital:ward","valueReference":{"reference":"#org","display":"Urgences"}}],
                 "identifier":[{"system":"{{{Ins}}}","value":"NIR","assigner":{"reference":"#org"}}]}
              ],
              "patient":{ {{{patient}}} }
            }
            """.Replace("NIR", World.Regimes.People.Case("cnam").Nir, StringComparison.Ordinal);

        var response = Assert.IsType<CoverageEligibilityResponse>((await SubmitAsync(sent)).Answer);

        FhirTests.Valid(response);
        var contained = response.Contained.Select(one => "#" + one.Id).ToHashSet();
        Assert.All(FhirTests.References(response).Where(text => text.StartsWith('#')), text => Assert.Contains(text, contained));
        Assert.Equal("D-1", response.Request?.Identifier?.Value);
        if (response.Contained.Find(one => one.Id == "patient") is Patient back)
            Assert.Equal((false, "Urgences"), (back.Active, ((ResourceReference)back.Extension[0].Value!).Display));
    }

    /// <summary>Nothing is said of a patient that the caller did not say.</summary>
    [Fact]
    public async System.Threading.Tasks.Task A_patient_comes_back_as_active_as_they_were_sent()
    {
        var sent = $$$"""
            {
              "resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"},
              "contained":[{"resourceType":"Patient","id":"p","identifier":[{"system":"{{{Ins}}}","value":"{{{World.Regimes.People.Case("cnam").Nir}}}"}]}],
              "patient":{"reference":"#p"}
            }
            """;

        var response = Assert.IsType<CoverageEligibilityResponse>((await SubmitAsync(sent)).Answer);

        Assert.Null(Assert.IsType<Patient>(response.Contained.Find(one => one.Id == "patient")).Active);
        FhirTests.Valid(response);
    }

    private static string Parent(string nir) => $$"""{"resourceType":"Patient","id":"p","identifier":[{"system":"{{Ins}}","value":"{{nir}}"}]}""";

    /// <summary>A request and its coverage, each with a patient that it calls « p ».</summary>
    private static string Bundle(string patient, string subscriber, string? subscriberId) => $$$"""
        {
          "resourceType":"Bundle","type":"collection","entry":[
            {"fullUrl":"urn:uuid:1c0d3a4e-0000-4000-8000-000000000004","resource":{
              "resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"created":"2026-11-25","insurer":{"display":"x"},
              "contained":[{{{patient}}}],"patient":{"reference":"#p"},
              "insurance":[{"coverage":{"reference":"urn:uuid:1c0d3a4e-0000-4000-8000-000000000005"}}]}},
            {"fullUrl":"urn:uuid:1c0d3a4e-0000-4000-8000-000000000005","resource":{
              "resourceType":"Coverage","status":"active","contained":[{{{subscriber}}}],{{{(subscriberId is null ? "" : $"\"subscriberId\":\"{subscriberId}\",")}}}
              "subscriber":{"reference":"#p"},"beneficiary":{"display":"x"},"payor":[{"display":"x"}]}}
          ]
        }
        """;

    private async System.Threading.Tasks.Task<(HttpStatusCode Status, Resource Answer)> SubmitAsync(string sent)
    {
        using var request = World.Host.Request(HttpMethod.Post, "/fhir/CoverageEligibilityRequest/$submit");
        request.Content = new StringContent(sent, Encoding.UTF8, "application/fhir+json");
        using var response = await World.Host.SendAsync(request);
        return (response.StatusCode, FhirJsonDeserializer.STRICT.DeserializeResource(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }
}
