using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Batches;

/// <summary>How a batch ends: with its last line, or cancelled.</summary>
internal static class BatchEnd
{
    public static Task NoteAsync(RightsDb db, Guid batch, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.BatchFiles.Where(f => f.Id == batch && f.EndedAt == null && !db.BatchLines.Any(l => l.Batch == batch && l.State == BatchLineState.Waiting))
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.EndedAt, (DateTimeOffset?)now), cancellationToken);

    /// <summary>The file and its lines in one step: a cancelled file whose lines wait would be claimed again and again. Who leaves meanwhile cuts nothing.</summary>
    public static async Task CancelAsync(RightsDb db, Guid batch, DateTimeOffset now)
    {
        await using var whole = await db.Database.BeginTransactionAsync(CancellationToken.None);
        await db.BatchFiles.Where(f => f.Id == batch && f.EndedAt == null && f.CancelledAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.CancelledAt, (DateTimeOffset?)now), CancellationToken.None);
        await CancelLinesAsync(db, batch, now, CancellationToken.None);
        await whole.CommitAsync(CancellationToken.None);
    }

    /// <summary>What waits in a cancelled file, and its end; nothing in any other.</summary>
    public static async Task CancelLinesAsync(RightsDb db, Guid batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var waiting = db.BatchLines.Where(l => l.Batch == batch && l.State == BatchLineState.Waiting && db.BatchFiles.Any(f => f.Id == batch && f.CancelledAt != null));
        // Whoever asked such a line died before noting so: the journal has its answer, and its results would not. In one statement: between two the answer comes.
        await waiting.ExecuteUpdateAsync(
            set => set
                .SetProperty(l => l.State, l => db.Records.Any(r => r.Id == l.Consultation && r.Kind == RecordKind.Answered) ? BatchLineState.Answered : BatchLineState.Cancelled)
                .SetProperty(l => l.EndedAt, (DateTimeOffset?)now),
            cancellationToken);
        await NoteAsync(db, batch, now, cancellationToken);
    }

    /// <summary>
    /// Lines that were cancelled while they were being asked, once their lease is over: whoever asked has noted their end by then, or died. The journal
    /// says whether they were answered.
    /// </summary>
    public static async Task SettleAsync(RightsDb db, IReadOnlyCollection<Guid> batches, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var over = db.BatchLines.Where(l => batches.Contains(l.Batch) && l.State == BatchLineState.Cancelled && l.LeasedUntil <= now);
        // A page asks again and again: a look costs less than a write of nothing, and is answered where nothing can be written.
        if (!await over.AnyAsync(cancellationToken))
            return;
        await over.ExecuteUpdateAsync(
            set => set
                .SetProperty(l => l.State, l => db.Records.Any(r => r.Id == l.Consultation && r.Kind == RecordKind.Answered) ? BatchLineState.Answered : BatchLineState.Cancelled)
                .SetProperty(l => l.LeasedUntil, (DateTimeOffset?)null),
            cancellationToken);
    }
}
