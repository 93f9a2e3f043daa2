using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal.Stores;

/// <summary>Embedded. SQLite's default (synchronous = FULL) makes a commit durable.</summary>
internal sealed class SqliteJournalStore(IDbContextFactory<RightsDb> contexts) : IJournalStore
{
    private const int Constraint = 19;

    public async Task CommitAsync(JournalBatch batch, IReadOnlyList<JournalRecord> records, CancellationToken cancellationToken)
    {
        // The context would refuse them in words of its own.
        if (records.DistinctBy(r => r.Id).Count() < records.Count)
            throw new RecordExistsException();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Records.AddRange(records);
        db.Batches.Add(batch);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is SqliteException { SqliteErrorCode: Constraint })
        {
            throw new RecordExistsException();
        }
    }
}
