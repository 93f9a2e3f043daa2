using System.Net;
using Cdr.Domain;
using Cdr.Rights.Regimes;
using Polly.CircuitBreaker;

namespace Cdr.Rights.Tests.Regimes;

public sealed class RegimeCallerTests
{
    private static readonly RegimeAnswer Failing = new RegimeAnswer.Unavailable(UnavailableReason.Failing);

    [Fact]
    public async Task A_regime_that_never_answers_is_a_timeout_when_its_time_is_over()
    {
        using var harness = new RegimeHarness();
        harness.Plan(HangAsync);
        var asking = harness.Caller.AskAsync(harness.Row("cnam"), RegimeHarness.ByNir, () => { }, TestContext.Current.CancellationToken);

        harness.Clock.Advance(harness.Row("cnam").Limits.Timeout);
        var reply = await asking;

        Assert.Equal(new RegimeReply(new RegimeAnswer.Unavailable(UnavailableReason.Timeout), 3000, harness.Clock.GetUtcNow()), reply);
        Assert.Equal(1, harness.Sent);
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_not_an_outage()
    {
        using var harness = new RegimeHarness();
        harness.Plan(HangAsync);
        using var deadline = new CancellationTokenSource();
        var asking = harness.Caller.AskAsync(harness.Row("cnam"), RegimeHarness.ByNir, () => { }, deadline.Token);

        await deadline.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(RegimeHealthState.Up, harness.Caller.Health()[0].State);
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError)]
    [InlineData(HttpRequestError.ResponseEnded)]
    public async Task A_broken_connection_is_tried_once_more(HttpRequestError error)
    {
        using var harness = new RegimeHarness();
        harness.Plan((_, _) => harness.Sent == 1
            ? throw new HttpRequestException(error)
            : Task.FromResult(RegimeHarness.Response(Recorded.Body("cnam", "unknown"), Recorded.ContentType("cnam"), HttpStatusCode.OK)));

        Assert.IsType<RegimeAnswer.Unknown>(await harness.AskAsync("cnam"));
        Assert.Equal(2, harness.Sent);
    }

    [Fact]
    public async Task A_connection_that_stays_broken_is_tried_twice_in_all()
    {
        using var harness = new RegimeHarness();
        harness.Plan((_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError));

        Assert.Equal(Failing, await harness.AskAsync("cnam"));
        Assert.Equal(2, harness.Sent);
    }

    [Fact]
    public async Task An_error_of_the_regime_is_not_asked_again()
    {
        using var harness = new RegimeHarness();
        harness.Plan("", "application/json", HttpStatusCode.InternalServerError);

        Assert.Equal(Failing, await harness.AskAsync("cnam"));
        Assert.Equal(1, harness.Sent);
    }

    [Fact]
    public async Task Beyond_its_rate_a_regime_is_not_asked()
    {
        using var harness = new RegimeHarness(row => row with { Limits = row.Limits with { PerSecond = 2 } });
        harness.Plan(Recorded.Body("cnam", "found"), Recorded.ContentType("cnam"));

        // So many at once that a slow machine's next second does not hide it.
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => harness.AskAsync("cnam")));

        Assert.Contains(new RegimeAnswer.Unavailable(UnavailableReason.Busy), answers);
        Assert.InRange(harness.Sent, 2, 199);
        Assert.Equal(harness.Sent, answers.Count(answer => answer is RegimeAnswer.Found));
    }

    [Fact]
    public async Task One_question_more_than_the_limit_is_busy_and_does_not_wait()
    {
        using var harness = new RegimeHarness(row => row with { Limits = row.Limits with { Concurrency = 1 } });
        harness.Plan(HangAsync);
        var first = harness.AskAsync("cnam");

        Assert.Equal(new RegimeAnswer.Unavailable(UnavailableReason.Busy), await harness.AskAsync("cnam"));
        Assert.Equal(1, harness.Sent);
        harness.Clock.Advance(TimeSpan.FromSeconds(3));
        await first;
    }

    [Fact]
    public async Task A_regime_that_keeps_failing_is_left_alone_then_tried_again()
    {
        using var harness = new RegimeHarness();
        harness.Plan("", "application/json", HttpStatusCode.InternalServerError);
        for (var call = 0; call < 10; call++)
            await harness.AskAsync("cnam");

        Assert.Equal(new RegimeAnswer.Unavailable(UnavailableReason.CircuitOpen), await harness.AskAsync("cnam"));
        Assert.Equal(10, harness.Sent);
        Assert.Equal(
            new RegimeHealth(RegimeId.Parse("cnam").Value, RegimeHealthState.Down, harness.Clock.GetUtcNow(), CircuitState.Open),
            harness.Caller.Health()[0]);
        Assert.Equal(RegimeHealthState.Up, harness.Caller.Health()[1].State);

        harness.Clock.Advance(TimeSpan.FromSeconds(11));
        harness.Plan(Recorded.Body("cnam", "unknown"), Recorded.ContentType("cnam"));

        Assert.IsType<RegimeAnswer.Unknown>(await harness.AskAsync("cnam"));
        Assert.Equal((RegimeHealthState.Up, CircuitState.Closed), (harness.Caller.Health()[0].State, harness.Caller.Health()[0].Circuit));
    }

    [Fact]
    public async Task A_regime_that_fails_in_a_busy_hour_is_left_alone_within_twelve_seconds()
    {
        using var harness = new RegimeHarness();
        harness.Plan(Recorded.Body("cnam", "unknown"), Recorded.ContentType("cnam"));
        for (var call = 0; call < 400; call++)
        {
            Assert.IsType<RegimeAnswer.Unknown>(await harness.AskAsync("cnam"));
            harness.Clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        // Who waits for a deadline asks less often.
        harness.Plan("", "application/json", HttpStatusCode.InternalServerError);
        var before = harness.Clock.GetUtcNow();
        while (harness.Caller.Health()[0].Circuit == CircuitState.Closed && harness.Clock.GetUtcNow() - before < TimeSpan.FromMinutes(1))
        {
            await harness.AskAsync("cnam");
            harness.Clock.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.InRange(harness.Clock.GetUtcNow() - before, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task A_regime_whose_last_answers_were_outages_is_in_trouble_before_its_circuit_opens_until_it_answers_well()
    {
        using var harness = new RegimeHarness();
        harness.Plan("", "application/json", HttpStatusCode.InternalServerError);
        List<RegimeHealthState> seen = [];
        for (var call = 0; call < 7; call++)
        {
            await harness.AskAsync("cnam");
            seen.Add(harness.Caller.Health()[0].State);
        }

        // A bad moment is no trend.
        Assert.Equal([RegimeHealthState.Up, RegimeHealthState.Up, .. Enumerable.Repeat(RegimeHealthState.Degraded, 5)], seen);
        Assert.Equal(CircuitState.Closed, harness.Caller.Health()[0].Circuit);
        harness.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(harness.Clock.GetUtcNow().AddMinutes(-5), harness.Caller.Health()[0].Since);

        harness.Plan(Recorded.Body("cnam", "unknown"), Recorded.ContentType("cnam"));
        await harness.AskAsync("cnam");

        Assert.Equal(RegimeHealthState.Up, harness.Caller.Health()[0].State);
        harness.Plan("", "application/json", HttpStatusCode.InternalServerError);
        await harness.AskAsync("cnam");
        Assert.Equal(RegimeHealthState.Up, harness.Caller.Health()[0].State);
    }

    [Fact]
    public async Task A_question_that_limits_or_a_circuit_hold_back_does_not_leave_and_took_no_time()
    {
        using var harness = new RegimeHarness(row => row with { Limits = row.Limits with { Concurrency = 1 } });
        harness.Plan(HangAsync);
        var first = harness.AskAsync("cnam");

        var busy = await harness.Caller.AskAsync(harness.Row("cnam"), RegimeHarness.ByNir, () => Assert.Fail("It does not leave."), TestContext.Current.CancellationToken);

        Assert.Equal((new RegimeAnswer.Unavailable(UnavailableReason.Busy), 0), (busy.Answer, busy.Milliseconds));
        harness.Clock.Advance(TimeSpan.FromSeconds(3));
        await first;
        Assert.Equal((1, 1), (harness.Called, harness.Sent));
    }

    [Fact]
    public async Task Questions_held_back_by_our_own_limits_say_nothing_of_the_regime()
    {
        using var harness = new RegimeHarness(row => row with { Limits = row.Limits with { Concurrency = 1 } });
        harness.Plan(HangAsync);
        using var leaving = new CancellationTokenSource();
        var first = harness.Caller.AskAsync(harness.Row("cnam"), RegimeHarness.ByNir, () => { }, leaving.Token);

        for (var call = 0; call < 20; call++)
            Assert.Equal(new RegimeAnswer.Unavailable(UnavailableReason.Busy), await harness.AskAsync("cnam"));

        Assert.Equal((RegimeHealthState.Up, CircuitState.Closed), (harness.Caller.Health()[0].State, harness.Caller.Health()[0].Circuit));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        // Nor do they make outages of its own a trend, or end one.
        harness.Plan("", "application/json", HttpStatusCode.InternalServerError);
        await harness.AskAsync("cnam");
        await harness.AskAsync("cnam");
        Assert.Equal(RegimeHealthState.Up, harness.Caller.Health()[0].State);
    }

    [Fact]
    public async Task A_regime_that_said_that_it_is_closed_and_then_fails_is_in_trouble_and_not_closed()
    {
        using var harness = new RegimeHarness();
        harness.Plan("""{"statut":"FERME"}""", "application/json", HttpStatusCode.ServiceUnavailable);
        Assert.Equal(new RegimeAnswer.Unavailable(UnavailableReason.Closed), await harness.AskAsync("cnam"));
        Assert.Equal(RegimeHealthState.Closed, harness.Caller.Health()[0].State);

        harness.Plan("", "application/json", HttpStatusCode.InternalServerError);
        Assert.Equal(Failing, await harness.AskAsync("cnam"));

        Assert.Equal(RegimeHealthState.Degraded, harness.Caller.Health()[0].State);
        harness.Plan(Recorded.Body("cnam", "unknown"), Recorded.ContentType("cnam"));
        await harness.AskAsync("cnam");
        Assert.Equal(RegimeHealthState.Up, harness.Caller.Health()[0].State);
    }

    [Fact]
    public async Task Answers_that_cannot_be_read_degrade_a_regime_and_never_open_its_circuit()
    {
        using var harness = new RegimeHarness();
        harness.Plan("<html>", "text/html");
        for (var call = 0; call < 20; call++)
            Assert.Equal(EveryDialectTests.Unreadable, await harness.AskAsync("cnam"));

        Assert.Equal((RegimeHealthState.Degraded, CircuitState.Closed), (harness.Caller.Health()[0].State, harness.Caller.Health()[0].Circuit));
    }

    private static async Task<HttpResponseMessage> HangAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("It never ends.");
    }
}
