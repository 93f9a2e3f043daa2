using System.Net;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;
using Cdr.Usage.Features.ReadObjectives;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Cdr.Usage.Tests.Doubles;

namespace Cdr.Usage.Tests.Features;

/// <summary>The clock stands at 2026-11-20, a Friday, 09:00 in Paris.</summary>
public abstract class ReadObjectivesRules(SharedHost shared) : UsageQuestions(shared)
{
    [Fact]
    public async Task Each_promise_has_its_budget_of_what_was_counted()
    {
        await CountAsync(
        [
            .. Many(10, 200, minutes: 600), .. Many(10, 1, minutes: 600, milliseconds: 1001), .. Many(10, 3, minutes: 600, outcome: ConsultationOutcome.Incomplete, milliseconds: 1000),
            .. Many(10, 96, minutes: 600, source: Freshness.Cached), .. Many(31, 1000, minutes: 0, milliseconds: 5000),
        ]);

        var objectives = await AskAsync<UsageObjectives>("objectives");

        Assert.Equal((Clock.GetUtcNow(), 30), (objectives.At, objectives.Days));
        Assert.Equal(["availability", "latency", "complete", "cache"], objectives.Objectives.Select(one => one.Id));
        Assert.Equal(
            [("latency", 0.99, 300L, 299L, 3d, 0.6667), ("complete", 0.99, 300, 297, 3, 0), ("cache", 0.25, 300, 96, 225, 0.0933)],
            objectives.Objectives.Skip(1).Select(one => (one.Id, one.Target, one.Total, one.Good, one.Budget, one.Left!.Value)));
        // Ten days and ten hours ago: in none of the windows.
        Assert.All(objectives.Objectives.Skip(1), one => Assert.All(one.Burn, burn => Assert.Null(burn.Rate)));
        Assert.All(objectives.Objectives.Skip(1), one => Assert.Equal("none", one.Alert));
    }

    [Fact]
    public async Task A_window_holds_what_was_asked_in_it_up_to_now()
    {
        await CountAsync([.. Many(0, 50, minutes: 4), .. Many(0, 49, minutes: 29), .. Many(0, 1, minutes: 29, milliseconds: 2000), .. Many(0, 100, minutes: 59), .. Many(0, 200, minutes: 300), .. Many(2, 200, minutes: 0)]);

        var latency = (await AskAsync<UsageObjectives>("objectives")).Objectives[1];

        Assert.Equal([("5m", 0d), ("30m", 1), ("1h", 0.5), ("6h", 0.25), ("3d", 0.17)], latency.Burn.Select(burn => (burn.Window, burn.Rate!.Value)));
    }

    [Fact]
    public async Task An_hour_of_service_without_any_answer_is_an_outage_nights_and_holidays_are_none()
    {
        // From Monday the 9th at 15:00: of Wednesday the 11th, a holiday, and of the weekend nothing is expected.
        var from = new DateTimeOffset(2026, 11, 9, 14, 30, 0, TimeSpan.Zero);
        var hours = Enumerable.Range(0, 24 * 10 + 18).Select(hour => from.AddHours(hour)).Where(at => at < Clock.GetUtcNow().AddHours(-1)).ToList();
        // Thursday the 19th: 10:30 and 11:30 in Paris are missing.
        await CountAsync([.. hours.Where(at => !(at.Day == 19 && at.Hour is 9 or 10)).Select(at => Facts.One(at))]);

        var availability = (await AskAsync<UsageObjectives>("objectives")).Objectives[0];

        // Three hours of the 9th, seven whole days (10, 12, 13, 16 to 19), one of the 20th, in which nobody asked.
        Assert.Equal(("hour", 3L + 7 * 10 + 1, 3L + 7 * 10 - 2), (availability.Unit, availability.Total, availability.Good));
        Assert.Equal([null, null, 200d, 200d], availability.Burn.Take(4).Select(burn => burn.Rate));
    }

    [Fact]
    public void Whole_days_of_Paris_and_the_hours_at_both_ends_are_every_hour_once()
    {
        // From and to each hour of a day, over both changes of time.
        foreach (var day in (DateOnly[])[new(2026, 3, 28), new(2026, 10, 24), new(2026, 11, 19)])
        {
            foreach (var (from, count) in Enumerable.Range(Periods.Of(Grain.Hour, day), 50).SelectMany(from => new[] { 1, 2, 23, 24, 25, 26, 47, 72, 720 }, (from, count) => (from, count)))
                Assert.Equal(Enumerable.Range(from, count), ReadObjectives.Parts(from, from + count - 1).SelectMany(Hours).Order());
        }

        Assert.Equal(29, ReadObjectives.Parts(Periods.Of(Grain.Hour, new DateOnly(2026, 11, 20)) - 710, Periods.Of(Grain.Hour, new DateOnly(2026, 11, 20)) + 9).Single(part => part.Grain == Grain.Day) is var days ? days.To - days.From + 1 : 0);

        static IEnumerable<int> Hours((Grain Grain, int From, int To) part) => part.Grain == Grain.Hour
            ? Enumerable.Range(part.From, part.To - part.From + 1)
            : Enumerable.Range(Of(part.From), Of(part.To + 1) - Of(part.From));

        static int Of(int day) => Periods.Of(Grain.Hour, DateOnly.FromDayNumber(day));
    }

    [Fact]
    public async Task Whole_days_and_the_hours_at_both_ends_are_what_the_hours_say()
    {
        var now = Clock.GetUtcNow();
        var hour = now.ToUnixTimeSeconds() / 3600;
        // Over the end of summer time, and beyond both ends of the window; rather many at them.
        var facts = Facts.Mixed(seed: 13, count: 900, now, hours: 24 * 33).Concat(Facts.Mixed(seed: 14, count: 200, now, hours: 30)).Concat(Facts.Mixed(seed: 15, count: 200, now.AddHours(-719 + 24), hours: 48)).ToArray();
        await CountAsync(facts);

        foreach (var (filter, kept) in ((string, Func<ConsultationFact, bool>)[])[("", _ => true), ("?department=69", fact => fact.Department == "69")])
        {
            var objectives = (await AskAsync<UsageObjectives>("objectives" + filter)).Objectives;
            var expected = facts.Where(fact => kept(fact) && fact.At.ToUnixTimeSeconds() / 3600 > hour - 720).ToList();
            Assert.Equal(
                [(expected.Count, expected.Count(fact => fact.Milliseconds <= 1000)), (expected.Count, expected.Count(fact => fact.Outcome != ConsultationOutcome.Incomplete)), (expected.Count, expected.Count(fact => fact.Source == Freshness.Cached))],
                objectives.Skip(1).Select(one => ((int)one.Total, (int)one.Good)));
        }
    }

    [Fact]
    public async Task A_group_reads_its_own_and_whether_the_whole_service_was_there()
    {
        await CountAsync([.. Many(1, 10, minutes: 0), Facts.One(Clock.GetUtcNow().AddDays(-1), Lyon, "hcl", "69", milliseconds: 3000)]);

        var group = (await AskAsync<UsageObjectives>("objectives", Token(CdrRoles.GroupManager, null, "hcl"))).Objectives;
        var all = (await AskAsync<UsageObjectives>("objectives")).Objectives;

        Assert.Equal((1L, 0L), (group[1].Total, group[1].Good));
        Assert.Equal((11L, 10L), (all[1].Total, all[1].Good));
        Assert.Equal(all[0].Total, group[0].Total);
    }

    [Fact]
    public async Task Of_a_departement_its_consultations_alone_and_whether_the_whole_service_was_there()
    {
        await CountAsync([.. Many(1, 10, minutes: 0), Facts.One(Clock.GetUtcNow().AddDays(-1), Lyon, "hcl", "69", milliseconds: 3000)]);

        var there = (await AskAsync<UsageObjectives>("objectives?department=69")).Objectives;
        var all = (await AskAsync<UsageObjectives>("objectives")).Objectives;

        Assert.Equal((1L, 0L), (there[1].Total, there[1].Good));
        Assert.Equal(all[0].Total, there[0].Total);
        // A group sees its own there, and nothing of others.
        Assert.Equal(0, (await AskAsync<UsageObjectives>("objectives?department=75", Token(CdrRoles.GroupManager, null, "hcl"))).Objectives[1].Total);
        Assert.Equal((HttpStatusCode.BadRequest, "department", "filter-unknown"), await RefusalAsync("objectives?department=99"));
    }

    [Theory]
    [InlineData(144, 0, 144, 0, 0, "page")]
    [InlineData(143, 0, 1000, 0, 0, "none")]
    [InlineData(1000, 59, 1000, 60, 0, "page")]
    [InlineData(0, 60, 0, 60, 0, "page")]
    [InlineData(0, 59, 0, 60, 9, "none")]
    [InlineData(0, 0, 0, 10, 10, "ticket")]
    [InlineData(0, 0, 0, 10, 9, "none")]
    public void An_alert_wants_a_long_window_and_a_short_one(int fiveMinutes, int halfHour, int hour, int sixHours, int threeDays, string alert)
    {
        // Of a thousand each, bad ones; the budget is one in a hundred.
        var objective = Budget.Of("latency", "consultation", 99, (1000, 990), [.. new[] { fiveMinutes, halfHour, hour, sixHours, threeDays }.Select(bad => (1000L, 1000L - bad))]);

        Assert.Equal(alert, objective.Alert);
        Assert.Equal((0.99, 10, 0), (objective.Ratio!.Value, objective.Budget, objective.Left!.Value));
    }

    [Fact]
    public void Of_nothing_nothing_is_told()
    {
        var objective = Budget.Of("cache", "consultation", 25, (0, 0), [.. Budget.Windows.Select(_ => (0L, 0L))]);

        Assert.Equal((null, 0, null, "none"), (objective.Ratio, objective.Budget, objective.Left, objective.Alert));
    }

    private IEnumerable<ConsultationFact> Many(int days, int count, int minutes, ConsultationOutcome outcome = ConsultationOutcome.Found, Freshness source = Freshness.Live, int milliseconds = 100) =>
        Enumerable.Range(0, count).Select(_ => Facts.One(Clock.GetUtcNow().AddDays(-days).AddMinutes(-minutes), outcome: outcome, source: source, milliseconds: milliseconds));
}

public sealed class ReadObjectivesTests(SharedHost shared) : ReadObjectivesRules(shared), IClassFixture<SharedHost>;

[Collection<OnPostgres>]
public sealed class ReadObjectivesOnPostgresTests(PostgresHost shared) : ReadObjectivesRules(shared);
