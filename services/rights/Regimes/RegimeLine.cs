using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace Cdr.Rights.Regimes;

/// <summary>The line to one regime: its limits, its circuit, its health. One regime in trouble costs the others nothing.</summary>
internal sealed class RegimeLine
{
    private readonly RegimeRow regime;
    private readonly IRegimeConnector connector;
    private readonly TimeProvider clock;
    private readonly CircuitBreakerStateProvider circuit = new();
    private readonly ResiliencePipeline<RegimeAnswer> pipeline;
    private readonly AnswerTimes times = new();
    private readonly int degradedAfter;
    private int outagesInARow;
    private volatile Seen seen;

    public RegimeLine(RegimeRow regime, IRegimeConnector connector, RegimeOptions options, TimeProvider clock)
    {
        this.regime = regime;
        this.connector = connector;
        this.clock = clock;
        degradedAfter = options.DegradedAfter;
        seen = new Seen(RegimeHealthState.Up, clock.GetUtcNow());
        var builder = new ResiliencePipelineBuilder<RegimeAnswer> { TimeProvider = clock };
        if (regime.Limits.PerSecond is { } rate)
        {
            builder.AddRateLimiter(new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
            {
                TokenLimit = rate,
                TokensPerPeriod = rate,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            }));
        }

        pipeline = builder
            // No queue: a question that waits here would be answered too late for the patient at the desk.
            .AddConcurrencyLimiter(regime.Limits.Concurrency, queueLimit: 0)
            .AddCircuitBreaker(Circuit(options))
            .AddTimeout(regime.Limits.Timeout)
            .Build();
    }

    /// <param name="question">The question.</param>
    /// <param name="calling">Called where the limits and the circuit let the question through, before it leaves.</param>
    /// <param name="cancellationToken">The question's deadline.</param>
    public async Task<RegimeAnswer> AskAsync(RegimeQuestion question, Action calling, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        RegimeAnswer answer;
        try
        {
            answer = await pipeline.ExecuteAsync(
                static async (state, token) =>
                {
                    state.calling();
                    return await state.connector.AskAsync(state.question, token);
                },
                (connector, question, calling),
                cancellationToken);
        }
        // Held back on our side: this tells nothing of the regime.
        catch (RateLimiterRejectedException)
        {
            return new RegimeAnswer.Unavailable(UnavailableReason.Busy);
        }
        catch (BrokenCircuitException)
        {
            return new RegimeAnswer.Unavailable(UnavailableReason.CircuitOpen);
        }
        catch (TimeoutRejectedException)
        {
            answer = new RegimeAnswer.Unavailable(UnavailableReason.Timeout);
        }

        // An outage tells nothing of how long an answer takes.
        if (answer is not RegimeAnswer.Unavailable)
            times.Add(clock.GetElapsedTime(start));
        // While the circuit is open only its own events tell how the regime does; late answers to earlier questions do not.
        if (circuit.CircuitState != CircuitState.Open)
            See(StateAfter(answer));
        return answer;
    }

    /// <summary>What nineteen in twenty of its last answers took; null while too few are known.</summary>
    public TimeSpan? UsualTime => times.Usual;

    public RegimeHealth Health()
    {
        var now = clock.GetUtcNow();
        var (state, since) = seen;
        if ((RegimeSchedule.DownSince(regime, now) ?? RegimeSchedule.ClosedSince(regime, now)) is { } closed)
            (state, since) = (RegimeHealthState.Closed, closed);
        else if (!RegimeSchedule.IsInService(regime, now))
            state = RegimeHealthState.Closed;
        return new RegimeHealth(regime.Id, state, since, circuit.CircuitState);
    }

    private RegimeHealthState StateAfter(RegimeAnswer answer)
    {
        // To refuse one question, or to be closed, is to work.
        var isOutage = answer is RegimeAnswer.Unavailable { Reason: not (UnavailableReason.Refused or UnavailableReason.Closed) };
        var outages = isOutage ? Interlocked.Increment(ref outagesInARow) : Interlocked.Exchange(ref outagesInARow, 0);
        if (!isOutage)
            return answer is RegimeAnswer.Unavailable { Reason: UnavailableReason.Closed } ? RegimeHealthState.Closed : RegimeHealthState.Up;
        // One that said it was closed, and is no more, has not answered well since.
        return outages >= degradedAfter || seen.State == RegimeHealthState.Closed ? RegimeHealthState.Degraded : seen.State;
    }

    private CircuitBreakerStrategyOptions<RegimeAnswer> Circuit(RegimeOptions options) => new()
    {
        FailureRatio = options.CircuitFailureRatio,
        MinimumThroughput = options.CircuitMinimumCalls,
        SamplingDuration = options.CircuitSampling,
        BreakDuration = options.CircuitBreak,
        StateProvider = circuit,
        // An unreadable, refused or busy answer is quick: leaving the regime alone would only lose the good ones beside it.
        ShouldHandle = new PredicateBuilder<RegimeAnswer>()
            .Handle<TimeoutRejectedException>()
            .HandleResult(answer => answer is RegimeAnswer.Unavailable
            {
                Reason: UnavailableReason.Timeout or UnavailableReason.Failing,
            }),
        OnOpened = _ => Seeing(RegimeHealthState.Down),
        OnHalfOpened = _ => Seeing(RegimeHealthState.Degraded),
        OnClosed = _ => Seeing(RegimeHealthState.Up),
    };

    private ValueTask Seeing(RegimeHealthState state)
    {
        See(state);
        return ValueTask.CompletedTask;
    }

    private void See(RegimeHealthState state)
    {
        if (seen.State != state)
            seen = new Seen(state, clock.GetUtcNow());
    }

    private sealed record Seen(RegimeHealthState State, DateTimeOffset Since);
}
