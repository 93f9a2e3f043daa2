using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Derivation;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;

namespace Cdr.Rights.Search;

/// <summary>One search in waves. Everything happens in one flow: nothing here is shared.</summary>
internal sealed class SearchUnderWay(
    RuleSet rules, RegimeRegistry registry, RegimeCaller regimes, SearchOptions options, TimeProvider clock, Question question, RegimeSearch.Ask ask, Action<RegimeFinding> tell)
{
    private static readonly int[] DefaultWaves = [1, 2, 4];

    private readonly Dictionary<RegimeId, RegimeFinding> findings = [];

    // Not asked yet, the likeliest first.
    private readonly List<RegimeRow> waiting = [];

    // Asked, and not heard yet. While the last wave may still answer as it usually does, nobody else need learn of the person.
    private readonly List<Flight> flights = [];
    private List<Flight> lastWave = [];
    private long patienceEnds;
    private int waves;
    private bool decided;

    /// <returns>A finding a regime, in the order of the registry.</returns>
    public async Task<RegimeFinding[]> ToTheEndAsync(IReadOnlyList<RegimeId> first)
    {
        foreach (var regime in RegimeLikelihood.Order(registry.Rows, question))
        {
            // One that is only closed at this hour may have been asked before: what is kept of it is looked at.
            if (RegimeSchedule.WhyNot(regime, question.ForRegime(regime), clock.GetUtcNow()) is { } reason && !RegimeSchedule.IsPassing(reason))
                Know(NotAsked(regime, reason));
            else
                waiting.Add(regime);
        }

        Start(waiting.FindAll(regime => first.Contains(regime.Id)) is { Count: > 0 } known ? known : NextWave());
        while (flights.Count > 0 || waiting.Count > 0)
        {
            await SomethingAsync();
            Land();
            var patient = lastWave.Count > 0 && clock.GetTimestamp() < patienceEnds;
            var settled = decided && !AwaitsPointedTo;
            if (settled && !patient)
                break;
            if (waiting.FindAll(IsPointedTo) is { Count: > 0 } pointedTo)
                Start(pointedTo);
            else if (!decided && !patient && waiting.Count > 0)
                Start(NextWave());
        }

        // Overtaken ones were asked, and are silent.
        foreach (var flight in flights)
            Know(new RegimeFinding(flight.Regime, new RegimeAnswer.Unavailable(UnavailableReason.NotAwaited), Freshness.Live, clock.GetUtcNow(), flight.Call.Milliseconds, null));
        foreach (var regime in waiting)
            Know(NotAsked(regime, NotAskedReason.NotNeeded));
        return [.. registry.Rows.Select(regime => findings[regime.Id])];
    }

    private List<RegimeRow> NextWave()
    {
        var sizes = options.Waves ?? DefaultWaves;
        var size = waves < sizes.Count ? sizes[waves] : int.MaxValue;
        waves++;
        var wave = new List<RegimeRow>();
        foreach (var regime in waiting)
        {
            if (size == 0)
                break;
            wave.Add(regime);
            // One that is closed or left alone says so at once, and holds no place.
            if (regimes.CanAnswer(regime))
                size--;
        }

        return wave;
    }

    private void Start(List<RegimeRow> wave)
    {
        var patience = options.HedgeAtLeast;
        var since = clock.GetTimestamp();
        lastWave = [];
        foreach (var regime in wave)
        {
            waiting.Remove(regime);
            var call = new CallTime(clock);
            lastWave.Add(new Flight(regime, ask(regime, wave, call), call));
            var usual = regimes.UsualTime(regime) ?? options.HedgeAtMost;
            patience = usual > patience ? usual : patience;
        }

        flights.AddRange(lastWave);
        patience = patience < options.HedgeAtMost ? patience : options.HedgeAtMost;
        patienceEnds = since + (long)(patience.TotalSeconds * clock.TimestampFrequency);
    }

    /// <summary>Open rights beside « gone to » say nothing certain while that regime may still be heard.</summary>
    private bool AwaitsPointedTo => flights.Exists(flight => IsPointedTo(flight.Regime)) || waiting.Exists(IsPointedTo);

    private bool IsPointedTo(RegimeRow regime) => SearchRule.IsPointedTo(regime.Id, findings, question.Care);

    /// <summary>An answer; or the end of patience, where something else may be done then.</summary>
    private async Task SomethingAsync()
    {
        if (flights.Count == 0 || flights.Exists(flight => flight.Answer.IsCompleted))
            return;
        var answer = Task.WhenAny(flights.Select(flight => flight.Answer));
        var patience = clock.GetElapsedTime(clock.GetTimestamp(), patienceEnds);
        if (decided ? AwaitsPointedTo : waiting.Count == 0)
        {
            await answer;
        }
        else if (patience > TimeSpan.Zero)
        {
            using var enough = new CancellationTokenSource();
            await Task.WhenAny(answer, Task.Delay(patience, clock, enough.Token));
            await enough.CancelAsync();
        }
    }

    private void Land()
    {
        for (var i = flights.Count - 1; i >= 0; i--)
        {
            var flight = flights[i];
            if (!flight.Answer.IsCompleted)
                continue;
            flights.RemoveAt(i);
            lastWave.Remove(flight);
            Know(flight.Answer.Result);
        }
    }

    private void Know(RegimeFinding finding)
    {
        findings[finding.Regime.Id] = finding;
        decided |= SearchRule.Decides(rules, finding, question);
        tell(finding);
    }

    private RegimeFinding NotAsked(RegimeRow regime, NotAskedReason reason) =>
        new(regime, new RegimeAnswer.NotAsked(reason), Freshness.Live, clock.GetUtcNow(), 0, null);

    private sealed record Flight(RegimeRow Regime, Task<RegimeFinding> Answer, CallTime Call);
}
