using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;
using Cdr.Usage.Tests.Doubles;

namespace Cdr.Usage.Tests.Features;

/// <summary>A group sees the country's sums, and nobody's few consultations.</summary>
public abstract class BeyondOneselfRules(SharedHost shared) : UsageQuestions(shared)
{
    private string Manager => Token(CdrRoles.GroupManager, null, "ghu-paris");

    [Fact]
    public async Task What_is_left_of_a_number_without_ones_own_is_none_or_five_at_least()
    {
        await CountAsync(
        [
            // 75: three of the group's own and nobody else's. 69: four of others'. 59: five of others'. 13: ten of the group's and one of another.
            .. Many(3, "75", "ghu-paris"), .. Many(4, "69", "hcl"), .. Many(5, "59", "ghu-nord"), .. Many(10, "13", "ghu-paris"), .. Many(1, "13", "aphm"),
        ]);

        var breakdown = await AskAsync<UsageBreakdown>("breakdown?by=department&scope=country", Manager);

        Assert.Equal([("59", 5L, false), ("75", 3, false), ("13", null, true), ("69", null, true)], breakdown.Rows.Select(row => (row.Key, row.Count.Consultations, row.Count.Masked)));
        Assert.Equal((8L, 0, 0L), (breakdown.Total, breakdown.OtherValues, breakdown.Others));
        Assert.Equal(23, (await AskAsync<UsageBreakdown>("breakdown?by=department")).Total);
        Assert.Equal([("13", 10L), ("75", 3L)], (await AskAsync<UsageBreakdown>("breakdown?by=department", Manager)).Rows.Select(row => (row.Key, row.Count.Consultations!.Value)));
    }

    [Fact]
    public async Task A_number_that_is_masked_alone_cannot_be_had_by_subtraction()
    {
        await CountAsync([.. Many(2, "69", "hcl"), .. Many(6, "59", "ghu-nord"), .. Many(9, "33", "chu"), .. Many(7, "75", "ghu-paris")]);

        // All of it is 24: one masked row alone would be what is missing.
        Assert.Equal(24, (await AskAsync<UsageSummary>("summary?scope=country", Manager)).Count.Consultations);
        var breakdown = await AskAsync<UsageBreakdown>("breakdown?by=department&scope=country", Manager);
        Assert.Equal([("33", 9L), ("75", 7), ("59", null), ("69", null)], breakdown.Rows.Select(row => (row.Key, row.Count.Consultations)));
        var lines = (await AskAsync<UsageSeries>("series?by=department&scope=country&step=day", Manager)).Lines;
        Assert.Equal(["33", "75"], lines.Where(line => line.Points.All(point => point.Count.Consultations is not null)).Select(line => line.Key).Order());
        // Whoever sees all sees them.
        Assert.Equal(24, (await AskAsync<UsageBreakdown>("breakdown?by=department")).Rows.Sum(row => row.Count.Consultations));
    }

    [Fact]
    public async Task An_average_does_not_tell_the_few_of_a_week_end()
    {
        // Six on a Tuesday, one on a Saturday: the average times the working days, taken from the sum, would be that one.
        await CountAsync([.. Enumerable.Range(0, 6).Select(_ => Facts.One(At(2026, 11, 10), Lyon, "hcl", "69")), Facts.One(At(2026, 11, 14), Lyon, "hcl", "69")]);

        var summary = await AskAsync<UsageSummary>("summary?from=2026-11-09&to=2026-11-15&scope=country&department=69", Manager);

        Assert.Equal((7L, (double?)null), (summary.Count.Consultations, summary.Working.PerDay));
        Assert.NotNull((await AskAsync<UsageSummary>("summary?from=2026-11-09&to=2026-11-15&department=69")).Working.PerDay);
    }

    [Fact]
    public async Task An_average_up_to_yesterday_does_not_tell_the_few_of_today()
    {
        // Twenty from Monday to Thursday, three today: the average times its four days, taken from the sum, would be those three.
        await CountAsync([.. OfThisWeek(20), .. OfToday(3)]);
        const string Week = "summary?from=2026-11-16&to=2026-11-20&scope=country&department=69";
        const string Month = "months?from=2026-11-01&to=2026-11-20&scope=country&department=69";

        var summary = await AskAsync<UsageSummary>(Week, Manager);
        var month = Assert.Single((await AskAsync<UsageMonths>(Month, Manager)).Months);

        Assert.Equal((23L, new UsageAverage(4, null)), (summary.Count.Consultations, summary.Working));
        Assert.Equal((23L, (double?)null), (month.Count.Consultations, month.Working.PerDay));
        // Who sees all is told, and of five all are; up to yesterday there is nothing beside the average.
        Assert.Equal(5, (await AskAsync<UsageSummary>(Week)).Working.PerDay);
        Assert.Equal(5, (await AskAsync<UsageSummary>(Week.Replace("2026-11-20", "2026-11-19", StringComparison.Ordinal), Manager)).Working.PerDay);
        await CountAsync([.. OfToday(2)]);
        Assert.Equal(5, (await AskAsync<UsageSummary>(Week, Manager)).Working.PerDay);
        Assert.NotNull(Assert.Single((await AskAsync<UsageMonths>(Month, Manager)).Months).Working.PerDay);

        static IEnumerable<Contracts.Rights.ConsultationFact> OfThisWeek(int count) => Enumerable.Range(0, count).Select(n => Facts.One(At(2026, 11, 16 + n % 4), Lyon, "hcl", "69"));

        static IEnumerable<Contracts.Rights.ConsultationFact> OfToday(int count) => Enumerable.Range(0, count).Select(_ => Facts.One(At(2026, 11, 20).AddHours(-1), Lyon, "hcl", "69"));
    }

    [Fact]
    public async Task The_days_that_a_running_month_is_compared_with_do_not_tell_the_few_after_them()
    {
        // Of November 2025 ten up to the twentieth and two after it: the whole month stands in the same answer.
        await CountAsync([.. Enumerable.Range(0, 10).Select(_ => Facts.One(At(2025, 11, 10), Lyon, "hcl", "69")), .. Enumerable.Range(0, 2).Select(_ => Facts.One(At(2025, 11, 25), Lyon, "hcl", "69"))]);

        var months = (await AskAsync<UsageMonths>("months?scope=country&compare=year", Manager)).Months;
        var points = Assert.Single((await AskAsync<UsageSeries>("series?step=month&from=2025-11-01&scope=country&compare=year", Manager)).Lines).Points;

        Assert.Equal((12L, (long?)null), (months[0].Count.Consultations, months[^1].Count.PreviousYear));
        Assert.Equal((12L, (long?)null), (points[0].Count.Consultations, points[^1].Count.PreviousYear));
        Assert.Equal(10, (await AskAsync<UsageMonths>("months?compare=year")).Months[^1].Count.PreviousYear);
    }

    [Fact]
    public async Task A_curve_cumulates_no_further_than_a_masked_point_and_no_percentile_tells_it()
    {
        await CountAsync(
        [
            .. Enumerable.Range(0, 6).Select(_ => Facts.One(At(2026, 11, 10), Lyon, "hcl", "69")), .. Enumerable.Range(0, 2).Select(_ => Facts.One(At(2026, 11, 11), Lyon, "hcl", "69")),
            .. Enumerable.Range(0, 6).Select(_ => Facts.One(At(2026, 11, 12), Lyon, "hcl", "69")),
        ]);

        var points = Assert.Single((await AskAsync<UsageSeries>("series?scope=country&latency=true", Manager)).Lines).Points;

        Assert.Equal([6L, null, 6L], points.Select(point => point.Count.Consultations));
        Assert.Equal([6L, null, null], points.Select(point => point.Cumulated));
        Assert.Equal([true, false, true], points.Select(point => point.Latency is not null));
        Assert.Equal([false, true, false], points.Select(point => point.Count.Masked));
    }

    [Fact]
    public async Task Numbers_of_earlier_periods_averages_and_parts_are_masked_alike()
    {
        await CountAsync([.. Enumerable.Range(0, 6).Select(_ => Facts.One(At(2026, 11, 10), Lyon, "hcl", "69")), Facts.One(At(2026, 10, 6), Lyon, "hcl", "69"), Facts.One(At(2025, 11, 10))]);

        var summary = await AskAsync<UsageSummary>("summary?from=2026-11-01&to=2026-11-30&scope=country&compare=previous,year", Manager);
        var months = (await AskAsync<UsageMonths>("months?scope=country", Manager)).Months;

        // The one of 2025 is the group's own.
        Assert.Equal(new UsageCount(6, null, 1, Masked: true), summary.Count);
        Assert.NotNull(summary.Working.PerDay);
        Assert.Equal((null, null), (months[^2].Count.Consultations, months[^2].Working.PerDay));
        Assert.Null(months[^1].CumulatedInYear);
    }

    [Theory]
    [InlineData("breakdown?by=establishment&scope=country")]
    [InlineData("breakdown?by=group&scope=country")]
    [InlineData("breakdown?by=unit&scope=country")]
    [InlineData("series?scope=country&establishment=690000005")]
    [InlineData("summary?scope=country&unit=urg-1")]
    [InlineData("months?scope=country&group=hcl")]
    public async Task No_establishment_is_told_apart_beyond_ones_own(string path) => Assert.Equal((HttpStatusCode.BadRequest, "scope", "scope-too-fine"), await RefusalAsync(path, Manager));

    [Fact]
    public async Task An_export_is_of_ones_own_a_clerk_sees_no_country_and_who_sees_all_sees_it_unmasked()
    {
        await CountAsync(Facts.One(At(2026, 11, 10), Lyon, "hcl", "69"));

        Assert.Equal((HttpStatusCode.BadRequest, "scope", "export-own-only"), await RefusalAsync("export.csv?scope=country", Manager));
        Assert.Equal((HttpStatusCode.Forbidden, null, "scope-not-allowed"), await RefusalAsync("series?scope=country", Token(CdrRoles.Clerk, Paris)));
        Assert.Equal(1, (await AskAsync<UsageBreakdown>("breakdown?by=establishment&scope=country")).Total);
        Assert.Empty((await AskAsync<UsageBreakdown>("breakdown?by=regime", Token(CdrRoles.Referent, Paris))).Rows);
        Assert.True(Assert.Single((await AskAsync<UsageBreakdown>("breakdown?by=regime&scope=country", Token(CdrRoles.Referent, Paris))).Rows).Count.Masked);
    }

    private static IEnumerable<Contracts.Rights.ConsultationFact> Many(int count, string department, string group) =>
        Enumerable.Range(0, count).Select(_ => Facts.One(At(2026, 11, 10), "750100018", group, department));
}

public sealed class BeyondOneselfTests(SharedHost shared) : BeyondOneselfRules(shared), IClassFixture<SharedHost>;

[Collection<OnPostgres>]
public sealed class BeyondOneselfOnPostgresTests(PostgresHost shared) : BeyondOneselfRules(shared);
