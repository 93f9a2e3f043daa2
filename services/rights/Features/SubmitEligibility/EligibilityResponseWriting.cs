using Cdr.Contracts.Rights;
using Hl7.Fhir.Model;
using RequestPurpose = Hl7.Fhir.Model.CoverageEligibilityRequest.EligibilityRequestPurpose;
using ResponsePurpose = Hl7.Fhir.Model.CoverageEligibilityResponse.EligibilityResponsePurpose;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>An answer as a <c>CoverageEligibilityResponse</c>: one insurance an affiliation, its rights as items, its file contained.</summary>
internal static class EligibilityResponseWriting
{
    private const string Asked = "patient";

    /// <param name="answer">As it was journaled.</param>
    /// <param name="question">The request; null when the answer is read again.</param>
    public static CoverageEligibilityResponse Of(ConsultationAnswer answer, EligibilityQuestion? question)
    {
        List<ResponsePurpose?> purposes = question is null ? [ResponsePurpose.Validation, ResponsePurpose.Benefits] : [.. question.Asked.Purpose.Select(Purpose)];
        var own = new Identifier(EligibilityNames.Uri, "urn:uuid:" + answer.Id);
        var response = new CoverageEligibilityResponse
        {
            Id = answer.Id.ToString(),
            Identifier = [own],
            Status = FinancialResourceStatusCodes.Active,
            Purpose = purposes,
            Patient = PatientOf(question),
            Serviced = new Date(FhirValues.Iso(answer.CareDate)),
            CreatedElement = new FhirDateTime(answer.AnsweredAt),
            Request = new ResourceReference { Type = nameof(CoverageEligibilityRequest), Identifier = question?.Asked.Identifier.FirstOrDefault() ?? own },
            Disposition = $"{answer.Headline}. {answer.Explanation}",
            Insurer = answer.Affiliations is [var only] ? FhirValues.Regime(only.Source.Regime, only.Source.Name) : new ResourceReference { Display = "Régimes interrogés par la Consultation des droits" },
            Extension =
            [
                new Extension(EligibilityNames.Outcome, new Code(FhirValues.Name(answer.Outcome))),
                new Extension(EligibilityNames.RulesVersion, new FhirString(answer.RulesVersion)),
                .. answer.NextSteps.Select(step => new Extension(EligibilityNames.NextStep, new FhirString(step))),
            ],
        };
        if (question?.Person.Patient is { } patient && IsContained(question.Asked))
            response.Contained.Add(Copy(patient));
        foreach (var (place, affiliation) in answer.Affiliations.Index())
            InsuranceWriting.Add(response, affiliation, place + 1, benefits: purposes.Contains(ResponsePurpose.Benefits));
        foreach (var (place, candidate) in answer.Candidates.Index())
            Add(response, candidate, place + 1);
        response.Error = [.. answer.Regimes.Where(state => IsSilent(answer, state)).Select(Silent)];
        response.Outcome = response.Error.Count > 0 || IsPartial(answer) ? ClaimProcessingCodes.Partial : ClaimProcessingCodes.Complete;
        return response;
    }

    /// <summary>A stale answer is no proof, nor is a list whom it is about: whoever reads no extension is told as well.</summary>
    private static bool IsPartial(ConsultationAnswer answer) =>
        answer.Outcome is ConsultationOutcome.Incomplete or ConsultationOutcome.Candidates || answer.Affiliations.Any(affiliation => affiliation.Source.Freshness == Freshness.Stale);

    /// <summary>It could not say, or its word is an old one: an error of the answer, never an absence of rights.</summary>
    private static bool IsSilent(ConsultationAnswer answer, RegimeState state) =>
        state.Outcome == RegimeOutcome.Unavailable || state.Freshness == Freshness.Stale || answer.Missing.Contains(state.Name);

    private static CoverageEligibilityResponse.ErrorsComponent Silent(RegimeState state) => new()
    {
        Code = new CodeableConcept
        {
            Coding = [new Coding(EligibilityNames.RegimeReason, state.Reason ?? "unavailable"), new Coding(EligibilityNames.Regime, state.Regime, state.Name)],
            Text = $"{state.Name} : {state.Message}",
        },
    };

    private static void Add(CoverageEligibilityResponse response, Candidate candidate, int number)
    {
        var id = $"candidate-{number}";
        var person = new Patient { Id = id, Identifier = [new Identifier(EligibilityNames.Candidate, candidate.Reference)], Name = FhirValues.Names(candidate.FamilyName, candidate.GivenName, candidate.NameInUse) };
        FhirValues.SetBirthDate(person, candidate.BirthDate);
        person.MultipleBirth = candidate.BirthRank is { } rank ? new Integer(rank) : null;
        response.Contained.Add(person);
        response.Extension.Add(new Extension(EligibilityNames.PickFrom, new ResourceReference("#" + id)));
    }

    /// <summary>As the caller named them: by what was contained, which comes back, or by a reference or a number of theirs.</summary>
    private static ResourceReference PatientOf(EligibilityQuestion? question) =>
        question is null ? new ResourceReference { Display = "La personne de la demande" }
        : IsContained(question.Asked) ? new ResourceReference("#" + Asked)
        : question.Asked.Patient!;

    private static bool IsContained(CoverageEligibilityRequest asked) => asked.Patient?.Reference?.StartsWith('#') == true;

    private static Patient Copy(Patient patient) => new()
    {
        Id = Asked,
        Extension = patient.Extension,
        Identifier = patient.Identifier,
        Name = patient.Name,
        BirthDateElement = patient.BirthDateElement,
        MultipleBirth = patient.MultipleBirth,
        // A contained resource is not empty.
        Active = true,
    };

    private static ResponsePurpose? Purpose(RequestPurpose? purpose) => purpose switch
    {
        RequestPurpose.Benefits => ResponsePurpose.Benefits,
        RequestPurpose.Discovery => ResponsePurpose.Discovery,
        _ => ResponsePurpose.Validation,
    };
}
