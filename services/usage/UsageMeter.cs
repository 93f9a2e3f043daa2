using System.Diagnostics.Metrics;
using Cdr.ServiceDefaults.Measures;

namespace Cdr.Usage;

/// <summary>Metrics of the counting itself; what was consulted is read over HTTP, not from metrics.</summary>
internal sealed class UsageMeter : IToldFromZero
{
    private static readonly string[] Results = ["counted", "duplicate", "postponed"];
    private readonly Counter<long> batches;
    private readonly Histogram<double> lag;
    private readonly TimeProvider clock;
    private long behind;
    private volatile bool isCompared;
    private long compared;

    public UsageMeter(IMeterFactory meters, TimeProvider clock)
    {
        this.clock = clock;
        compared = clock.GetTimestamp();
        var meter = meters.Create("Cdr.Usage");
        batches = meter.CreateCounter<long>("cdr.usage.batches", "{batch}", "Batches of journals, by what became of them.");
        lag = meter.CreateHistogram<double>("cdr.usage.lag", "s", "From the last answer of a told batch to its count.");
        meter.CreateObservableGauge("cdr.usage.behind", () => Interlocked.Read(ref behind), "{batch}", "Batches committed by Rights and not counted, after the last comparison.");
        // Without it a comparison that fails leaves the number above as it was: level, for ever.
        meter.CreateObservableGauge("cdr.usage.compared.age", () => clock.GetElapsedTime(Interlocked.Read(ref compared)).TotalSeconds, "s", "Since when this process last compared itself with the journals.");
    }

    /// <inheritdoc />
    public void TellZero()
    {
        foreach (var result in Results)
            batches.Add(0, new KeyValuePair<string, object?>("result", result));
    }

    public void Counted(long number) => batches.Add(number, new KeyValuePair<string, object?>("result", "counted"));

    public void Lag(TimeSpan time) => lag.Record(Math.Max(0, time.TotalSeconds));

    public void Duplicate() => batches.Add(1, new KeyValuePair<string, object?>("result", "duplicate"));

    public void Postponed(long number) => batches.Add(number, new KeyValuePair<string, object?>("result", "postponed"));

    public void Behind(long number)
    {
        Interlocked.Exchange(ref behind, number);
        Interlocked.Exchange(ref compared, clock.GetTimestamp());
        isCompared = true;
    }

    /// <summary>The journals could not be compared: what they hold is not known.</summary>
    public void NotCompared() => isCompared = false;

    /// <value>The journals were compared, and all that they held was counted.</value>
    public bool IsLevel => isCompared && Interlocked.Read(ref behind) == 0;
}
