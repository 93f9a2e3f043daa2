using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Retention;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal.Verification;

/// <summary>A journal in a store, through one transaction that sees it as it was when it began. Embedded, records too.</summary>
internal class StoreSource(RightsDb db) : IJournalSource
{
    protected RightsDb Db => db;

    public static async Task<StoreSource> OpenAsync(RightsDb db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        // Deferred: it reads beside whoever writes.
        await db.Database.UseTransactionAsync(((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true), cancellationToken);
        return new StoreSource(db);
    }

    public async Task<IReadOnlySet<Guid>> WritersAsync(CancellationToken cancellationToken) => await db.Writers.Select(w => w.Journal).ToHashSetAsync(cancellationToken);

    public IAsyncEnumerable<JournalBatch> BatchesAsync(CancellationToken cancellationToken) =>
        db.Batches.AsNoTracking().OrderBy(b => b.Journal).ThenBy(b => b.Batch).AsAsyncEnumerable();

    public Task<JournalBatch?> BatchAsync(Guid journal, long batch, CancellationToken cancellationToken) =>
        db.Batches.AsNoTracking().FirstOrDefaultAsync(b => b.Journal == journal && b.Batch == batch, cancellationToken);

    public virtual async Task RecordsAsync(RecordSink sink, CancellationToken cancellationToken)
    {
        await foreach (var record in db.Records.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
            sink([StoredRecord.Of(record)]);
    }

    public async Task<IReadOnlySet<Guid>> AnsweredAsync(Guid[] consultations, CancellationToken cancellationToken) =>
        await db.Records.Where(r => consultations.Contains(r.Id) && r.Kind == RecordKind.Answered).Select(r => r.Id).ToHashSetAsync(cancellationToken);

    public async Task<IReadOnlyList<JournalCheckpoint>> CheckpointsAsync(CancellationToken cancellationToken) => await db.Checkpoints.AsNoTracking().ToListAsync(cancellationToken);

    public async Task<IReadOnlyList<CheckpointHead>> HeadsAsync(CancellationToken cancellationToken) => await db.Heads.AsNoTracking().ToListAsync(cancellationToken);

    public async Task<IReadOnlyList<TreeTile>> TilesAsync(CancellationToken cancellationToken) => await db.Tiles.AsNoTracking().ToListAsync(cancellationToken);

    public IAsyncEnumerable<Tombstone> TombstonesAsync(CancellationToken cancellationToken) =>
        db.Tombstones.AsNoTracking().OrderBy(t => t.Purge).ThenBy(t => t.Journal).ThenBy(t => t.Batch).AsAsyncEnumerable();

    public virtual ValueTask DisposeAsync() => db.DisposeAsync();
}
