using Cdr.Contracts.Usage;
using Cdr.Usage.Calendar;
using Cdr.Usage.Counting;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;

namespace Cdr.Usage.Queries;

/// <summary>Sums of what is asked, and the caller's own part of them where others' are in it.</summary>
internal sealed class UsageReading(UsageDb db, TimeProvider clock)
{
    private DateTimeOffset Now => clock.GetUtcNow();

    public DateOnly Today => Days.Of(Now);

    /// <summary>Whether the days at its ends are still counted by day; whole months always are.</summary>
    public bool Knows(DateOnly from, DateOnly to) =>
        Parts(from, to).All(part => part.Grain != Grain.Day || part.From >= Periods.First(Grain.Day, Now));

    /// <summary>The first period that is kept.</summary>
    public int First(Grain grain) => Periods.First(grain, Now);

    /// <summary>Sums of periods.</summary>
    public async Task<Dictionary<(string Key, int Period), Figure>> PeriodsAsync(UsageQuestion question, Grain grain, int from, int to, CancellationToken cancellationToken)
    {
        Dictionary<(string, int), Figure> figures = [];
        from = Math.Max(from, First(grain));
        foreach (var own in question.IsBeyond ? (bool[])[false, true] : [false])
        {
            var selection = new Selection(grain, from, to, question.By, ByPeriod: true, question.Filters(own), question.WithLatency && !own);
            await foreach (var row in RollupReading.ReadAsync(db, selection, cancellationToken))
                Add(figures, (question.KeyOf(row), row.Period), row, own);
        }

        if (question.IsBeyond && question.By != Dimensions.None)
        {
            foreach (var period in figures.GroupBy(one => one.Key.Item2, one => one.Value))
                Figure.Withhold(question, [.. period]);
        }

        return figures;
    }

    /// <summary>Sums of days: whole months from the months, the days at both ends from the days.</summary>
    public async Task<Dictionary<string, Figure>> TotalsAsync(UsageQuestion question, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        Dictionary<string, Figure> figures = [];
        foreach (var part in Parts(from, to))
        {
            foreach (var own in question.IsBeyond ? (bool[])[false, true] : [false])
            {
                var selection = new Selection(part.Grain, part.From, part.To, question.By, ByPeriod: false, question.Filters(own), question.WithLatency && !own);
                await foreach (var row in RollupReading.ReadAsync(db, selection, cancellationToken))
                    Add(figures, question.KeyOf(row), row, own);
            }
        }

        if (question.IsBeyond && question.By != Dimensions.None)
            Figure.Withhold(question, figures.Values);
        return figures;
    }

    /// <summary>Average of a working day, each département by its own calendar; today is not over and not in it.</summary>
    public async Task<UsageAverage> AverageAsync(UsageQuestion question, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var last = to < Today ? to : Today.AddDays(-1);
        if (from > last || !Knows(from, last))
            return new UsageAverage(0, null);
        var parts = await TotalsAsync(question with { By = Dimensions.Department, ByRegion = false, WithLatency = false }, from, last, cancellationToken);
        var average = Average(question, from, last, [.. parts.Select(part => (part.Key, part.Value))]);
        // Others' few since then are what the sum beside it has more than the average times its days.
        if (question.IsBeyond && last < to && average.PerDay is not null
            && (await TotalsAsync(question with { By = Dimensions.None, WithLatency = false }, last.AddDays(1), to, cancellationToken)).Values.Any(since => Figure.IsFew(since.Others)))
            return average with { PerDay = null };
        return average;
    }

    /// <summary>Of days that are over, by département.</summary>
    public static UsageAverage Average(UsageQuestion question, DateOnly from, DateOnly to, IReadOnlyList<(string Department, Figure Figure)> parts)
    {
        // Of one département by its own calendar, whether it was asked for or is the only one that the caller sees.
        var department = question.Asked.FirstOrDefault(filter => filter.Dimension == Dimensions.Department).Value ?? (parts is [var only] ? only.Department : "");
        var days = WorkingDays.Count(department, from, to);
        var (working, idle) = parts.Aggregate((Working: 0L, Idle: 0L), (sum, part) => (sum.Working + part.Figure.OthersByKind.Working, sum.Idle + part.Figure.OthersByKind.Idle));
        // Their number is the average times the days, and the rest what the sum has beside it.
        if (days == 0 || parts.Any(part => part.Figure.IsMasked(question)) || question.IsBeyond && (Figure.IsFew(working) || Figure.IsFew(idle)))
            return new UsageAverage(days, null);
        var average = parts.Select(part => (part.Figure.Working, Days: WorkingDays.Count(part.Department, from, to))).Where(part => part.Days > 0).Sum(part => (double)part.Working / part.Days);
        return new UsageAverage(days, Math.Round(average, 2));
    }

    /// <summary>
    /// What the running month is compared with: of another month, as many days as it has had; of its last day, all of them. Null where its days
    /// are not counted one by one any more.
    /// </summary>
    /// <param name="question">What is asked.</param>
    /// <param name="month">The other one.</param>
    /// <param name="whole">All of it, as it may be shown in the same answer.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    public async Task<Dictionary<string, Figure>?> SameDaysAsync(UsageQuestion question, int month, Func<string, Figure?> whole, CancellationToken cancellationToken)
    {
        var (first, next) = (Periods.FirstDay(month), Periods.FirstDay(month + 1));
        var last = Today.AddDays(1).Day == 1 || first.AddDays(Today.Day) > next ? next.AddDays(-1) : first.AddDays(Today.Day - 1);
        if (!Knows(first, last))
            return null;
        var figures = await TotalsAsync(question with { WithLatency = false }, first, last, cancellationToken);
        if (!question.IsBeyond)
            return figures;
        // Others' few after these days are what the whole month has more.
        foreach (var (key, figure) in figures)
            figure.IsWithheld |= whole(key) is { } all && Figure.IsFew(all.Others - figure.Others);
        if (question.By != Dimensions.None)
            Figure.Withhold(question, figures.Values);
        return figures;
    }

    /// <summary>The same dates one year earlier: of the last day of February, the last day of February.</summary>
    public static (DateOnly From, DateOnly To) YearBefore(DateOnly from, DateOnly to) => (from.AddYears(-1), to.AddDays(1).AddYears(-1).AddDays(-1));

    /// <summary>The period of the same length just before: of whole months, as many months.</summary>
    public static (DateOnly From, DateOnly To) PeriodBefore(DateOnly from, DateOnly to)
    {
        var end = to.AddDays(1);
        if (from.Day == 1 && end.Day == 1)
            return (from.AddMonths(Periods.Of(Grain.Month, from) - Periods.Of(Grain.Month, end)), from.AddDays(-1));
        return (from.AddDays(from.DayNumber - end.DayNumber), from.AddDays(-1));
    }

    private IEnumerable<(Grain Grain, int From, int To)> Parts(DateOnly from, DateOnly to)
    {
        var month = (First: Periods.Of(Grain.Month, from) + (from.Day == 1 ? 0 : 1), Last: Periods.Of(Grain.Month, to));
        // A current month is whole up to today: nothing is counted after.
        if (to.AddDays(1).Day != 1 && (to < Today || Periods.Of(Grain.Month, Today) != month.Last))
            month.Last--;
        if (month.First > month.Last)
        {
            yield return (Grain.Day, from.DayNumber, to.DayNumber);
            yield break;
        }

        if (from.Day != 1)
            yield return (Grain.Day, from.DayNumber, Periods.FirstDay(month.First).DayNumber - 1);
        yield return (Grain.Month, month.First, month.Last);
        var after = Periods.FirstDay(month.Last + 1);
        if (after <= to)
            yield return (Grain.Day, after.DayNumber, to.DayNumber);
    }

    private static void Add<TKey>(Dictionary<TKey, Figure> figures, TKey key, RollupRow row, bool own)
        where TKey : notnull
    {
        if (!figures.TryGetValue(key, out var figure))
            figures[key] = figure = new Figure();
        figure.Add(row, own);
    }
}
