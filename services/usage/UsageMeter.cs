using System.Diagnostics.Metrics;

namespace Cdr.Usage;

/// <summary>Metrics of the counting itself; what was consulted is read over HTTP, not from metrics.</summary>
internal sealed class UsageMeter
{
    private readonly Counter<long> batches;
    private readonly Histogram<double> lag;
    private long behind;
    private volatile bool isCompared;

    public UsageMeter(IMeterFactory meters)
    {
        var meter = meters.Create("Cdr.Usage");
        batches = meter.CreateCounter<long>("cdr.usage.batches", "{batch}", "Batches of journals, by what became of them.");
        lag = meter.CreateHistogram<double>("cdr.usage.lag", "s", "From the last answer of a told batch to its count.");
        meter.CreateObservableGauge("cdr.usage.behind", () => Interlocked.Read(ref behind), "{batch}", "Batches committed by Rights and not counted, after the last comparison.");
    }

    public void Counted(long number) => batches.Add(number, new KeyValuePair<string, object?>("result", "counted"));

    public void Lag(TimeSpan time) => lag.Record(Math.Max(0, time.TotalSeconds));

    public void Duplicate() => batches.Add(1, new KeyValuePair<string, object?>("result", "duplicate"));

    public void Postponed(long number) => batches.Add(number, new KeyValuePair<string, object?>("result", "postponed"));

    public void Behind(long number)
    {
        Interlocked.Exchange(ref behind, number);
        isCompared = true;
    }

    /// <summary>The journals could not be compared: what they hold is not known.</summary>
    public void NotCompared() => isCompared = false;

    /// <value>The journals were compared, and all that they held was counted.</value>
    public bool IsLevel => isCompared && Interlocked.Read(ref behind) == 0;
}
