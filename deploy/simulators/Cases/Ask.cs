using Cdr.Domain;

namespace Cdr.RegimeSimulator.Cases;

/// <summary>The questions of the named cases.</summary>
internal static class Ask
{
    public static CaseQuestion Open(string regime, string nir, string expected, string? on = null) =>
        new() { Regime = regime, Nir = nir, CareDate = DayOf(on), HasOpenBaseRights = true, Expected = expected };

    public static CaseQuestion Closed(string regime, string nir, string expected, string? on = null) =>
        Open(regime, nir, expected, on) with { HasOpenBaseRights = false };

    public static CaseQuestion Moved(string regime, string nir, string expected, string? on = null) =>
        Open(regime, nir, expected, on) with { HasOpenBaseRights = null, Outcome = CaseOutcome.Moved };

    public static CaseQuestion Several(string regime, string nir, string expected, string? birth = null) =>
        Open(regime, nir, expected) with
        {
            HasOpenBaseRights = null, Outcome = CaseOutcome.Candidates, BeneficiaryBirthDate = BirthOf(birth),
        };

    public static CaseQuestion Beneficiary(string regime, string nir, string? birth, int? rank, string expected) =>
        Open(regime, nir, expected) with { BeneficiaryBirthDate = BirthOf(birth), BirthRank = rank };

    public static CaseQuestion ByName(string regime, SimulatedPerson names, string expected, CaseOutcome outcome = CaseOutcome.Found) => new()
    {
        Regime = regime,
        Names = names,
        Outcome = outcome,
        HasOpenBaseRights = outcome == CaseOutcome.Found ? true : null,
        Expected = expected,
    };

    public static CaseQuestion Unknown(string nir, string expected) =>
        new() { Regime = null, Nir = nir, Outcome = CaseOutcome.Unknown, Expected = expected };

    private static DateOnly? DayOf(string? text) => text is null ? null : CaseFamilies.Day(text);

    private static BirthDate? BirthOf(string? text) => text is null ? null : BirthDate.Parse(text).Value;
}
