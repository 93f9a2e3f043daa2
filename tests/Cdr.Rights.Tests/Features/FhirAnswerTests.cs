using System.Text;
using Cdr.Contracts.Rights;
using Cdr.Rights.Features.SubmitEligibility;
using Cdr.Rights.Tests.Statements;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace Cdr.Rights.Tests.Features;

/// <summary>Answers that a machine could take for more than they say.</summary>
public sealed class FhirAnswerTests
{
    private static readonly Affiliation Open = Answers.File("Cnam");
    private static readonly Affiliation OfAnother = Answers.File("MSA") is var file ? file with { Beneficiary = file.Beneficiary with { BirthDate = "2015-06-09" } } : null!;
    private static readonly Candidate ToPick = new() { Reference = "c", Regime = "msa", FamilyName = "Lefèvre", GivenName = "Noé", BirthDate = "2017-05-21" };

    /// <summary>The platform itself makes no statement of them: whose is in force, nobody can say.</summary>
    [Fact]
    public void Files_that_may_be_of_several_persons_are_partial_and_nobodys_is_in_force()
    {
        ConsultationAnswer[] answers =
        [
            Answers.Of(Open, OfAnother),
            Answers.Of(Open, Closed(OfAnother)),
            Answers.Of(Closed(Open), Closed(OfAnother)) with { Outcome = ConsultationOutcome.Found },
            Answers.Of(Open) with { Outcome = ConsultationOutcome.Candidates, Candidates = [ToPick] },
            Answers.Of(Open, Open) with { Candidates = [ToPick] },
            Answers.Of(Open, Open with { Insured = Open.Insured with { Nir = "1850699999901" } }),
        ];

        Assert.All(answers, answer =>
        {
            Assert.False(answer.IsOfOnePerson());
            var response = Written(answer);
            Assert.Equal((ClaimProcessingCodes.Partial, answer.Affiliations.Count), (response.Outcome, response.Insurance.Count));
            Assert.All(response.Insurance, insurance => Assert.Null(insurance.Inforce));
        });
    }

    [Fact]
    public void Two_files_of_one_person_are_complete_and_in_force()
    {
        var response = Written(Answers.Of(Open, Open with { Source = Open.Source with { Regime = "msa" } }));

        Assert.Equal(ClaimProcessingCodes.Complete, response.Outcome);
        Assert.Equal([true, true], response.Insurance.Select(insurance => insurance.Inforce));
    }

    private static Affiliation Closed(Affiliation file) => file with { BaseRights = file.BaseRights with { State = RightState.Closed } };

    private static CoverageEligibilityResponse Written(ConsultationAnswer answer)
    {
        var response = (CoverageEligibilityResponse)FhirJsonDeserializer.STRICT.DeserializeResource(Encoding.UTF8.GetString(EligibilityResponseWriting.Of(answer, null).Span));
        FhirTests.Valid(response);
        return response;
    }
}
