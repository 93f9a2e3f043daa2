using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing.Identity;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace Cdr.Rights.Tests.Features;

/// <summary>What a resource says is asked, or refused: nothing of it is left out in silence.</summary>
public sealed class FhirReadingTests(FhirTests.Embedded embedded) : IClassFixture<FhirTests.Embedded>
{
    private const string Ins = "urn:oid:1.2.250.1.213.1.4.8";
    private const string Parent = """{"resourceType":"Patient","id":"p","identifier":[{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"2840575112901"}]}""";
    private const string Covered = """{"resourceType":"Coverage","id":"c","status":"active","beneficiary":{"reference":"#p"},"payor":[{"display":"x"}]}""";

    private RightsWorld World => embedded.World;

    /// <summary>What the request has beside a good one → the element that is named.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { """{"servicedPeriod":{"end":"2026-11-24"}}""", "CoverageEligibilityRequest.serviced.start" },
        { """{"_servicedDate":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}}""", "CoverageEligibilityRequest.serviced" },
        { """{"servicedPeriod":{"start":"2026-11"}}""", "CoverageEligibilityRequest.serviced.start" },
        { """{"extension":[{"url":"urn:cdr:fhir:care-kind","valueCode":"analyses"},{"url":"urn:cdr:fhir:prescription-date","valueDateTime":"2026-11-20"}]}""", "CoverageEligibilityRequest.extension('urn:cdr:fhir:prescription-date')" },
        { """{"extension":[{"url":"urn:cdr:fhir:reason","valueCoding":{"code":"emergency"}}]}""", "CoverageEligibilityRequest.extension('urn:cdr:fhir:reason')" },
        { """{"contained":[{"resourceType":"Patient","id":"p","extension":[{"url":"urn:cdr:fhir:birth-date","valueDate":"1984-05-12"}],"name":[{"family":"DUPONT","given":["Camille"]}]}],"patient":{"reference":"#p"}}""", "CoverageEligibilityRequest.contained[0].extension('urn:cdr:fhir:birth-date')" },
        { """{"insurer":{"identifier":{"system":"urn:other","value":"cnam"}}}""", "CoverageEligibilityRequest.insurer.identifier" },
        { """{"insurer":{"identifier":{"value":"cnam"}}}""", "CoverageEligibilityRequest.insurer.identifier" },
        { """{"contained":[{"resourceType":"Coverage","id":"c","status":"active","beneficiary":{"display":"x"},"payor":[{"display":"x"},{"identifier":{"system":"urn:other","value":"cnam"}}]}],"insurance":[{"coverage":{"reference":"#c"}}]}""", "CoverageEligibilityRequest.contained[0].payor[1].identifier" },
        { """{"modifierExtension":[{"url":"urn:other:not","valueBoolean":true}]}""", "CoverageEligibilityRequest.modifierExtension" },
        { """{"insurance":[{"modifierExtension":[{"url":"urn:other:not","valueBoolean":true}],"coverage":{"display":"x"}}]}""", "CoverageEligibilityRequest.insurance[0].modifierExtension" },
        { """{"contained":[{"resourceType":"Patient","id":"p","modifierExtension":[{"url":"urn:other:not","valueBoolean":true}],"identifier":[{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"2840575112901"}]}],"patient":{"reference":"#p"}}""", "CoverageEligibilityRequest.contained[0].modifierExtension" },
        { """{"implicitRules":"http://rules.test/other"}""", "CoverageEligibilityRequest.implicitRules" },
        { $$$"""{"contained":[{{{Parent}}},{{{Parent}}}],"patient":{"reference":"#p"}}""", "CoverageEligibilityRequest.patient" },
        { $$$"""{"contained":[{{{Parent}}},{{{Covered}}},{{{Covered}}}],"patient":{"reference":"#p"},"insurance":[{"coverage":{"reference":"#c"}}]}""", "CoverageEligibilityRequest.insurance[0].coverage" },
        { """{"insurer":{"reference":"Organization/1"}}""", "CoverageEligibilityRequest.insurer.reference" },
        { """{"contained":[{"resourceType":"Organization","id":"o","identifier":[{"system":"urn:other","value":"cnam"}]}],"insurer":{"reference":"#o"}}""", "CoverageEligibilityRequest.contained[0].identifier" },
        { """{"contained":[{"resourceType":"Organization","id":"o","identifier":[{"system":"urn:cdr:regime","value":"cnam"},{"system":"urn:cdr:regime","value":"msa"}]}],"insurer":{"reference":"#o"}}""", "CoverageEligibilityRequest.contained[0].identifier" },
        { """{"contained":[{"resourceType":"Organization","id":"o","name":"Cnam"},{"resourceType":"Organization","id":"o","name":"MSA"}],"insurer":{"reference":"#o"}}""", "CoverageEligibilityRequest.insurer" },
        { """{"contained":[{"resourceType":"Coverage","id":"c","status":"active","beneficiary":{"display":"x"},"payor":[{"display":"x"},{"reference":"Organization/1"}]}],"insurance":[{"coverage":{"reference":"#c"}}]}""", "CoverageEligibilityRequest.contained[0].payor[1].reference" },
        { """{"contained":[{"resourceType":"Patient","id":"p","name":[{"family":"DUPONT","given":["Camille"]}]},{"resourceType":"Coverage","id":"c","status":"active","subscriberId":"2840575112901","beneficiary":{"reference":"#p"},"payor":[{"display":"x"}]}],"patient":{"reference":"#p"},"insurance":[{"coverage":{"reference":"#c"}}]}""", "CoverageEligibilityRequest.contained[0].birthDate" },
        { """{"contained":[{"resourceType":"Coverage","id":"c","status":"active","subscriberId":"2840575112901","beneficiary":{"display":"x"},"payor":[{"display":"x"}]}],"patient":{"identifier":{"system":"urn:hospital:patient","value":"17"}},"insurance":[{"coverage":{"reference":"#c"}}]}""", "CoverageEligibilityRequest.patient" },
        { """{"insurance":[{"coverage":{"reference":"Coverage/1"}}]}""", "CoverageEligibilityRequest.insurance[0].coverage.reference" },
        { $$$"""{"contained":[{{{Covered}}}],"insurance":[{"coverage":{"reference":"#c"}},{"coverage":{"reference":"#d"}}]}""", "CoverageEligibilityRequest.insurance[1].coverage.reference" },
        { """{"contained":[{"resourceType":"Coverage","id":"c","status":"active","subscriber":{"reference":"Patient/9"},"beneficiary":{"display":"x"},"payor":[{"display":"x"}]}],"insurance":[{"coverage":{"reference":"#c"}}]}""", "CoverageEligibilityRequest.contained[0].subscriber.reference" },
        { """{"name[DUPONT]":"x"}""", "CoverageEligibilityRequest.name" },
        { """{"name[2840575112901]":"x"}""", "CoverageEligibilityRequest.name" },
    };

    // The reader looks at the first character of a name. Found by ten minutes of damaged resources.
    [Theory]
    [InlineData("""{"resourceType":"CoverageEligibilityRequest","":1}""")]
    [InlineData("""{"resourceType":"CoverageEligibilityRequest","_":{}}""")]
    [InlineData("""{"resourceType":"Bundle","type":"batch","entry":[{"":"a"}]}""")]
    public void A_member_without_a_name_is_a_problem_of_what_was_sent(string body)
    {
        var (resource, problem) = Cdr.Rights.Features.SubmitEligibility.FhirBody.Parse(System.Text.Encoding.UTF8.GetBytes(body));

        Assert.Null(resource);
        Assert.NotEmpty(problem!.Issue);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async System.Threading.Tasks.Task What_cannot_be_read_is_named_and_nobody_is_asked(string beside, string element)
    {
        var before = World.Regimes.AllCalls;

        var (status, answer) = await SubmitAsync(beside);

        var outcome = Assert.IsType<OperationOutcome>(answer);
        Assert.Equal((HttpStatusCode.BadRequest, element), (status, Assert.Single(outcome.Issue[0].Expression)));
        Assert.All(["DUPONT", "2840575112901"], text => Assert.DoesNotContain(text, outcome.ToJson(), StringComparison.Ordinal));
        Assert.Equal(before, World.Regimes.AllCalls);
    }

    [Theory]
    [InlineData("2026-11-30T23:30:00Z", "75", "2026-12-01")]
    [InlineData("2026-12-01T00:30:00+02:00", "75", "2026-11-30")]
    [InlineData("2026-11-30T21:00:00.250Z", "974", "2026-12-01")]
    [InlineData("2026-11-30T23:30:00+01:00", "75", "2026-11-30")]
    [InlineData("2026-11-30", "974", "2026-11-30")]
    public async System.Threading.Tasks.Task The_care_day_is_the_one_of_the_establishment(string start, string department, string day)
    {
        var beside = new JsonObject { ["servicedPeriod"] = new JsonObject { ["start"] = start } };

        var (_, answer) = await SubmitAsync(beside.ToJsonString(), new TestCaller { Department = department });

        Assert.Equal(day, (Assert.IsType<CoverageEligibilityResponse>(answer).Serviced as Date)?.Value);
    }

    /// <summary>Every child has an own number (INS), by which its parent's regime may not know it.</summary>
    [Fact]
    public async System.Threading.Tasks.Task A_child_with_a_number_of_its_own_is_asked_by_the_number_of_its_coverage()
    {
        var family = World.Regimes.People.Case("twins");
        var list = await World.Host.AskAsync(new { nir = family.Nir, reason = "emergency" }).AnswerAsync();
        var child = list.Candidates.First(one => one.BirthDate != list.Candidates[0].BirthDate);
        var plain = await World.Host.AskAsync(new { nir = family.Nir, beneficiaryBirthDate = child.BirthDate, reason = "patient-absent" }).AnswerAsync();
        Assert.NotEqual(0, plain.Affiliations.Count + plain.Candidates.Count);

        var (_, answer) = await SubmitAsync(Family("1850699999901", family.Nir, child.BirthDate));

        var response = Assert.IsType<CoverageEligibilityResponse>(answer);
        Assert.Equal((plain.Affiliations.Count, plain.Candidates.Count), (response.Insurance.Count, response.Extension.Count(one => one.Url == "urn:cdr:fhir:candidate")));
    }

    [Fact]
    public async System.Threading.Tasks.Task A_number_that_the_coverage_repeats_or_that_nothing_completes_is_asked_alone()
    {
        var person = World.Regimes.People.Case("cnam");

        foreach (var beside in new[] { Family(person.Nir, person.Nir + Cdr.Domain.Nir.ComputeKey(person.Nir), "1901-01-01"), Family(person.Nir, World.Regimes.People.Case("msa").Nir, null) })
        {
            var (_, answer) = await SubmitAsync(beside);
            Assert.Equal("cnam", Assert.IsType<CoverageEligibilityResponse>(answer).Insurer?.Identifier?.Value);
        }
    }

    /// <summary>A number of the insured person and nothing of the patient names the insured person: who says that they are one is asked so.</summary>
    [Theory]
    [InlineData(""" "relationship":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/subscriber-relationship","code":"self"}]} """)]
    [InlineData(""" "subscriber":{"reference":"#p"} """)]
    public async System.Threading.Tasks.Task A_patient_who_is_the_insured_person_is_asked_by_the_number_of_the_coverage_alone(string isInsured)
    {
        var (_, answer) = await SubmitAsync($$$"""
            {
              "contained": [
                {"resourceType":"Patient","id":"p","name":[{"family":"Tout-Autre"}]},
                {"resourceType":"Coverage","id":"c","status":"active","subscriberId":"{{{World.Regimes.People.Case("msa").Nir}}}","beneficiary":{"reference":"#p"},{{{isInsured}}},"payor":[{"display":"x"}]}
              ],
              "patient": {"reference":"#p"},
              "insurance": [{"coverage":{"reference":"#c"}}]
            }
            """);

        Assert.Equal("msa", Assert.IsType<CoverageEligibilityResponse>(answer).Insurer?.Identifier?.Value);
    }

    [Theory]
    [InlineData(""" "contained":[{"resourceType":"Organization","id":"o","identifier":[{"system":"urn:hospital:payer","value":"17"},{"system":"urn:cdr:regime","value":"msa"}]}],"insurer":{"reference":"#o"} """, "2026-10-11")]
    [InlineData(""" "insurer":{"reference":"Organization/1","identifier":{"system":"urn:cdr:regime","value":"msa"}} """, "2026-10-12")]
    [InlineData(""" "contained":[{"resourceType":"Organization","id":"o","identifier":[{"system":"urn:cdr:regime","value":"msa"}]},{"resourceType":"Coverage","id":"c","status":"active","beneficiary":{"display":"x"},"payor":[{"reference":"#o"}]}],"insurance":[{"coverage":{"reference":"#c"}}] """, "2026-10-13")]
    public async System.Threading.Tasks.Task A_regime_that_is_named_by_an_organisation_sent_with_the_request_is_asked_alone(string insurer, string day)
    {
        var nir = World.Regimes.People.Case("msa").Nir;
        var before = (World.Regimes.AllCalls, World.Regimes.Calls("msa"));

        // Another day each time: nothing is kept of it.
        var (_, answer) = await SubmitAsync($$$"""{"patient":{"identifier":{"system":"{{{Ins}}}","value":"{{{nir}}}"}},"servicedDate":"{{{day}}}", {{{insurer}}} }""");

        Assert.Equal("msa", Assert.IsType<CoverageEligibilityResponse>(answer).Insurer?.Identifier?.Value);
        Assert.Equal((before.AllCalls + 1, before.Item2 + 1), (World.Regimes.AllCalls, World.Regimes.Calls("msa")));
    }

    private static string Family(string own, string subscriber, string? birthDate) => $$$"""
        {
          "contained": [
            {"resourceType":"Patient","id":"p","identifier":[{"system":"{{{Ins}}}","value":"{{{own}}}"}]{{{(birthDate is null ? "" : $",\"birthDate\":\"{birthDate}\"")}}}},
            {"resourceType":"Coverage","id":"c","status":"active","subscriberId":"{{{subscriber}}}","beneficiary":{"reference":"#p"},"payor":[{"display":"x"}]}
          ],
          "patient": {"reference":"#p"},
          "insurance": [{"coverage":{"reference":"#c"}}]
        }
        """;

    private async System.Threading.Tasks.Task<(HttpStatusCode Status, Resource Answer)> SubmitAsync(string beside, TestCaller? caller = null)
    {
        var sent = new JsonObject
        {
            ["resourceType"] = "CoverageEligibilityRequest",
            ["status"] = "active",
            ["purpose"] = new JsonArray("benefits"),
            ["created"] = "2026-11-25",
            ["insurer"] = new JsonObject { ["display"] = "Tous les régimes" },
            ["patient"] = new JsonObject { ["identifier"] = new JsonObject { ["system"] = Ins, ["value"] = World.Regimes.People.Case("cnam").Nir } },
        };
        foreach (var (name, value) in JsonNode.Parse(beside)!.AsObject())
            sent[name] = value?.DeepClone();
        using var request = World.Host.Request(HttpMethod.Post, "/fhir/CoverageEligibilityRequest/$submit", caller);
        request.Content = new StringContent(sent.ToJsonString(), Encoding.UTF8, "application/fhir+json");
        using var response = await World.Host.SendAsync(request);
        return (response.StatusCode, FhirJsonDeserializer.STRICT.DeserializeResource(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }
}
