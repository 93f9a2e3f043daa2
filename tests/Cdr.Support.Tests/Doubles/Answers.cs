using System.Text;
using System.Text.Json;
using Cdr.Contracts.Rights;

namespace Cdr.Support.Tests.Doubles;

/// <summary>Answers of Rights, of a test identity.</summary>
internal static class Answers
{
    public static readonly DateTimeOffset At = new(2026, 11, 20, 7, 55, 0, 123, TimeSpan.Zero);

    public static byte[] Bytes(Guid id) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Of(id), JsonSerializerOptions.Web));

    public static ConsultationAnswer Of(Guid id) => new()
    {
        Id = id,
        AnsweredAt = At,
        CareDate = new DateOnly(2026, 11, 20),
        Reason = "card-forgotten-lost-stolen",
        Outcome = ConsultationOutcome.Found,
        Headline = "droits ouverts",
        Explanation = "…",
        NextSteps = [],
        RulesVersion = "2026.1",
        Affiliations = [Affiliation()],
        Candidates = [],
        Regimes = [new RegimeState { Regime = "test-regime", Name = "Test", Outcome = RegimeOutcome.Found, Message = "…", Milliseconds = 12 }],
        Missing = [],
    };

    public static Affiliation Affiliation() => new()
    {
        Source = new AffiliationSource { Regime = "test-regime", Name = "Régime de test", Freshness = Freshness.Live, ObtainedAt = At, AgeSeconds = 0 },
        Beneficiary = new Beneficiary { Nir = "2840575112901", NirKey = "54", FamilyName = "LEFÈVRE-MOREL", GivenName = "Anne", BirthDate = "1984-05-12", BirthRank = 1, Quality = "insured", QualityLabel = "assurée" },
        Insured = new Insured { Nir = "2840575112901", NirKey = "54", FamilyName = "LEFÈVRE-MOREL", GivenName = "Anne", IsPatient = true },
        Organism = new ManagingOrganism("01", "751", "0000", "CPAM de test", null, null),
        BaseRights = Conclusion(RightState.Open, new DateOnly(2020, 1, 1), new DateOnly(2027, 12, 31)),
        C2s = Conclusion(RightState.Closed),
        Ame = Conclusion(RightState.Closed),
        Exemptions = [Conclusion(RightState.Open)],
        Modulations = [],
        Maternity = Conclusion(RightState.Closed),
        AttendingPhysician = new AttendingPhysician(RightState.Open, "…", "MT", "Dr Élise Petit", "10000000012", null, null),
    };

    private static Conclusion Conclusion(RightState state, DateOnly? start = null, DateOnly? end = null) => new() { State = state, Sentence = "…", Rule = "R1", Start = start, End = end };
}
