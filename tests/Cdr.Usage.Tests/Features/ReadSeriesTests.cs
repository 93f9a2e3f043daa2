using System.Net;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;
using Cdr.Usage.Tests.Doubles;

namespace Cdr.Usage.Tests.Features;

public abstract class ReadSeriesRules(SharedHost shared) : UsageQuestions(shared)
{
    [Fact]
    public async Task One_curve_a_day_cumulates_what_it_shows()
    {
        await CountAsync(Facts.One(At(2026, 11, 10)), Facts.One(At(2026, 11, 10), regime: "msa"), Facts.One(At(2026, 11, 12)), Facts.One(At(2026, 10, 1)));

        var series = await AskAsync<UsageSeries>("series?from=2026-11-01&to=2026-11-30");

        Assert.Equal(("day", new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 30)), (series.Step, series.From, series.To));
        var line = Assert.Single(series.Lines);
        Assert.Null(line.Key);
        Assert.Equal([("2026-11-10", 2L, 2L), ("2026-11-12", 1L, 3L)], line.Points.Select(point => (point.At, point.Count.Consultations!.Value, point.Cumulated!.Value)));
        Assert.All(line.Points, point => Assert.Null(point.Latency));
    }

    [Theory]
    [InlineData("regime", "cnam:3 msa:1 several:1")]
    [InlineData("department", "75:4 69:1")]
    [InlineData("region", "11:4 84:1")]
    [InlineData("group", "ghu-paris:4 hcl:1")]
    [InlineData("establishment", "750100018:4 690000005:1")]
    [InlineData("unit", "urg-1:4 adm:1")]
    [InlineData("function", "emergencies:4 reception:1")]
    [InlineData("reason", "emergency:4 patient-absent:1")]
    [InlineData("outcome", "found:4 notFound:1")]
    [InlineData("source", "live:4 stale:1")]
    public async Task A_curve_a_value_of_anything_that_is_counted(string by, string expected)
    {
        await CountAsync(
            Facts.One(At(2026, 11, 10)), Facts.One(At(2026, 11, 11)), Facts.One(At(2026, 11, 12), regime: "msa"), Facts.One(At(2026, 11, 12), regime: "several"),
            Facts.One(At(2026, 11, 13), Lyon, "hcl", "69", "adm", "reception", "patient-absent", ConsultationOutcome.NotFound, "cnam", Freshness.Stale));

        foreach (var step in (string[])["day", "month"])
        {
            var series = await AskAsync<UsageSeries>($"series?by={by}&step={step}");
            Assert.Equal(expected, string.Join(' ', series.Lines.Select(line => $"{line.Key}:{line.Points.Sum(point => point.Count.Consultations)}")));
        }

        Assert.Equal(expected.Split(' ')[0].Split(':')[0], Assert.Single((await AskAsync<UsageSeries>($"series?by={by}&top=1")).Lines).Key);
    }

    [Fact]
    public async Task Filters_hold_together()
    {
        await CountAsync(
            Facts.One(At(2026, 11, 10)), Facts.One(At(2026, 11, 10), regime: "msa"), Facts.One(At(2026, 11, 10), reason: "patient-absent"),
            Facts.One(At(2026, 11, 10), Lyon, "hcl", "69"), Facts.One(At(2026, 11, 10), outcome: ConsultationOutcome.Incomplete, source: Freshness.Cached));

        foreach (var (filter, expected) in ((string, long)[])
        [
            ("department=75", 4), ("department=69", 1), ("establishment=" + Lyon, 1), ("group=ghu-paris&regime=cnam", 3), ("department=75&regime=cnam&reason=emergency", 2),
            ("outcome=incomplete&source=cached", 1), ("outcome=found&regime=msa", 1), ("unit=urg-1&function=emergencies&department=69", 1),
        ])
            Assert.Equal(expected, (await AskAsync<UsageSeries>("series?" + filter)).Lines.Sum(line => line.Points.Sum(point => point.Count.Consultations)));
        Assert.Empty((await AskAsync<UsageSeries>("series?department=01")).Lines);
    }

    [Fact]
    public async Task Days_are_compared_with_those_before_and_those_of_the_year_before()
    {
        await CountAsync(
            Facts.One(At(2026, 11, 10)), Facts.One(At(2026, 11, 10)), Facts.One(At(2026, 11, 3)), Facts.One(At(2025, 11, 10)), Facts.One(At(2025, 11, 11)));

        var line = Assert.Single((await AskAsync<UsageSeries>("series?from=2026-11-09&to=2026-11-15&compare=previous,year")).Lines);

        // The eleventh has nothing but its year before.
        Assert.Equal(
            [("2026-11-10", 2L, 1L, 1L), ("2026-11-11", 0L, 0L, 1L)],
            line.Points.Select(point => (point.At, point.Count.Consultations!.Value, point.Count.PreviousPeriod!.Value, point.Count.PreviousYear!.Value)));
    }

    [Fact]
    public async Task Months_are_compared_with_as_many_months_before_and_the_year_before()
    {
        await CountAsync(Facts.One(At(2026, 11, 2)), Facts.One(At(2026, 10, 2)), Facts.One(At(2026, 9, 2)), Facts.One(At(2025, 10, 2)), Facts.One(At(2023, 1, 2)));

        var line = Assert.Single((await AskAsync<UsageSeries>("series?step=month&from=2026-10-01&to=2026-11-30&compare=previous,year")).Lines);
        var old = Assert.Single((await AskAsync<UsageSeries>("series?step=month&from=2020-01-01&to=2026-11-30")).Lines);

        Assert.Equal([("2026-10", 1L, 0L, 1L), ("2026-11", 1L, 1L, 0L)], line.Points.Select(point => (point.At, point.Count.Consultations!.Value, point.Count.PreviousPeriod!.Value, point.Count.PreviousYear!.Value)));
        Assert.Equal(["2023-01", "2025-10", "2026-09", "2026-10", "2026-11"], old.Points.Select(point => point.At));
    }

    [Fact]
    public async Task Hours_and_minutes_are_instants_and_a_day_has_as_many_as_it_has()
    {
        await CountAsync(
            Facts.One(new DateTimeOffset(2026, 11, 20, 7, 58, 59, TimeSpan.Zero)), Facts.One(new DateTimeOffset(2026, 11, 20, 7, 59, 0, TimeSpan.Zero)),
            // The last hour of 25 October in Paris, which has 25 of them.
            Facts.One(new DateTimeOffset(2026, 10, 25, 22, 30, 0, TimeSpan.Zero)), Facts.One(new DateTimeOffset(2026, 10, 25, 23, 0, 0, TimeSpan.Zero)));

        var minutes = Assert.Single((await AskAsync<UsageSeries>("series?step=minute&from=2026-11-20&to=2026-11-20")).Lines);
        var hours = Assert.Single((await AskAsync<UsageSeries>("series?step=hour&from=2026-10-25&to=2026-10-25")).Lines);

        Assert.Equal(["2026-11-20T07:58:00Z", "2026-11-20T07:59:00Z"], minutes.Points.Select(point => point.At));
        Assert.Equal("2026-10-25T22:00:00Z", Assert.Single(hours.Points).At);
    }

    [Fact]
    public async Task Percentiles_are_told_when_asked_for()
    {
        await CountAsync([.. Enumerable.Range(1, 100).Select(n => Facts.One(At(2026, 11, 10), milliseconds: n <= 90 ? 80 : n == 100 ? 2000 : 300))]);

        var latency = Assert.Single(Assert.Single((await AskAsync<UsageSeries>("series?latency=true")).Lines).Points).Latency!;

        Assert.InRange(latency.P50, 76, 100);
        Assert.InRange(latency.P95, 251, 400);
        Assert.InRange(latency.P99, 251, 400);
        Assert.Equal(0.99, latency.WithinOneSecond);
    }

    [Theory]
    [InlineData("series?step=week", "step", "step-unknown")]
    [InlineData("series?step=1", "step", "step-unknown")]
    [InlineData("series?by=nir", "by", "dimension-unknown")]
    [InlineData("series?top=0", "top", "top-out-of-range")]
    [InlineData("series?from=2026-13-01", "from", "date-unreadable")]
    [InlineData("series?to=demain", "to", "date-unreadable")]
    [InlineData("series?from=2026-11-10&to=2026-11-09", "from", "period-reversed")]
    [InlineData("series?from=1999-12-31", "from", "period-out-of-range")]
    [InlineData("series?from=2000-01-01&to=2026-01-01", "from", "period-too-long")]
    [InlineData("series?to=9999-12-31", "to", "period-out-of-range")]
    [InlineData("series?department=99", "department", "filter-unknown")]
    [InlineData("series?establishment=750100019", "establishment", "filter-unknown")]
    [InlineData("series?outcome=0", "outcome", "filter-unknown")]
    [InlineData("series?source=fresh", "source", "filter-unknown")]
    [InlineData("series?scope=world", "scope", "scope-unknown")]
    [InlineData("series?compare=decade", "compare", "comparison-unknown")]
    [InlineData("series?step=hour&compare=year", "compare", "comparison-too-fine")]
    [InlineData("series?by=establishment&from=2026-01-01", "step", "step-too-fine")]
    [InlineData("series?by=establishment&from=2026-01-01&regime=cnam", "step", "step-too-fine")]
    [InlineData("breakdown", "by", "dimension-missing")]
    [InlineData("breakdown?by=regime&top=5001", "top", "top-out-of-range")]
    [InlineData("breakdown?by=regime&from=2025-06-15&to=2025-08-15", "from", "period-too-old")]
    [InlineData("summary?from=2025-06-15&to=2025-08-15", "from", "period-too-old")]
    [InlineData("series?from=2025-06-15&to=2025-08-15", "from", "period-too-old")]
    [InlineData("series?step=minute&from=2020-01-01", "from", "period-too-old")]
    [InlineData("series?to=2025-06-15", "to", "period-too-old")]
    [InlineData("series?step=hour&to=2026-06-01", "to", "period-too-old")]
    [InlineData("series?step=hour&from=2026-06-01", "from", "period-too-old")]
    [InlineData("export?from=2025-06-15&to=2025-08-15", "from", "period-too-old")]
    [InlineData("export.csv?step=hour&from=2026-06-01", "from", "period-too-old")]
    [InlineData("daily?from=2025-06-15&to=2025-08-15", "from", "period-too-old")]
    [InlineData("export?step=minute", "step", "step-unknown")]
    [InlineData("export.csv?step=year", "step", "step-unknown")]
    public async Task A_bad_question_is_refused_by_the_name_of_its_field(string path, string field, string code) =>
        Assert.Equal((HttpStatusCode.BadRequest, field, code), await RefusalAsync(path));

    [Theory]
    [InlineData(CdrRoles.Clerk, Paris, "ghu-paris", 1)]
    [InlineData(CdrRoles.GroupManager, null, "ghu-paris", 2)]
    [InlineData(CdrRoles.Operations, null, null, 3)]
    public async Task Each_role_sees_its_own_whatever_it_asks(string role, string? finess, string? group, long seen)
    {
        await CountAsync(Facts.One(At(2026, 11, 10)), Facts.One(At(2026, 11, 10), "750100125"), Facts.One(At(2026, 11, 10), Lyon, "hcl", "69"));
        var token = Token(role, finess, group);

        Assert.Equal(seen, (await AskAsync<UsageSeries>("series", token)).Lines.Sum(line => line.Points.Sum(point => point.Count.Consultations)));
        Assert.Equal(seen, (await AskAsync<UsageBreakdown>("breakdown?by=establishment", token)).Total);
        Assert.Equal(seen, (await AskAsync<UsageSummary>("summary", token)).Count.Consultations);
        Assert.Equal(seen, (await AskAsync<UsageMonths>("months", token)).Months.Sum(month => month.Count.Consultations));
        Assert.Equal(seen, (await AskAsync<UsageRow[]>("export", token)).Sum(row => row.Consultations));
        if (role != CdrRoles.Operations)
        {
            // A filter narrows, and never opens.
            Assert.Empty((await AskAsync<UsageSeries>("series?department=69", token)).Lines);
            Assert.Empty(await AskAsync<UsageRow[]>($"export?establishment={Lyon}", token));
        }
    }
}

public sealed class ReadSeriesTests(SharedHost shared) : ReadSeriesRules(shared), IClassFixture<SharedHost>;

[Collection<OnPostgres>]
public sealed class ReadSeriesOnPostgresTests(PostgresHost shared) : ReadSeriesRules(shared);
