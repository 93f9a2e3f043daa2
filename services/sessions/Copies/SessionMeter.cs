using System.Diagnostics.Metrics;

namespace Cdr.Sessions.Copies;

/// <summary>How many sessions there are, and how they end: nothing of a person, nor of an establishment.</summary>
internal sealed class SessionMeter
{
    private readonly Counter<long> ended;
    private long open;

    public SessionMeter(IMeterFactory meters)
    {
        var meter = meters.Create("Cdr.Sessions");
        ended = meter.CreateCounter<long>("cdr.sessions.ended", "{session}", "Sessions that ended, by why: heartbeat-lost is an agent that fell silent.");
        meter.CreateObservableGauge("cdr.sessions.open", () => Interlocked.Read(ref open), "{session}", "Sessions that have not ended, as the database has them: the same from every process.");
    }

    public void Ended(string because) => ended.Add(1, new KeyValuePair<string, object?>("reason", because));

    public void Open(int number) => Interlocked.Exchange(ref open, number);
}
