using System.Text.Json;
using Cdr.Contracts.Rights;
using Hl7.Fhir.Model;
using RequestPurpose = Hl7.Fhir.Model.CoverageEligibilityRequest.EligibilityRequestPurpose;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>An answer as a <c>CoverageEligibilityResponse</c>: one insurance an affiliation, its rights as items, its file contained.</summary>
internal static class EligibilityResponseWriting
{
    private const string Asked = "patient";

    /// <param name="answer">As it was journaled.</param>
    /// <param name="question">The request; null when the answer is read again.</param>
    public static ReadOnlyMemory<byte> Of(ConsultationAnswer answer, EligibilityQuestion? question) =>
        FhirJson.Write((answer, question), static (json, told) => Write(json, told.answer, told.question?.Asked, told.question?.Person.Patient));

    private static void Write(Utf8JsonWriter json, ConsultationAnswer answer, CoverageEligibilityRequest? asked, Patient? patient)
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "CoverageEligibilityResponse"u8);
        json.WriteString("id"u8, answer.Id);
        Contained(json, answer, IsContained(asked) ? patient : null);
        Extensions(json, answer);
        json.WriteStartArray("identifier"u8);
        Own(json, answer);
        json.WriteEndArray();
        json.WriteString("status"u8, "active"u8);
        json.WriteStartArray("purpose"u8);
        foreach (var purpose in asked?.Purpose ?? [RequestPurpose.Validation, RequestPurpose.Benefits])
            json.WriteStringValue(purpose switch { RequestPurpose.Benefits => "benefits"u8, RequestPurpose.Discovery => "discovery"u8, _ => "validation"u8 });
        json.WriteEndArray();
        PatientOf(json, asked);
        json.Day("servicedDate"u8, answer.CareDate);
        json.Moment("created"u8, answer.AnsweredAt);
        Request(json, answer, asked);
        var silent = answer.Regimes.Where(state => IsSilent(answer, state)).ToList();
        json.WriteString("outcome"u8, silent.Count > 0 || IsPartial(answer) ? "partial"u8 : "complete"u8);
        json.WriteString("disposition"u8, $"{answer.Headline}. {answer.Explanation}");
        Insurer(json, answer);
        Insurance(json, answer, benefits: asked is null || asked.Purpose.Contains(RequestPurpose.Benefits), IsOfSeveral(answer));
        Errors(json, silent);
        json.WriteEndObject();
    }

    private static void Contained(Utf8JsonWriter json, ConsultationAnswer answer, Patient? patient)
    {
        if (patient is null && answer.Affiliations.Count == 0 && answer.Candidates.Count == 0)
            return;
        json.WriteStartArray("contained"u8);
        if (patient is not null)
            FhirBody.Write(json, DetachedElements.Of(Copy(patient)));
        foreach (var (place, affiliation) in answer.Affiliations.Index())
            InsuranceWriting.Contain(json, affiliation, place + 1);
        foreach (var (place, candidate) in answer.Candidates.Index())
            Contain(json, candidate, place + 1);
        json.WriteEndArray();
    }

    private static void Extensions(Utf8JsonWriter json, ConsultationAnswer answer)
    {
        json.WriteStartArray("extension"u8);
        json.WordExtension(EligibilityNames.Outcome, answer.Outcome);
        json.TextExtension(EligibilityNames.RulesVersion, answer.RulesVersion);
        foreach (var step in answer.NextSteps)
            json.TextExtension(EligibilityNames.NextStep, step);
        for (var number = 1; number <= answer.Candidates.Count; number++)
        {
            json.BeginExtension(EligibilityNames.PickFrom);
            json.Contained("valueReference"u8, CandidateId(number));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Contain(Utf8JsonWriter json, Candidate candidate, int number)
    {
        PersonWriting.Begin(json, CandidateId(number), candidate.BirthDate);
        json.WriteStartArray("identifier"u8);
        json.Identifier(EligibilityNames.Candidate, candidate.Reference);
        json.WriteEndArray();
        PersonWriting.Names(json, candidate.FamilyName, candidate.GivenName, candidate.NameInUse);
        PersonWriting.End(json, candidate.BirthDate, candidate.BirthRank);
    }

    /// <summary>As the caller named them: by what was contained, which comes back, or by a reference or a number of theirs.</summary>
    private static void PatientOf(Utf8JsonWriter json, CoverageEligibilityRequest? asked)
    {
        if (IsContained(asked))
        {
            json.Contained("patient"u8, Asked);
        }
        else if (asked is null)
        {
            json.WriteStartObject("patient"u8);
            json.WriteString("display"u8, "La personne de la demande"u8);
            json.WriteEndObject();
        }
        else
        {
            json.WritePropertyName("patient"u8);
            FhirBody.Write(json, DetachedElements.Of(asked.Patient!));
        }
    }

    private static void Request(Utf8JsonWriter json, ConsultationAnswer answer, CoverageEligibilityRequest? asked)
    {
        json.WriteStartObject("request"u8);
        json.WriteString("type"u8, "CoverageEligibilityRequest"u8);
        json.WritePropertyName("identifier"u8);
        if (asked?.Identifier is [var own, ..])
            FhirBody.Write(json, DetachedElements.Of(own));
        else
            Own(json, answer);
        json.WriteEndObject();
    }

    private static void Own(Utf8JsonWriter json, ConsultationAnswer answer) => json.Identifier(EligibilityNames.Uri, $"urn:uuid:{answer.Id}");

    private static void Insurer(Utf8JsonWriter json, ConsultationAnswer answer)
    {
        json.WritePropertyName("insurer"u8);
        if (answer.Affiliations is [var only])
        {
            json.Organisation(EligibilityNames.Regime, only.Source.Regime, only.Source.Name);
            return;
        }

        json.WriteStartObject();
        json.WriteString("display"u8, "Régimes interrogés par la Consultation des droits"u8);
        json.WriteEndObject();
    }

    private static void Insurance(Utf8JsonWriter json, ConsultationAnswer answer, bool benefits, bool ofSeveral)
    {
        if (answer.Affiliations.Count == 0)
            return;
        json.WriteStartArray("insurance"u8);
        foreach (var (place, affiliation) in answer.Affiliations.Index())
            InsuranceWriting.Write(json, affiliation, place + 1, benefits, ofSeveral);
        json.WriteEndArray();
    }

    private static void Errors(Utf8JsonWriter json, List<RegimeState> silent)
    {
        if (silent.Count == 0)
            return;
        json.WriteStartArray("error"u8);
        foreach (var state in silent)
        {
            json.WriteStartObject();
            json.WriteStartObject("code"u8);
            json.WriteStartArray("coding"u8);
            json.Coding(EligibilityNames.RegimeReason, state.Reason ?? "unavailable");
            json.Coding(EligibilityNames.Regime, state.Regime, state.Name);
            json.WriteEndArray();
            json.WriteString("text"u8, $"{state.Name} : {state.Message}");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>
    /// A stale answer is no proof, nor do a list, or files of several persons, say whom it is about; who was not asked for a past date may have the person,
    /// and of rights that a person decides nothing is said yet: whoever reads no extension is told as well.
    /// </summary>
    private static bool IsPartial(ConsultationAnswer answer) =>
        answer.Outcome is ConsultationOutcome.Incomplete or ConsultationOutcome.Candidates || answer.Missing.Count > 0 || IsOfSeveral(answer)
        || answer.Affiliations.Any(affiliation => affiliation.Source.Freshness == Freshness.Stale || InsuranceWriting.InForce(affiliation) is null);

    /// <summary>Files of which no statement is made either: whose is in force, somebody decides.</summary>
    private static bool IsOfSeveral(ConsultationAnswer answer) => answer.Affiliations.Count > 0 && !answer.IsOfOnePerson();

    /// <summary>It could not say, or its word is an old one: an error of the answer, never an absence of rights.</summary>
    private static bool IsSilent(ConsultationAnswer answer, RegimeState state) =>
        state.Outcome == RegimeOutcome.Unavailable || state.Freshness == Freshness.Stale || answer.Missing.Contains(state.Name);

    private static string CandidateId(int number) => $"candidate-{number}";

    private static bool IsContained(CoverageEligibilityRequest? asked) => asked?.Patient?.Reference?.StartsWith('#') == true;

    private static Patient Copy(Patient patient) => new()
    {
        Id = Asked,
        Extension = patient.Extension,
        Identifier = patient.Identifier,
        Name = patient.Name,
        BirthDateElement = patient.BirthDateElement,
        MultipleBirth = patient.MultipleBirth,
        // Not said of them unless they would be empty otherwise, which no resource is.
        ActiveElement = patient.ActiveElement ?? (IsEmpty(patient) ? new FhirBoolean(true) : null),
    };

    private static bool IsEmpty(Patient patient) =>
        (patient.Extension.Count, patient.Identifier.Count, patient.Name.Count) == (0, 0, 0) && patient is { BirthDateElement: null, MultipleBirth: null };
}
