using Cdr.Contracts.Rights;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Derivation;

/// <summary>CF611: open if and only if the date is inside a period; ends are inclusive, a period without end is open.</summary>
internal static class BaseRightsRule
{
    public static Conclusion Decide(DatedRights rights, CareDay day)
    {
        if (day.IsBeyondHorizon)
            return Beyond.OneYear("Droits de base");

        var period = day.Deciding(rights.BasePeriods);
        var isOpen = period?.Contains(day.Date) == true;
        return new Conclusion
        {
            State = isOpen ? RightState.Open : RightState.Closed,
            Rule = Rule.BaseRights,
            Start = period?.Start,
            End = day.KnownEnd(period),
            // Never "no rights": it is only known that this regime does not find them at this date.
            Sentence = period is null ? "Droits non retrouvés à cette date par ce régime, qui ne donne aucune période."
                : isOpen ? $"Droits de base ouverts {day.Span(period)}."
                : $"Droits non retrouvés à cette date par ce régime : {day.Miss(period)}.",
        };
    }

    /// <summary>A regime that says the person left, and still shows a period around the date, contradicts itself.</summary>
    public static Conclusion InDoubt(Conclusion open) => open with
    {
        State = RightState.Undetermined,
        Sentence = "Ce régime indique que la personne l'a quitté, mais garde une période ouverte à cette date : une personne décide.",
    };
}
