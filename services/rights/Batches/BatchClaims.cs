using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Batches;

/// <summary>Which lines go into the lane next: the same number of each file that has some due, so that who sent five hundred before is not asked first.</summary>
internal static class BatchClaims
{
    // A message is acknowledged when all its lines were asked: few, so that a death repeats little.
    private const int LinesAMessage = 5;

    /// <returns>One message a few lines, the files in turn; each line's lease is in the table.</returns>
    public static async Task<IReadOnlyList<AskBatchLines>> TakeAsync(RightsDb db, BatchOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var room = options.Ahead - await db.BatchLines.CountAsync(l => l.State == BatchLineState.Waiting && l.Lease != null && l.LeasedUntil > now, cancellationToken);
        List<(int Turn, AskBatchLines Message)> messages = [];
        // Again while small files leave room for others.
        for (var (round, taken) = (0, -1); room > 0 && taken != 0; room -= taken, round += options.Ahead)
        {
            taken = 0;
            var files = await Due(db, now).GroupBy(l => l.Batch).Select(lines => new { lines.Key, Since = lines.Min(l => l.NextTry) })
                .OrderBy(file => file.Since).ThenBy(file => file.Key).Take(room).ToListAsync(cancellationToken);
            foreach (var file in files)
            {
                var (claim, lines) = await TakeAsync(db, file.Key, Math.Max(1, room / files.Count), now, now + options.Lease, cancellationToken);
                taken += lines.Length;
                messages.AddRange(lines.Chunk(LinesAMessage).Index().Select(chunk => (round + chunk.Index, new AskBatchLines(file.Key, chunk.Item, claim))));
            }
        }

        return [.. messages.OrderBy(one => one.Turn).Select(one => one.Message)];
    }

    private static async Task<(Guid Claim, int[] Lines)> TakeAsync(RightsDb db, Guid file, int most, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var claim = Guid.CreateVersion7(now);
        var wanted = await Due(db, now).Where(l => l.Batch == file).OrderBy(l => l.NextTry).ThenBy(l => l.Line).Take(most).Select(l => l.Line).ToArrayAsync(cancellationToken);
        // Of two processes that want the same line, one gets it.
        await Due(db, now).Where(l => l.Batch == file && wanted.Contains(l.Line))
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.Lease, (Guid?)claim).SetProperty(l => l.LeasedUntil, (DateTimeOffset?)until), cancellationToken);
        return (claim, await db.BatchLines.Where(l => l.Lease == claim && l.State == BatchLineState.Waiting).OrderBy(l => l.Line).Select(l => l.Line).ToArrayAsync(cancellationToken));
    }

    private static IQueryable<BatchLine> Due(RightsDb db, DateTimeOffset now) =>
        db.BatchLines.Where(l => l.State == BatchLineState.Waiting && l.NextTry <= now && (l.Lease == null || l.LeasedUntil == null || l.LeasedUntil <= now));
}
