using System.Globalization;
using Cdr.Domain;

namespace Cdr.Rights.Derivation;

/// <summary>The day the rights are wanted for, and what can be known of it today.</summary>
/// <param name="Date">The care date.</param>
/// <param name="Today">At the establishment.</param>
/// <param name="Rules">The set in force.</param>
internal readonly record struct CareDay(DateOnly Date, DateOnly Today, RuleSet Rules)
{
    /// <value>Further ahead nothing is known: neither that a right ends nor that it begins.</value>
    public bool IsBeyondHorizon => Date > Horizon;

    public DateOnly Horizon => Today.AddYears(1);

    /// <summary>The period that decides: the one around the date that lasts longest, else the last one before, else the next one.</summary>
    /// <returns>Null when there is none at all.</returns>
    public CarePeriod? Deciding(IEnumerable<CarePeriod> periods)
    {
        var date = Date;
        var known = Rules.BreaksTies
            ? periods.OrderBy(one => one.Start).ThenByDescending(one => one.End ?? DateOnly.MaxValue).ToList()
            : periods.ToList();
        return known.Where(one => one.Contains(date)).MaxBy(one => one.End ?? DateOnly.MaxValue)
            ?? known.Where(one => one.End < date).MaxBy(one => one.End)
            ?? known.MinBy(one => one.Start);
    }

    /// <returns>Null when the end is not known: none, or further than one year ahead.</returns>
    public DateOnly? KnownEnd(CarePeriod? period) => period?.End > Horizon ? null : period?.End;

    /// <summary>« du 01/01/2026 au 31/12/2026 », « depuis le 01/01/2026, sans fin connue ».</summary>
    public string Span(CarePeriod period) => KnownEnd(period) is { } end
        ? $"du {French(period.Start)} au {French(end)}"
        : $"depuis le {French(period.Start)}, sans fin connue";

    /// <summary>Why the period does not hold: « la dernière période connue a pris fin le 30/06/2026 ».</summary>
    public string Miss(CarePeriod period) => period.End < Date
        ? $"la dernière période connue a pris fin le {French(period.End.Value)}"
        : $"la prochaine période connue commence le {French(period.Start)}";

    public static string French(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
}
