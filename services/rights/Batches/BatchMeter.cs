using System.Diagnostics.Metrics;

namespace Cdr.Rights.Batches;

/// <summary>Counts files and what becomes of their lines: nothing of a person, nor of an establishment.</summary>
internal sealed class BatchMeter
{
    private readonly Counter<long> files;
    private readonly Counter<long> lines;

    public BatchMeter(IMeterFactory meters)
    {
        var meter = meters.Create("Cdr.Rights");
        files = meter.CreateCounter<long>("cdr.rights.batch.files", "{file}", "Files of questions accepted.");
        lines = meter.CreateCounter<long>("cdr.rights.batch.lines", "{line}", "Tries of lines of files, by what became of them.");
    }

    public void Accepted() => files.Add(1);

    public void Tried(string outcome) => lines.Add(1, new KeyValuePair<string, object?>("cdr.batch.line", outcome));
}
