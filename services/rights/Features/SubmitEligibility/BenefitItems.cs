using System.Text.Json;
using Cdr.Contracts.Rights;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>The rights of an affiliation, an item each: the same states, sentences and rules as in the plain answer.</summary>
internal static class BenefitItems
{
    public static void Write(Utf8JsonWriter json, Affiliation affiliation)
    {
        Item(json, "base-rights", "Droits de base", affiliation.BaseRights);
        Item(json, "c2s", "Complémentaire santé solidaire", affiliation.C2s);
        Item(json, "ame", "Aide médicale de l'État", affiliation.Ame);
        foreach (var exemption in affiliation.Exemptions)
            Item(json, "exemption", "Exonération du ticket modérateur", exemption);
        foreach (var modulation in affiliation.Modulations)
            Item(json, "modulation", "Modulation du ticket modérateur", modulation);
        Item(json, "maternity", "Maternité", affiliation.Maternity);
        if (affiliation.FullThirdPartyPayment is { } third)
            Item(json, "full-third-party-payment", "Tiers payant intégral", third);
        if (affiliation.FullCover is { } full)
            Item(json, "full-cover", "Prise en charge à 100 %", full);
        if (affiliation.PassingMigrant is { } migrant)
            Item(json, "passing-migrant", "Migrant de passage", migrant);
        var physician = affiliation.AttendingPhysician;
        Item(json, "attending-physician", "Médecin traitant", new Conclusion { State = physician.State, Sentence = physician.Sentence, Rule = physician.Rule, Label = physician.Name, Code = physician.Number, Start = physician.Start, End = physician.End });
        foreach (var accident in affiliation.WorkAccidents ?? [])
            Listed(json, accident);
    }

    private static void Item(Utf8JsonWriter json, string right, string display, Conclusion conclusion)
    {
        json.WriteStartObject();
        json.WriteStartArray("extension"u8);
        json.WordExtension(EligibilityNames.State, conclusion.State);
        json.TextExtension(EligibilityNames.Rule, conclusion.Rule);
        json.PeriodExtension(conclusion.Start, conclusion.End);
        if (conclusion.WithParticipation is { } participation)
        {
            json.BeginExtension(EligibilityNames.Participation);
            json.WriteBoolean("valueBoolean"u8, participation);
            json.WriteEndObject();
        }

        if (conclusion.ComplementaryBody is { } body)
            json.TextExtension(EligibilityNames.ComplementaryBody, body);
        json.WriteEndArray();
        Category(json, right, display, conclusion.Code, conclusion.Label);
        if (conclusion.State != RightState.Undetermined)
            json.WriteBoolean("excluded"u8, conclusion.State == RightState.Closed);
        json.WriteString("name"u8, conclusion.Label ?? display);
        json.WriteString("description"u8, conclusion.Sentence);
        json.WriteEndObject();
    }

    /// <summary>Listed, never applied: that the care is AT/MP is for the caller to state.</summary>
    private static void Listed(Utf8JsonWriter json, WorkAccident accident)
    {
        json.WriteStartObject();
        var start = accident.Start ?? accident.Date;
        if (start is not null || accident.End is not null)
        {
            json.WriteStartArray("extension"u8);
            json.PeriodExtension(start, accident.End);
            json.WriteEndArray();
        }

        Category(json, "work-accident", "AT/MP déclaré", null, null);
        json.WriteString("name"u8, accident.Number);
        json.WriteString("description"u8, "Déclaré à l'organisme ; ne s'applique que si les soins s'y rapportent.");
        json.WriteEndObject();
    }

    // The right, then what it is more precisely: an item has a category or a service, not both (ces-1).
    private static void Category(Utf8JsonWriter json, string right, string display, string? code, string? label)
    {
        json.WriteStartObject("category"u8);
        json.WriteStartArray("coding"u8);
        json.Coding(EligibilityNames.Right, right, display);
        if (code is { Length: > 0 })
            json.Coding($"{EligibilityNames.Right}:{right}", code, label);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
