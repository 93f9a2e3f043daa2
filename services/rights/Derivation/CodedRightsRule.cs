using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Derivation;

/// <summary>Exemptions and modulations of the ticket modérateur, CF613: several may hold at once, one conclusion a code.</summary>
internal static class CodedRightsRule
{
    public static IReadOnlyList<Conclusion> Exemptions(DatedRights rights, Care care, Moment reference, Moment? other) => Decide(
        rights.Exemptions
            .Where(one => !FullThirdPartyPaymentRule.SaysItInstead(rights, one.Exemption))
            .Select(one => new Dated(one.Exemption.Code, one.Exemption.Label, one.Period)),
        "Exonération", care, reference, other);

    public static IReadOnlyList<Conclusion> Modulations(DatedRights rights, Care care, Moment reference, Moment? other) => Decide(
        rights.Modulations.Select(one => new Dated(one.Modulation.Code, one.Modulation.Label, one.Period)),
        "Modulation", care, reference, other);

    private static List<Conclusion> Decide(IEnumerable<Dated> rights, string kind, Care care, Moment reference, Moment? other) =>
    [
        .. rights.GroupBy(one => (one.Code, one.Label))
            .Select(one =>
            {
                var right = $"{kind} « {one.Key.Label} »";
                return MostFavourable.Of(
                    care, reference, other, right, moment => Decide(one.Key.Code, one.Key.Label, one.Select(dated => dated.Period), right, moment));
            })
            .OrderBy(one => one.State switch { RightState.Open => 0, RightState.Undetermined => 1, _ => 2 }),
    ];

    private static Conclusion Decide(string code, string label, IEnumerable<CarePeriod> periods, string right, Moment moment)
    {
        var day = moment.Day;
        if (day.IsBeyondHorizon)
            return Beyond.OneYear(right) with { Code = code, Label = label };

        var period = day.Deciding(periods)!;
        var isOpen = period.Contains(day.Date);
        var own = new Conclusion
        {
            State = isOpen ? RightState.Open : RightState.Closed,
            Rule = Rule.Exemptions,
            Code = code,
            Label = label,
            Start = period.Start,
            End = day.KnownEnd(period),
            Sentence = isOpen ? $"{right} {day.Span(period)}." : $"{right} : non retrouvée à cette date, {day.Miss(period)}.",
        };
        return isOpen ? moment.Standing.Apply(own, right) : own;
    }

    private readonly record struct Dated(string Code, string Label, CarePeriod Period);
}
