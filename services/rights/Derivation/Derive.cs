using Cdr.Contracts.Rights;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Derivation;

/// <summary>From dated rights to conclusions, by the rules of the hospital billing specification (SFG). Pure.</summary>
internal static class Derive
{
    /// <param name="rules">Those of the day it is asked; to derive an old consultation again, its own.</param>
    /// <param name="rights">As the regime knows them.</param>
    /// <param name="asked">The rest.</param>
    public static DerivedRights At(RuleSet rules, DatedRights rights, Circumstances asked)
    {
        var care = asked.Care;
        var reference = Moment.At(rights, asked, care.Reference, rules);
        var other = care.Other is { } date ? Moment.At(rights, asked, date, rules) : null;
        var derived = new DerivedRights
        {
            BaseRights = reference.BaseRights,
            C2s = C2s(rights, care, reference, other),
            Ame = reference.Ame,
            Exemptions = CodedRightsRule.Exemptions(rights, care, reference, other),
            Modulations = CodedRightsRule.Modulations(rights, care, reference, other),
            Maternity = MaternityRule.Decide(rights, reference.Day, reference.Standing),
            Physician = PhysicianRule.Decide(rights.Physician, reference.Day),
            WorkAccidents = WorkAccidents(rights, asked),
            FullThirdPartyPayment = FullThirdPartyPaymentRule.Decide(rights, care, reference, other),
            PassingMigrant = rules.NamesMigrants ? MigrantRule.Decide(rights) : null,
        };
        if (!rules.DepartureWeighs && derived.BaseRights.State == RightState.Open && asked.Departure?.HasHappenedOn(care.Reference) == true)
            derived = derived with { BaseRights = BaseRightsRule.InDoubt(derived.BaseRights) };
        return rules.RanksFullCover ? derived with { FullCover = FullCoverRule.Decide(rights, care, derived, rules) } : derived;
    }

    // CF600: of what is dispensed, C2S is that of the day it is dispensed; nothing is left to choose.
    private static Conclusion C2s(DatedRights rights, Care care, Moment reference, Moment? other)
    {
        if (care.Kind is not { IsDispensed: true } || other is null)
            return MostFavourable.Of(care, reference, other, C2sRule.Right, moment => C2sRule.Decide(rights, moment.Day, moment.Standing));
        var done = C2sRule.Decide(rights, other.Day, other.Standing);
        if (done.State == RightState.Closed && other.Day.Rules.DoubtsC2sElsewhere && other.BaseRights.State != RightState.Open
            && other.Ame.State != RightState.Open && reference.Ame.State != RightState.Open)
            return C2sRule.Elsewhere(done, care.Named(other.Day.Date));
        var standing = done.State == RightState.Closed ? done : MostFavourable.OnTheReference(done, care, reference, other, C2sRule.Right);
        return standing.State == done.State
            ? done with { Sentence = $"{done.Sentence} C'est la situation du {care.Named(other.Day.Date)}, qui compte." }
            : standing;
    }

    // Listed whatever their dates: that the care is due to one of them is for the caller to state.
    private static List<WorkAccident>? WorkAccidents(DatedRights rights, Circumstances asked) =>
        asked.GivesWorkAccidents || rights.WorkAccidents.Count > 0
            ? [.. rights.WorkAccidents.Select(one => new WorkAccident(one.Number.Value, one.Date, one.Start, one.End))]
            : null;
}
