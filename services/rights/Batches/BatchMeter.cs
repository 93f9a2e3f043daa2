using System.Diagnostics.Metrics;

namespace Cdr.Rights.Batches;

/// <summary>Counts files and what becomes of their lines: nothing of a person, nor of an establishment.</summary>
internal sealed class BatchMeter
{
    private readonly Counter<long> files;
    private readonly Counter<long> lines;
    private long waiting;
    private long oldest;

    public BatchMeter(IMeterFactory meters)
    {
        var meter = meters.Create("Cdr.Rights");
        files = meter.CreateCounter<long>("cdr.rights.batch.files", "{file}", "Files of questions accepted.");
        lines = meter.CreateCounter<long>("cdr.rights.batch.lines", "{line}", "Tries of lines of files, by what became of them.");
        meter.CreateObservableGauge("cdr.rights.batch.waiting", () => Interlocked.Read(ref waiting), "{line}", "Lines of files that wait to be asked, as the database has them: the same from every process.");
        meter.CreateObservableGauge("cdr.rights.batch.age", () => Interlocked.Read(ref oldest) / 1000.0, "s", "Since when the oldest of them is due; 0 where none is.");
    }

    public void Accepted() => files.Add(1);

    public void Waiting(int number, TimeSpan age)
    {
        Interlocked.Exchange(ref waiting, number);
        Interlocked.Exchange(ref oldest, Math.Max(0, (long)age.TotalMilliseconds));
    }

    public void Tried(string outcome) => lines.Add(1, new KeyValuePair<string, object?>("cdr.batch.line", outcome));
}
