using Cdr.Testing;

namespace Cdr.Bench.Floors;

/// <summary>
/// Eight kilobytes written and flushed, as a commit of PostgreSQL is: no answer leaves before its record is on the disk. On a shared machine it
/// takes ten times as long one day as on another, and what a question adds cannot be read without it.
/// </summary>
internal sealed class DiskFlush : IDisposable
{
    private readonly TestFolder folder = new("flush");
    private readonly byte[] page = new byte[8192];
    private readonly FileStream file;

    public DiskFlush() => file = new FileStream(folder.File("wal"), FileMode.Create, FileAccess.Write, FileShare.None, 0);

    public Task OnceAsync()
    {
        // Over and over the same, as a segment is that was made before.
        file.Position = 0;
        file.Write(page);
        file.Flush(flushToDisk: true);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        file.Dispose();
        folder.Dispose();
    }
}
