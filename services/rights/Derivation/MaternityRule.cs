using Cdr.Contracts.Rights;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Derivation;

/// <summary>CF692: inside its period, the maternity organism manages.</summary>
internal static class MaternityRule
{
    private const string Right = "Maternité";

    public static Conclusion Decide(DatedRights rights, CareDay day, Standing standing)
    {
        if (day.IsBeyondHorizon)
            return Beyond.OneYear(Right);

        var period = day.Deciding(rights.Maternities.Select(one => one.Period));
        if (period?.Contains(day.Date) != true)
            return new Conclusion
            {
                State = RightState.Closed,
                Rule = Rule.Maternity,
                Start = period?.Start,
                End = day.KnownEnd(period),
                Sentence = period is null ? $"{Right} : rien de déclaré." : $"{Right} : rien à cette date, {day.Miss(period)}.",
            };

        var deciding = rights.Maternities.First(one => one.Period == period);
        var holding = day.Rules.BreaksTies ? rights.Maternities.Where(one => one.Period.Contains(day.Date)) : [deciding];
        var organism = deciding.Organism;
        var open = new Conclusion
        {
            State = RightState.Open,
            Rule = Rule.Maternity,
            Label = organism?.ToString() ?? rights.Organism.Label,
            Start = period.Start,
            End = day.KnownEnd(period),
            Sentence = organism is null || organism == rights.Organism.Code
                ? $"{Right} {day.Span(period)} : l'organisme du dossier la gère."
                : $"{Right} {day.Span(period)} : l'organisme {organism} la gère.",
        };
        var stood = standing.Apply(open, Right);
        return stood.State == RightState.Open && holding.Select(one => one.Organism ?? rights.Organism.Code).Distinct().Count() > 1
            ? open with
            {
                State = RightState.Undetermined,
                Label = null,
                Sentence = $"{Right} : plusieurs organismes sont indiqués à cette date ; une personne décide lequel la gère.",
            }
            : stood;
    }
}
