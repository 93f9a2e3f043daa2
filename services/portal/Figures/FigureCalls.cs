using System.Globalization;
using Cdr.Contracts.Usage;

namespace Cdr.Portal.Figures;

/// <summary>What the pages ask of Usage, and the files of the same pages: the same questions.</summary>
internal static class FigureCalls
{
    private const int MostDaysShown = 92;
    private const int MostRows = 200;
    private const int PaceMonths = 13;

    // Full ones that Usage keeps by day, beside the current one.
    private const int MonthsOfDays = 13;

    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>Usage counts days of Europe/Paris; whoever works overseas reads of the same days.</summary>
    public static DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Paris).DateTime);

    /// <summary>Days that a page shows: those of its address, or the last thirteen months.</summary>
    public static (DateOnly From, DateOnly To) Period(FigureQuery query, DateOnly today)
    {
        var to = query.To ?? today;
        return (query.From ?? new DateOnly(to.Year, to.Month, 1).AddMonths(-12), to);
    }

    /// <summary>What curves by month are of: whole months, whatever days are asked for; the one that runs ends today, and none is drawn that has not come.</summary>
    public static (DateOnly From, DateOnly To) WholeMonths(FigureQuery query, DateOnly today)
    {
        var (from, to) = Period(query, today);
        var (first, last) = (new DateOnly(from.Year, from.Month, 1), new DateOnly(to.Year, to.Month, 1).AddMonths(1).AddDays(-1));
        return (first, last > today && first <= today ? today : last);
    }

    /// <summary>Whether each day is drawn, too: of few days, and while days are kept.</summary>
    public static bool HasDays(FigureQuery query, DateOnly today) =>
        Period(query, today) is var (from, to) && to.DayNumber - from.DayNumber < MostDaysShown && from >= new DateOnly(today.Year, today.Month, 1).AddMonths(-MonthsOfDays);

    /// <summary>How the days ended: one curve an outcome.</summary>
    public static Task<UsageSeries> OutcomesAsync(IUsageApi usage, DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        usage.SeriesAsync(new FigureQuery().Filter(from, to, seesAll: true), "day", "outcome", MostRows, null, null, cancellationToken);

    public static Task<UsageSummary> SummaryAsync(IUsageApi usage, FigureQuery query, DateOnly today, bool seesAll, CancellationToken cancellationToken) =>
        usage.SummaryAsync(Filter(query, today, seesAll), "previous,year", cancellationToken);

    public static Task<UsageMonths> MonthsAsync(IUsageApi usage, FigureQuery query, DateOnly today, bool seesAll, CancellationToken cancellationToken)
    {
        var (from, to) = WholeMonths(query, today);
        return usage.MonthsAsync(query.Filter(from, to, seesAll), "year", cancellationToken);
    }

    public static Task<UsageSeries> DaysAsync(IUsageApi usage, FigureQuery query, DateOnly today, bool seesAll, CancellationToken cancellationToken) =>
        usage.SeriesAsync(Filter(query, today, seesAll), "day", null, null, null, null, cancellationToken);

    public static Task<UsageBreakdown> BreakdownAsync(IUsageApi usage, FigureQuery query, DateOnly today, bool seesAll, CancellationToken cancellationToken) =>
        usage.BreakdownAsync(Filter(query, today, seesAll), query.By, MostRows, "year", cancellationToken);

    /// <summary>How the regimes answered, over thirty days.</summary>
    public static Task<UsageRegimes> RegimesAsync(IUsageApi usage, DateOnly today, CancellationToken cancellationToken) => usage.RegimesAsync(today.AddDays(-29), today, cancellationToken);

    public static Task<UsageObjectives> ObjectivesAsync(IUsageApi usage, FigureQuery query, CancellationToken cancellationToken) => usage.ObjectivesAsync(query.Department, cancellationToken);

    /// <summary>Each département's months: what the map shows of one is there of all of them.</summary>
    public static Task<UsageSeries> MapAsync(IUsageApi usage, FigureQuery query, DateOnly today, bool seesAll, CancellationToken cancellationToken)
    {
        var months = Months(today);
        var whole = query with { IsCountry = true, Department = null, Establishment = null, Unit = null };
        return usage.SeriesAsync(whole.Filter(months[0], today, seesAll), "month", "department", MostRows, null, null, cancellationToken);
    }

    /// <summary>The last 24 hours, minute by minute.</summary>
    public static Task<UsageSeries> MinutesAsync(IUsageApi usage, FigureQuery query, DateTimeOffset now, bool seesAll, string? by, CancellationToken cancellationToken) =>
        // Of 25 hours, the day that was 24 hours ago may be this one.
        usage.SeriesAsync(query.Filter(Today(now.AddDays(-1)), Today(now), seesAll), "minute", by, MostRows, null, by is null ? "true" : null, cancellationToken);

    /// <summary>Months of a campaign, its first one first. Who does not see all is told of those that are over.</summary>
    public static IEnumerable<DateOnly> Months(Campaign campaign, DateOnly today, bool seesAll)
    {
        var began = campaign.Phases.Min(phase => phase.BeganOn);
        var (first, known) = (new DateOnly(began.Year, began.Month, 1), seesAll ? today : today.AddDays(-today.Day));
        return Enumerable.Range(0, 1200).Select(first.AddMonths).TakeWhile(month => month <= known).DefaultIfEmpty(first);
    }

    /// <summary>How far a campaign was at the end of each of thirteen months, the one that is shown last.</summary>
    public static async Task<IReadOnlyList<CampaignRates>> PaceAsync(ICampaignsApi campaigns, Campaign campaign, FigureQuery query, DateOnly today, bool seesAll, CancellationToken cancellationToken)
    {
        List<CampaignRates> pace = [];
        foreach (var month in Months(campaign, today, seesAll).Select(MonthOf).TakeWhile(month => query.Month is null || string.CompareOrdinal(month, query.Month) <= 0).TakeLast(PaceMonths))
            pace.Add(await campaigns.RatesAsync(campaign.Id, null, month, query.Function, cancellationToken));
        return pace;
    }

    /// <summary>The first days of the months of a map, the current one last.</summary>
    public static IReadOnlyList<DateOnly> Months(DateOnly today) =>
        [.. Enumerable.Range(-12, 13).Select(back => new DateOnly(today.Year, today.Month, 1).AddMonths(back))];

    public static string MonthOf(DateOnly day) => day.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>A month as people say it.</summary>
    public static string MonthWords(string month) =>
        DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) ? first.ToString("MMMM yyyy", CultureInfo.CurrentCulture) : month;

    /// <summary>Under a curve.</summary>
    public static string MonthShort(string month) =>
        DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) ? first.ToString("MM/yy", CultureInfo.InvariantCulture) : month;

    private static UsageFilter Filter(FigureQuery query, DateOnly today, bool seesAll)
    {
        var (from, to) = Period(query, today);
        return query.Filter(from, to, seesAll);
    }
}
