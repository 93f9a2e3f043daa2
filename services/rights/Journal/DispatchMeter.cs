using System.Diagnostics.Metrics;

namespace Cdr.Rights.Journal;

/// <summary>How far the telling is behind the journal of this process.</summary>
internal sealed class DispatchMeter
{
    private readonly TimeProvider clock;
    private long committed;
    private long told;
    private long untoldSince;

    public DispatchMeter(IMeterFactory meters, TimeProvider clock)
    {
        this.clock = clock;
        var meter = meters.Create("Cdr.Rights");
        meter.CreateObservableGauge("cdr.rights.dispatch.untold", () => Untold, "{batch}", "Batches of this process's journal that the broker has not confirmed.");
        meter.CreateObservableGauge("cdr.rights.dispatch.age", () => Age.TotalSeconds, "s", "For how long none of them was confirmed; 0 where there is none.");
    }

    public long Untold => Math.Max(0, Interlocked.Read(ref committed) - Interlocked.Read(ref told));

    public TimeSpan Age => Untold > 0 && Interlocked.Read(ref untoldSince) is var since and > 0 ? clock.GetElapsedTime(since) : TimeSpan.Zero;

    public void Committed(long batch)
    {
        if (Untold == 0)
            Interlocked.Exchange(ref untoldSince, clock.GetTimestamp());
        Interlocked.Exchange(ref committed, batch);
    }

    public void Told(long batch)
    {
        Interlocked.Exchange(ref told, batch);
        Interlocked.Exchange(ref untoldSince, clock.GetTimestamp());
    }
}
