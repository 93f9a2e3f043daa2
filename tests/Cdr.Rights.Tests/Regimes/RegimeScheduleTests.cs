using System.Net;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Tests.Regimes;

/// <summary>A regime is not asked what it cannot answer, nor when.</summary>
public sealed class RegimeScheduleTests
{
    [Theory]
    // CANSSM is closed from 23:30 to 04:30 in Paris, one hour ahead of UTC in November.
    [InlineData("2026-11-23T22:29:59Z", false)]
    [InlineData("2026-11-23T22:30:00Z", true)]
    [InlineData("2026-11-24T03:29:59Z", true)]
    [InlineData("2026-11-24T03:30:00Z", false)]
    public async Task A_daily_closure_is_known_before_the_call(string now, bool isClosed)
    {
        using var harness = new RegimeHarness();
        harness.Clock.SetUtcNow(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        harness.Plan(Recorded.Body("canssm", "unknown"), Recorded.ContentType("canssm"));

        var answer = await harness.AskAsync("canssm", RegimeHarness.ByNir with { CareDate = new DateOnly(2026, 11, 24) });

        Assert.Equal(isClosed, answer == new RegimeAnswer.NotAsked(NotAskedReason.ClosedNow));
        Assert.Equal(isClosed ? 0 : 1, harness.Sent);
        var health = harness.Caller.Health().Single(one => one.Regime.Value == "canssm");
        Assert.Equal(isClosed, health.State == RegimeHealthState.Closed);
        if (isClosed)
            Assert.Equal(new DateTimeOffset(2026, 11, 23, 22, 30, 0, TimeSpan.Zero), health.Since);
    }

    [Theory]
    [InlineData("2026-11-26T12:00:00Z", "2026-11-26T12:00:00Z")]
    // Before and after midnight in Paris.
    [InlineData("2026-11-25T22:40:00Z", "2026-11-26T03:30:00Z")]
    [InlineData("2026-11-26T01:00:00Z", "2026-11-26T03:30:00Z")]
    // An interruption that began before the closure ends.
    [InlineData("2026-11-27T02:00:00Z", "2026-11-27T08:00:00Z")]
    [InlineData("2026-11-27T05:00:00Z", "2026-11-27T08:00:00Z")]
    // A night that is an hour short, and one that is an hour long.
    [InlineData("2026-03-28T22:30:00Z", "2026-03-29T02:30:00Z")]
    [InlineData("2026-03-29T02:00:00Z", "2026-03-29T02:30:00Z")]
    [InlineData("2026-10-24T21:30:00Z", "2026-10-25T03:30:00Z")]
    [InlineData("2026-10-25T00:30:00Z", "2026-10-25T03:30:00Z")]
    public void When_it_answers_again_is_after_closure_and_interruption(string now, string again)
    {
        var row = Recorded.Row("canssm") with { Downtime = [new PlannedDowntime(At("2026-11-27T03:00:00Z"), At("2026-11-27T08:00:00Z"))] };

        Assert.Equal(At(again), RegimeSchedule.AnswersAgain(row, At(now)));

        static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("2026-11-26T01:00:00Z", "2026-11-25T22:30:00Z")]
    [InlineData("2026-03-28T22:30:00Z", "2026-03-28T22:30:00Z")]
    [InlineData("2026-03-29T02:00:00Z", "2026-03-28T22:30:00Z")]
    [InlineData("2026-10-24T21:30:00Z", "2026-10-24T21:30:00Z")]
    [InlineData("2026-10-25T03:00:00Z", "2026-10-24T21:30:00Z")]
    public void Since_when_it_is_closed_is_by_the_clock_of_paris_whichever_hour_that_night_has(string now, string since)
    {
        Assert.Equal(At(since), RegimeSchedule.ClosedSince(Recorded.Row("canssm"), At(now)));

        static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory]
    // In the hour that the night has twice, and in the one that it has not.
    [InlineData("02:15", "02:45", "2026-10-25T00:20:00Z")]
    [InlineData("02:15", "02:45", "2026-10-25T01:20:00Z")]
    [InlineData("01:30", "02:30", "2026-03-29T00:45:00Z")]
    [InlineData("02:30", "03:30", "2026-03-29T01:10:00Z")]
    public void A_closure_that_begins_or_ends_in_an_hour_of_the_change_began_before_and_ends_after(string from, string to, string at)
    {
        var row = Recorded.Row("cnam") with { ClosedDaily = [new DailyClosure(TimeOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), TimeOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture))] };
        var now = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);

        Assert.InRange(RegimeSchedule.ClosedSince(row, now)!.Value, now.AddHours(-2), now);
        Assert.InRange(RegimeSchedule.AnswersAgain(row, now), now.AddMinutes(1), now.AddHours(2));
    }

    [Fact]
    public void Closed_for_more_than_a_year_it_says_until_when_and_what_was_announced_stands_beside_the_registry()
    {
        var now = new DateTimeOffset(2026, 11, 27, 8, 0, 0, TimeSpan.Zero);
        var row = Recorded.Row("cnam") with { Downtime = [new PlannedDowntime(now.AddHours(-1), now.AddHours(1))] };
        row.Announce([new PlannedDowntime(now, now.AddDays(500))]);

        Assert.Equal((2, now.AddDays(500)), (row.Interruptions.Count, RegimeSchedule.AnswersAgain(row, now)));
        row.Announce([]);
        Assert.Equal((1, now.AddHours(1)), (row.Interruptions.Count, RegimeSchedule.AnswersAgain(row, now)));
        Assert.Empty((row with { Downtime = null }).Interruptions);
    }

    [Fact]
    public async Task A_question_a_regime_cannot_answer_is_not_asked()
    {
        using var harness = new RegimeHarness(row => row.Id.Value switch
        {
            "cnam" => row with { OpenedOn = RegimeHarness.Today.AddDays(1) },
            "msa" => row with { ClosedOn = RegimeHarness.Today.AddDays(-1) },
            _ => row,
        });
        var past = RegimeHarness.ByNir with { CareDate = RegimeHarness.Today.AddDays(-1) };

        Assert.Equal(new RegimeAnswer.NotAsked(NotAskedReason.NotOpen), await harness.AskAsync("cnam"));
        Assert.Equal(new RegimeAnswer.NotAsked(NotAskedReason.NotOpen), await harness.AskAsync("msa"));
        Assert.Equal(new RegimeAnswer.NotAsked(NotAskedReason.NoSearchByName), await harness.AskAsync("mgp", RegimeHarness.ByName));
        Assert.Equal(new RegimeAnswer.NotAsked(NotAskedReason.NoPastDates), await harness.AskAsync("enim", past));
        Assert.Equal(0, harness.Sent);
    }

    [Fact]
    public async Task The_evening_of_martinique_is_not_a_past_date_after_midnight_in_paris()
    {
        using var harness = new RegimeHarness();
        harness.Clock.SetUtcNow(new DateTimeOffset(2026, 11, 24, 3, 59, 0, TimeSpan.Zero));
        harness.Plan(Recorded.Body("enim", "unknown"), Recorded.ContentType("enim"), HttpStatusCode.InternalServerError);

        Assert.IsType<RegimeAnswer.Unknown>(await harness.AskAsync("enim"));
        harness.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new RegimeAnswer.NotAsked(NotAskedReason.NoPastDates), await harness.AskAsync("enim"));
    }
}
