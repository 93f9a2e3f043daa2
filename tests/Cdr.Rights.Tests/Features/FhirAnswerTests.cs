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

    /// <summary>Whoever reads the outcome alone must not take for complete what leaves something to ask, or to decide.</summary>
    [Fact]
    public void What_could_not_be_asked_or_determined_makes_an_answer_partial()
    {
        var notAsked = new RegimeState { Regime = "msa", Name = "MSA", Outcome = RegimeOutcome.NotAsked, Reason = "noPastDates", Message = "Ne répond pas pour une date passée.", Milliseconds = 0 };
        var complete = Answers.Of(Open);

        Assert.Equal(ClaimProcessingCodes.Complete, Written(complete).Outcome);
        // Not asked, and nothing is missing for it.
        Assert.Equal(ClaimProcessingCodes.Complete, Written(complete with { Regimes = [.. complete.Regimes, notAsked with { Reason = "notNeeded" }] }).Outcome);
        Assert.Equal(ClaimProcessingCodes.Partial, Written(complete with { Regimes = [.. complete.Regimes, notAsked], Missing = ["MSA"] }).Outcome);
        // Where the person went, which the question was not for.
        Assert.Equal(ClaimProcessingCodes.Partial, Written(complete with { Missing = ["MSA"] }).Outcome);
        Assert.Equal(ClaimProcessingCodes.Partial, Written(Answers.Of(Open with { BaseRights = Open.BaseRights with { State = RightState.Undetermined } })).Outcome);
        Assert.Equal(ClaimProcessingCodes.Partial, Written(Answers.Of(Closed(Open) with { Ame = Open.Ame with { State = RightState.Undetermined } })).Outcome);
    }

    private static Affiliation Closed(Affiliation file) => file with { BaseRights = file.BaseRights with { State = RightState.Closed } };

    private static CoverageEligibilityResponse Written(ConsultationAnswer answer)
    {
        var response = (CoverageEligibilityResponse)FhirJsonDeserializer.STRICT.DeserializeResource(Encoding.UTF8.GetString(EligibilityResponseWriting.Of(answer, null).Span));
        FhirTests.Valid(response);
        return response;
    }
}
