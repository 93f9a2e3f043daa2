using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Derivation;

/// <summary>Complémentaire santé solidaire: situations 1 and 2 (managed by the caisse) and 3 (managed separately), CF612.</summary>
internal static class C2sRule
{
    public const string Right = "Complémentaire santé solidaire";

    public static Conclusion Decide(DatedRights rights, CareDay day, Standing standing)
    {
        if (day.IsBeyondHorizon)
            return Beyond.OneYear(Right);

        var situations = rights.Situations.Where(one => one.Situation.IsC2s).ToList();
        var holding = situations.Where(one => one.Period.Contains(day.Date)).ToList();
        if (holding.Count == 0)
            return Closed(day.Deciding(situations.Select(one => one.Period)), day);

        // Of two that hold, the one that costs the patient less.
        var deciding = (day.Rules.BreaksTies ? Ordered(holding) : holding).MinBy(one => one.Participation switch { false => 0, true => 1, null => 2 })!;
        var managedBy = deciding.ComplementaryBody ?? ManagedBy(deciding.Situation);
        var open = new Conclusion
        {
            State = RightState.Open,
            Rule = Rule.Situations,
            Code = deciding.Situation.Code,
            Label = deciding.Situation.Label,
            Start = deciding.Period.Start,
            End = day.KnownEnd(deciding.Period),
            WithParticipation = deciding.Participation,
            ComplementaryBody = managedBy.Value,
            Sentence = $"{Right}{Participation(deciding.Participation)}, {Manager(managedBy)}, {day.Span(deciding.Period)}.",
        };
        // A body of its own is one of those that manage it separately.
        var isOne = managedBy == ManagedBy(deciding.Situation)
            || (managedBy.Kind == ComplementaryBodyKind.Other && !(day.Rules.DoubtsC2sBodies && ManagedBy(deciding.Situation) == ComplementaryBody.C2sManagedByCaisse));
        return !isOne
            ? standing.Apply(Contradicted(open), Right)
            : standing.Apply(open, Right);
    }

    // Of two that cost the same, the one that lasts longest; the rest only so that the order they come in does not matter.
    private static IEnumerable<DatedSituation> Ordered(IEnumerable<DatedSituation> holding) => holding
        .OrderByDescending(one => one.Period.End ?? DateOnly.MaxValue).ThenBy(one => one.Period.Start)
        .ThenBy(one => one.Situation.Code, StringComparer.Ordinal).ThenBy(one => one.ComplementaryBody?.Value, StringComparer.Ordinal);

    private static Conclusion Closed(CarePeriod? period, CareDay day) => new()
    {
        State = RightState.Closed,
        Rule = Rule.Situations,
        Start = period?.Start,
        End = day.KnownEnd(period),
        Sentence = period is null ? $"{Right} non retrouvée à cette date." : $"{Right} non retrouvée à cette date : {day.Miss(period)}.",
    };

    /// <summary>Not found on a day on which the regime finds no base rights either: it is not this regime's to close.</summary>
    public static Conclusion Elsewhere(Conclusion closed, string when) => closed with
    {
        State = RightState.Undetermined,
        Rule = Rule.BaseRights,
        Sentence = $"{Right} : au {when}, la personne relève peut-être d'un autre régime ; à vérifier auprès de lui.",
    };

    // The code says one manager and the body's number another: whom to bill is for a person to find out.
    private static Conclusion Contradicted(Conclusion open) => open with
    {
        State = RightState.Undetermined,
        Sentence = $"{Right} déclarée, mais son gestionnaire est indiqué de deux façons différentes : à vérifier auprès de la caisse.",
    };

    private static ComplementaryBody ManagedBy(SpecialSituation situation) => situation == SpecialSituation.C2sManagedSeparately
        ? ComplementaryBody.C2sManagedSeparately
        : ComplementaryBody.C2sManagedByCaisse;

    private static string Participation(bool? participation) => participation switch
    {
        true => " avec participation",
        false => " sans participation",
        null => " (participation non précisée)",
    };

    private static string Manager(ComplementaryBody body) => body.Kind == ComplementaryBodyKind.C2sManagedByCaisse
        ? "gérée par la caisse"
        : "gérée par un organisme complémentaire";
}
