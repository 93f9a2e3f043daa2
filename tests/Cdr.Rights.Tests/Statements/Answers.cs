using Cdr.Contracts.Rights;

namespace Cdr.Rights.Tests.Statements;

/// <summary>Answers that are long, accented and of every freshness.</summary>
internal static class Answers
{
    public static DateTimeOffset Now { get; } = new(2026, 7, 21, 8, 5, 7, TimeSpan.Zero);

    public static ConsultationAnswer Of(params IReadOnlyList<Affiliation> affiliations) => new()
    {
        Id = Guid.Parse("019aa000-0000-7000-8000-000000000001"),
        AnsweredAt = Now,
        CareDate = new DateOnly(2026, 7, 20),
        Reason = "emergency",
        Outcome = affiliations.Count > 1 ? ConsultationOutcome.Several : ConsultationOutcome.Found,
        Headline = "Droits ouverts",
        Explanation = "Régime de démonstration : droits de base ouverts à la date des soins.",
        NextSteps = ["Reportez régime, caisse et centre dans le dossier."],
        RulesVersion = "2026.1",
        Affiliations = affiliations,
        Candidates = [],
        Regimes = [new RegimeState { Regime = "cnam", Name = "Cnam", Outcome = RegimeOutcome.Found, Message = "Connaît la personne.", Milliseconds = 120 }],
        Missing = [],
    };

    public static Affiliation File(string name, Freshness freshness = Freshness.Live, string family = "Éloïse-Ménégault") => new()
    {
        Source = new AffiliationSource { Regime = "cnam", Name = name, Freshness = freshness, ObtainedAt = Now.AddHours(-1), AgeSeconds = 3600 },
        Beneficiary = new Beneficiary { FamilyName = family, NameInUse = "d’Œuvray", GivenName = "Zoé Anaïs", BirthDate = "1950-20-00", BirthRank = 1, Quality = "child", QualityLabel = "Enfant" },
        Insured = new Insured { Nir = "2550814168025", NirKey = "38", FamilyName = "Lefèvre", GivenName = "Noël", IsPatient = false },
        Organism = new ManagingOrganism("01", "595", "0000", "CPAM de Lille-Douai", "10", null),
        BaseRights = Conclusion("Droits de base ouverts à cette date.") with { Start = new DateOnly(2026, 1, 1), End = new DateOnly(2026, 12, 31) },
        C2s = Conclusion("C2S ouverte.") with { WithParticipation = true, ComplementaryBody = "99999997" },
        Ame = Conclusion("Sans objet.") with { State = RightState.Closed },
        Exemptions = [.. Enumerable.Range(1, 3).Select(n => Conclusion($"Exonération n° {n} ouverte.") with { Code = "4", Label = "Affection de longue durée" })],
        Modulations = [],
        Maternity = Conclusion("Hors maternité.") with { State = RightState.Closed },
        AttendingPhysician = new AttendingPhysician(RightState.Open, "Médecin traitant déclaré.", "MT", "Dr Hélène Gœthals", "10001234567", null, null),
        WorkAccidents = [new WorkAccident("123456782", new DateOnly(2025, 3, 4), null, null)],
    };

    private static Conclusion Conclusion(string sentence) => new() { State = RightState.Open, Sentence = sentence, Rule = "CF600" };
}
