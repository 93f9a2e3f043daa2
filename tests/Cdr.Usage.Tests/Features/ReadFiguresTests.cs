using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;
using Cdr.Testing.Identity;
using Cdr.Usage.Counting;
using Cdr.Usage.Tests.Doubles;

namespace Cdr.Usage.Tests.Features;

public abstract class ReadFiguresRules(SharedHost shared) : UsageQuestions(shared)
{
    [Fact]
    public async Task The_first_values_are_told_and_the_others_summed()
    {
        await CountAsync([.. (((string, int)[])[("cnam", 5), ("msa", 3), ("several", 2), ("", 1)])
            .SelectMany(regime => Enumerable.Range(0, regime.Item2).Select(_ => Facts.One(At(2026, 11, 10), regime: regime.Item1)))]);

        var breakdown = await AskAsync<UsageBreakdown>("breakdown?by=regime&top=2&latency=true");

        Assert.Equal([("cnam", 5L), ("msa", 3L)], breakdown.Rows.Select(row => (row.Key, row.Count.Consultations!.Value)));
        Assert.Equal((11L, 2, 3L), (breakdown.Total, breakdown.OtherValues, breakdown.Others));
        Assert.All(breakdown.Rows, row => Assert.InRange(row.Latency!.P50, 101, 150));
    }

    [Fact]
    public async Task Regimes_are_told_with_how_they_answered_and_their_staff_see_their_own()
    {
        await CountAsync(
            Facts.One(At(2026, 11, 10), regimes: [new RegimeFact("cnam", RegimeOutcome.Found, 100), new RegimeFact("msa", RegimeOutcome.Unavailable, 2000)]),
            Facts.One(At(2026, 11, 11), regimes: [new RegimeFact("cnam", RegimeOutcome.Unknown, 301), new RegimeFact("msa", RegimeOutcome.Unavailable, 1000)]),
            Facts.One(At(2026, 11, 11), regimes: [new RegimeFact("cnam", RegimeOutcome.Found, 0)]), Facts.One(At(2026, 9, 1), regimes: [new RegimeFact("cnam", RegimeOutcome.Found, 50)]));

        var all = await AskAsync<UsageRegimes>("regimes?from=2026-11-01&to=2026-11-30");

        Assert.Equal([("cnam", 3L, 2L, (int?)200), ("msa", 2, 2, 1500)], all.Regimes.Select(one => (one.Regime, one.Answers, one.Calls, one.MeanMilliseconds)));
        Assert.Equal([(RegimeOutcome.Found, 2L), (RegimeOutcome.Unknown, 1)], all.Regimes[0].Outcomes.Select(one => (one.Key, one.Value)));
        var own = await AskAsync<UsageRegimes>("regimes?from=2026-11-01&to=2026-11-30", Sessions.Mint(new TestCaller { Role = CdrRoles.RegimeAgent, Regime = "msa", Finess = null }));
        Assert.Equal("msa", Assert.Single(own.Regimes).Regime);
        Assert.Equal("period-too-old", (await RefusalAsync("regimes?from=2024-01-01")).Code);
    }

    [Theory]
    [InlineData("2026-11-02", "2026-11-19")]
    [InlineData("2026-11-01", "2026-11-20")]
    [InlineData("2026-10-15", "2026-11-20")]
    [InlineData("2026-07-31", "2026-10-01")]
    [InlineData("2026-08-01", "2026-09-30")]
    [InlineData("2025-10-02", "2026-11-30")]
    [InlineData("2026-11-20", "2026-12-15")]
    public async Task Whole_months_and_the_days_at_both_ends_are_what_the_days_say(string from, string to)
    {
        var facts = Facts.Mixed(seed: 31, count: 600, At(2026, 11, 20), hours: 24 * 410);
        await CountAsync(facts);
        var (first, last) = (DateOnly.ParseExact(from, "yyyy-MM-dd"), DateOnly.ParseExact(to, "yyyy-MM-dd"));

        var breakdown = await AskAsync<UsageBreakdown>($"breakdown?by=department&from={from}&to={to}");

        Assert.Equal(
            facts.Where(fact => Days.Of(fact.At) >= first && Days.Of(fact.At) <= last).GroupBy(fact => fact.Department).Select(alike => (alike.Key, alike.LongCount())).Order(),
            breakdown.Rows.Select(row => (row.Key, row.Count.Consultations!.Value)).Order());
    }

    [Fact]
    public async Task A_period_is_compared_with_the_one_before_and_with_its_year_before()
    {
        await CountAsync(
            Facts.One(At(2026, 11, 2)), Facts.One(At(2026, 11, 3)), Facts.One(At(2026, 10, 31)), Facts.One(At(2026, 10, 1)), Facts.One(At(2026, 9, 30)), Facts.One(At(2025, 11, 30)));

        var month = (await AskAsync<UsageSummary>("summary?from=2026-11-01&to=2026-11-30&compare=previous,year")).Count;
        var week = Assert.Single((await AskAsync<UsageBreakdown>("breakdown?by=regime&from=2026-11-01&to=2026-11-07&compare=previous")).Rows).Count;
        var plain = (await AskAsync<UsageSummary>("summary?from=2026-11-01&to=2026-11-30")).Count;

        // Of a whole month, the whole month before; of a week, the week before.
        Assert.Equal(new UsageCount(2, 2, 1, Masked: false), month);
        Assert.Equal(new UsageCount(2, 1, null, Masked: false), week);
        Assert.Equal(new UsageCount(2, null, null, Masked: false), plain);
    }

    [Fact]
    public async Task A_summary_says_how_well_it_was_answered()
    {
        await CountAsync(
            Facts.One(At(2026, 11, 12)), Facts.One(At(2026, 11, 12), source: Freshness.Cached), Facts.One(At(2026, 11, 12), source: Freshness.Stale, outcome: ConsultationOutcome.Incomplete),
            Facts.One(At(2026, 11, 14), milliseconds: 4000));

        var summary = await AskAsync<UsageSummary>("summary?from=2026-11-01&to=2026-11-30");

        Assert.Equal((0.75, 0.25, 0.25, 0.75), (summary.Complete, summary.Cached, summary.Stale, summary.Latency!.WithinOneSecond));
        // Up to yesterday, the nineteenth, and without the eleventh: 13 days; the fourteenth is a Saturday.
        Assert.Equal(new UsageAverage(13, Math.Round(3.0 / 13, 2)), summary.Working);
    }

    [Fact]
    public async Task Nothing_is_nothing_and_no_part_of_it_is_told()
    {
        var summary = await AskAsync<UsageSummary>("summary");

        Assert.Equal(0, summary.Count.Consultations);
        Assert.Equal((null, null, null, null), (summary.Latency, summary.Complete, summary.Cached, summary.Stale));
        Assert.Equal(0, summary.Working.PerDay);
        Assert.Empty((await AskAsync<UsageBreakdown>("breakdown?by=regime")).Rows);
        Assert.Empty(await AskAsync<UsageRow[]>("export"));
    }

    [Fact]
    public async Task Each_departement_has_its_own_working_days()
    {
        // Good Friday, 3 April 2026: a holiday in Strasbourg, a working day in Paris.
        await CountAsync(Facts.One(At(2026, 4, 2)), Facts.One(At(2026, 4, 3)), Facts.One(At(2026, 4, 2), "670780055", "hus", "67"), Facts.One(At(2026, 4, 3), "670780055", "hus", "67"));

        async Task<UsageAverage> AverageAsync(string filter) => (await AskAsync<UsageSummary>("summary?from=2026-04-01&to=2026-04-30" + filter)).Working;

        Assert.Equal(new UsageAverage(21, Math.Round(2.0 / 21, 2)), await AverageAsync("&department=75"));
        Assert.Equal(new UsageAverage(20, Math.Round(1.0 / 20, 2)), await AverageAsync("&department=67"));
        Assert.Equal(new UsageAverage(21, Math.Round(2.0 / 21 + 1.0 / 20, 2)), await AverageAsync(""));
        Assert.Equal(await AverageAsync(""), (await AskAsync<UsageMonths>("months")).Months.Single(month => month.Month == "2026-04").Working);
    }

    [Fact]
    public async Task Months_are_cumulated_and_the_current_one_averaged_up_to_yesterday()
    {
        await CountAsync(
            Facts.One(At(2025, 12, 30)), Facts.One(At(2026, 1, 5)), Facts.One(At(2026, 1, 6)), Facts.One(At(2026, 10, 5)), Facts.One(At(2026, 11, 18)), Facts.One(At(2026, 11, 20)));

        var months = (await AskAsync<UsageMonths>("months?compare=previous,year")).Months;

        Assert.Equal(("2025-11", "2026-11", 13), (months[0].Month, months[^1].Month, months.Count));
        Assert.Equal([1L, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 5], months.Skip(1).Select(month => month.CumulatedInYear!.Value));
        Assert.Equal(new UsageCount(2, 1, 0, Masked: false), months[^1].Count);
        Assert.Equal(new UsageAverage(13, Math.Round(1.0 / 13, 2)), months[^1].Working);
        Assert.Equal(new UsageAverage(21, 0.1), months[2].Working);
        Assert.Equal(["2025-12", "2026-01"], (await AskAsync<UsageMonths>("months?from=2025-12-15&to=2026-01-02")).Months.Select(month => month.Month));
    }

    [Fact]
    public async Task A_running_month_is_compared_with_its_own_days_of_another_month()
    {
        await CountAsync(
            Facts.One(At(2026, 11, 3)), Facts.One(At(2025, 11, 20)), Facts.One(At(2025, 11, 21)), Facts.One(At(2025, 11, 30)), Facts.One(At(2026, 10, 20)), Facts.One(At(2026, 10, 21)), Facts.One(At(2025, 10, 30)));

        var months = (await AskAsync<UsageMonths>("months?compare=previous,year")).Months;
        var points = Assert.Single((await AskAsync<UsageSeries>("series?step=month&from=2026-10-01&to=2026-12-31&compare=previous,year")).Lines).Points;
        var one = Assert.Single(Assert.Single((await AskAsync<UsageSeries>("series?step=month&from=2026-11-01&by=regime&compare=previous,year")).Lines).Points);

        // Up to the twentieth, as November has come; October is whole.
        Assert.Equal(new UsageCount(1, 1, 1, Masked: false), months[^1].Count);
        Assert.Equal(new UsageCount(2, 0, 1, Masked: false), months[^2].Count);
        Assert.Equal(3, months[0].Count.Consultations);
        Assert.Equal([("2026-10", new UsageCount(2, 0, 1, Masked: false)), ("2026-11", new UsageCount(1, 0, 1, Masked: false))], points.Select(point => (point.At, point.Count)));
        Assert.Equal(new UsageCount(1, 1, 1, Masked: false), one.Count);
    }

    [Fact]
    public async Task Of_what_has_not_come_there_is_no_average_and_no_point_of_a_curve()
    {
        await CountAsync(Facts.One(At(2026, 11, 18)), Facts.One(At(2025, 11, 22)), Facts.One(At(2025, 12, 3)));

        var months = (await AskAsync<UsageMonths>("months?from=2026-11-01&to=2026-12-31&compare=year")).Months;
        var days = Assert.Single((await AskAsync<UsageSeries>("series?from=2026-11-18&to=2026-11-30&compare=year")).Lines).Points;

        Assert.Equal([new UsageAverage(13, Math.Round(1.0 / 13, 2)), new UsageAverage(0, null)], months.Select(month => month.Working));
        Assert.Equal("2026-11-18", Assert.Single(days).At);
    }

    [Theory]
    [InlineData("2026-10-20", "2026-10-25", "2026-10-01", "2026-10-31", 2)]
    [InlineData("2026-10-20", "2026-11-05", "2026-10-01", "2026-11-20", 3)]
    [InlineData("2026-11-05", "2026-11-30", "2026-11-01", "2026-11-20", 1)]
    public async Task Months_are_whole_and_what_is_given_says_so(string from, string to, string first, string last, long count)
    {
        await CountAsync(Facts.One(At(2026, 10, 2)), Facts.One(At(2026, 10, 22)), Facts.One(At(2026, 11, 10)));

        using var response = await Host.ClientOf(Token(CdrRoles.Operations)).GetAsync($"/api/usage/export.csv?step=month&from={from}&to={to}", Cancel);
        var series = await AskAsync<UsageSeries>($"series?step=month&from={from}&to={to}");

        Assert.Equal($"consultations-{first}-{last}.csv", response.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal((DateOnly.ParseExact(first, "yyyy-MM-dd"), DateOnly.ParseExact(last, "yyyy-MM-dd")), (series.From, series.To));
        Assert.Equal(count, series.Lines.Sum(line => line.Points.Sum(point => point.Count.Consultations)));
        Assert.Equal(count, (await AskAsync<UsageRow[]>($"export?step=month&from={from}&to={to}")).Sum(row => row.Consultations));
    }
}

public sealed class ReadFiguresTests(SharedHost shared) : ReadFiguresRules(shared), IClassFixture<SharedHost>;

[Collection<OnPostgres>]
public sealed class ReadFiguresOnPostgresTests(PostgresHost shared) : ReadFiguresRules(shared);
