using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Retention;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal.Verification;

/// <summary>A journal in a store, through one transaction that sees it as it was when it began. Embedded, records too.</summary>
internal class StoreSource(RightsDb db) : IJournalSource
{
    private readonly ReadableRows readable = new();

    public IReadOnlyList<UnreadRow> Unread => readable.Unread;

    protected RightsDb Db => db;

    public static async Task<StoreSource> OpenAsync(RightsDb db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        // Deferred: it reads beside whoever writes.
        await db.Database.UseTransactionAsync(((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true), cancellationToken);
        return new StoreSource(db);
    }

    public async Task<IReadOnlySet<Guid>> WritersAsync(CancellationToken cancellationToken) =>
        await readable.OfAsync("writers", db.Writers.OrderBy(w => w.Journal).Select(w => w.Journal), journal => journal, journal => new UnreadRow("writers", journal), cancellationToken).ToHashSetAsync(cancellationToken: cancellationToken);

    public IAsyncEnumerable<JournalBatch> BatchesAsync(CancellationToken cancellationToken) => readable.OfAsync(
        UnreadRow.Batches, db.Batches.AsNoTracking().OrderBy(b => b.Journal).ThenBy(b => b.Batch),
        b => new { b.Journal, b.Batch }, key => new UnreadRow(UnreadRow.Batches, key.Journal, key.Batch), cancellationToken);

    public Task<JournalBatch?> BatchAsync(Guid journal, long batch, CancellationToken cancellationToken) =>
        db.Batches.AsNoTracking().FirstOrDefaultAsync(b => b.Journal == journal && b.Batch == batch, cancellationToken);

    public virtual async Task RecordsAsync(RecordSink sink, CancellationToken cancellationToken)
    {
        await foreach (var record in readable.OfAsync(
            UnreadRow.Records, db.Records.AsNoTracking().OrderBy(r => r.Id), r => r.Id, id => new UnreadRow(UnreadRow.Records, Record: id), cancellationToken))
        {
            sink([StoredRecord.Of(record)]);
        }
    }

    public async Task<IReadOnlySet<Guid>> AnsweredAsync(Guid[] consultations, CancellationToken cancellationToken) =>
        await db.Records.Where(r => consultations.Contains(r.Id) && r.Kind == RecordKind.Answered).Select(r => r.Id).ToHashSetAsync(cancellationToken);

    public async Task<IReadOnlyList<JournalCheckpoint>> CheckpointsAsync(CancellationToken cancellationToken) => await readable.OfAsync(
        UnreadRow.Checkpoints, db.Checkpoints.AsNoTracking().OrderBy(c => c.Id), c => c.Id, id => new UnreadRow(UnreadRow.Checkpoints, Record: id), cancellationToken).ToListAsync(cancellationToken);

    public async Task<IReadOnlyList<CheckpointHead>> HeadsAsync(CancellationToken cancellationToken) => await readable.OfAsync(
        "checkpoint_heads", db.Heads.AsNoTracking().OrderBy(h => h.Journal).ThenBy(h => h.Size).ThenBy(h => h.Checkpoint),
        h => new { h.Journal, h.Checkpoint }, key => new UnreadRow("checkpoint_heads", key.Journal, Record: key.Checkpoint), cancellationToken).ToListAsync(cancellationToken);

    public async Task<IReadOnlyList<TreeTile>> TilesAsync(CancellationToken cancellationToken) => await readable.OfAsync(
        "tiles", db.Tiles.AsNoTracking().OrderBy(t => t.Journal).ThenBy(t => t.Level).ThenBy(t => t.Place),
        t => new { t.Journal, t.Level, t.Place }, key => new UnreadRow("tiles", key.Journal, Place: FormattableString.Invariant($"level {key.Level}, place {key.Place}")), cancellationToken).ToListAsync(cancellationToken);

    public IAsyncEnumerable<Tombstone> TombstonesAsync(CancellationToken cancellationToken) => readable.OfAsync(
        "tombstones", db.Tombstones.AsNoTracking().OrderBy(t => t.Purge).ThenBy(t => t.Journal).ThenBy(t => t.Batch),
        t => new { t.Purge, t.Journal, t.Batch }, key => new UnreadRow("tombstones", key.Journal, key.Batch, key.Purge), cancellationToken);

    public virtual ValueTask DisposeAsync() => db.DisposeAsync();
}
