using Cdr.Contracts.Rights;
using Hl7.Fhir.Model;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>The rights of an affiliation, an item each: the same states, sentences and rules as in the plain answer.</summary>
internal static class BenefitItems
{
    public static IEnumerable<CoverageEligibilityResponse.ItemsComponent> Of(Affiliation affiliation)
    {
        yield return Item("base-rights", "Droits de base", affiliation.BaseRights);
        yield return Item("c2s", "Complémentaire santé solidaire", affiliation.C2s);
        yield return Item("ame", "Aide médicale de l'État", affiliation.Ame);
        foreach (var exemption in affiliation.Exemptions)
            yield return Item("exemption", "Exonération du ticket modérateur", exemption);
        foreach (var modulation in affiliation.Modulations)
            yield return Item("modulation", "Modulation du ticket modérateur", modulation);
        yield return Item("maternity", "Maternité", affiliation.Maternity);
        if (affiliation.FullThirdPartyPayment is { } third)
            yield return Item("full-third-party-payment", "Tiers payant intégral", third);
        if (affiliation.FullCover is { } full)
            yield return Item("full-cover", "Prise en charge à 100 %", full);
        if (affiliation.PassingMigrant is { } migrant)
            yield return Item("passing-migrant", "Migrant de passage", migrant);
        var physician = affiliation.AttendingPhysician;
        yield return Item("attending-physician", "Médecin traitant", new Conclusion { State = physician.State, Sentence = physician.Sentence, Rule = physician.Rule, Label = physician.Name, Code = physician.Number, Start = physician.Start, End = physician.End });
        // Listed, never applied: that the care is AT/MP is for the caller to state.
        foreach (var accident in affiliation.WorkAccidents ?? [])
        {
            var item = new CoverageEligibilityResponse.ItemsComponent
            {
                Category = Category("work-accident", "AT/MP déclaré", null, null),
                Name = accident.Number,
                Description = "Déclaré à l'organisme ; ne s'applique que si les soins s'y rapportent.",
            };
            if (FhirValues.Period(accident.Start ?? accident.Date, accident.End) is { } period)
                item.Extension.Add(new Extension(EligibilityNames.Period, period));
            yield return item;
        }
    }

    private static CoverageEligibilityResponse.ItemsComponent Item(string right, string display, Conclusion conclusion)
    {
        var item = new CoverageEligibilityResponse.ItemsComponent
        {
            Category = Category(right, display, conclusion.Code, conclusion.Label),
            Name = conclusion.Label ?? display,
            Description = conclusion.Sentence,
            Excluded = conclusion.State == RightState.Undetermined ? null : conclusion.State == RightState.Closed,
            Extension = [new Extension(EligibilityNames.State, new Code(FhirValues.Name(conclusion.State))), new Extension(EligibilityNames.Rule, new FhirString(conclusion.Rule))],
        };
        if (FhirValues.Period(conclusion.Start, conclusion.End) is { } period)
            item.Extension.Add(new Extension(EligibilityNames.Period, period));
        if (conclusion.WithParticipation is { } participation)
            item.Extension.Add(new Extension(EligibilityNames.Participation, new FhirBoolean(participation)));
        if (conclusion.ComplementaryBody is { } body)
            item.Extension.Add(new Extension(EligibilityNames.ComplementaryBody, new FhirString(body)));
        return item;
    }

    // The right, then what it is more precisely: an item has a category or a service, not both (ces-1).
    private static CodeableConcept Category(string right, string display, string? code, string? label)
    {
        var category = new CodeableConcept { Coding = [new Coding(EligibilityNames.Right, right, display)] };
        if (code is { Length: > 0 })
            category.Coding.Add(new Coding($"{EligibilityNames.Right}:{right}", code, label));
        return category;
    }
}
