using System.Text.Json;
using Cdr.Contracts.Rights;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>One affiliation: an insurance of the response, with its <c>Coverage</c> and persons contained.</summary>
internal static class InsuranceWriting
{
    /// <summary>What is contained for it.</summary>
    public static void Contain(Utf8JsonWriter json, Affiliation affiliation, int number)
    {
        var (patient, insured) = (affiliation.Beneficiary, affiliation.Insured);
        var (patientId, insuredId) = (Beneficiary(number), insured.IsPatient ? Beneficiary(number) : $"insured-{number}");
        PersonWriting.Begin(json, patientId, patient.BirthDate);
        Numbers(json, patient.Nir, patient.NirKey);
        PersonWriting.Names(json, patient.FamilyName, patient.GivenName, patient.NameInUse);
        PersonWriting.End(json, patient.BirthDate, patient.BirthRank);
        if (!insured.IsPatient)
        {
            PersonWriting.Begin(json, insuredId, null);
            Numbers(json, insured.Nir, insured.NirKey);
            PersonWriting.Names(json, insured.FamilyName, insured.GivenName, null);
            PersonWriting.End(json, null, null);
        }

        json.WriteStartObject();
        json.WriteString("resourceType"u8, "Coverage"u8);
        json.WriteString("id"u8, Coverage(number));
        json.WriteString("status"u8, "active"u8);
        json.WriteStartObject("type"u8);
        json.WriteStartArray("coding"u8);
        json.Coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PUBLICPOL");
        json.WriteEndArray();
        json.WriteString("text"u8, "Assurance maladie obligatoire"u8);
        json.WriteEndObject();
        json.Contained("subscriber"u8, insuredId);
        json.Text("subscriberId"u8, insured.Nir);
        json.Contained("beneficiary"u8, patientId);
        json.WriteStartObject("relationship"u8);
        json.WriteString("text"u8, patient.QualityLabel);
        json.WriteEndObject();
        BenefitPeriod(json, "period"u8, affiliation);
        json.WriteStartArray("payor"u8);
        var organism = affiliation.Organism;
        json.Organisation(EligibilityNames.Organism, $"{organism.RegimeCode}{organism.Caisse}{organism.Centre}", organism.Label);
        json.Organisation(EligibilityNames.Regime, affiliation.Source.Regime, affiliation.Source.Name);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The insurance itself, an element of the response.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="affiliation">The affiliation.</param>
    /// <param name="number">Its place in the answer, from 1.</param>
    /// <param name="benefits">With its rights as items.</param>
    /// <param name="ofSeveral">The answer's files may be of several persons: nobody knows whether this one is the patient's.</param>
    public static void Write(Utf8JsonWriter json, Affiliation affiliation, int number, bool benefits, bool ofSeveral)
    {
        json.WriteStartObject();
        Source(json, affiliation.Source);
        json.Contained("coverage"u8, Coverage(number));
        if (!ofSeveral && InForce(affiliation) is { } inForce)
            json.WriteBoolean("inforce"u8, inForce);
        BenefitPeriod(json, "benefitPeriod"u8, affiliation);
        if (benefits)
        {
            json.WriteStartArray("item"u8);
            BenefitItems.Write(json, affiliation);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static string Beneficiary(int number) => $"beneficiary-{number}";

    private static string Coverage(int number) => $"coverage-{number}";

    /// <summary>State medical aid covers as base rights do; where a person has to decide it is neither in force nor not.</summary>
    /// <summary>Null where a person decides.</summary>
    public static bool? InForce(Affiliation affiliation) => (affiliation.BaseRights.State, affiliation.Ame.State) switch
    {
        (RightState.Open, _) or (_, RightState.Open) => true,
        (RightState.Undetermined, _) or (_, RightState.Undetermined) => null,
        _ => false,
    };

    private static void BenefitPeriod(Utf8JsonWriter json, ReadOnlySpan<byte> name, Affiliation affiliation)
    {
        var covers = affiliation.BaseRights.State != RightState.Open && affiliation.Ame.State == RightState.Open ? affiliation.Ame : affiliation.BaseRights;
        json.Period(name, covers.Start, covers.End);
    }

    private static void Source(Utf8JsonWriter json, AffiliationSource source)
    {
        json.WriteStartArray("extension"u8);
        json.WordExtension(EligibilityNames.Freshness, source.Freshness);
        json.MomentExtension(EligibilityNames.ObtainedAt, source.ObtainedAt);
        if (source.ReliableUntil is { } until)
            json.MomentExtension(EligibilityNames.ReliableUntil, until);
        json.WriteEndArray();
    }

    // Without a system: what a regime knows qualifies no identity (INS).
    private static void Numbers(Utf8JsonWriter json, string? nir, string? key)
    {
        if (nir is null)
            return;
        json.WriteStartArray("identifier"u8);
        json.WriteStartObject();
        json.WriteStartObject("type"u8);
        json.WriteString("text"u8, "NIR connu du régime"u8);
        json.WriteEndObject();
        json.WriteString("value"u8, nir + key);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
