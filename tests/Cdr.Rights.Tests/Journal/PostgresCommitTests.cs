using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Stores;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Tests.Journal;

/// <summary>One commit: a few records go by one statement, more by COPY, and either way all of them with their batch, or nothing.</summary>
public sealed class PostgresCommitTests(TestServers servers)
{
    private static readonly DateTimeOffset At = new(2026, 12, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly Random random = new(20261126);

    [Fact]
    public async Task Any_number_of_records_is_written_as_given_with_its_batch()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        await using var database = PostgresJournalStore.Database(world.Database!.Application);
        var (store, journal) = (new PostgresJournalStore(database), Guid.CreateVersion7(At));

        foreach (var count in Enumerable.Range(1, 6))
        {
            var records = Records(journal, count, count);
            await store.CommitAsync(Batch(journal, count, records), records, TestContext.Current.CancellationToken);

            await using var db = world.Host.Journal();
            var written = await db.Records.Where(r => r.Journal == journal && r.Batch == count).OrderBy(r => r.Position).ToListAsync(TestContext.Current.CancellationToken);
            Assert.Equivalent(records, written, strict: true);
            var batch = await db.Batches.SingleAsync(b => b.Journal == journal && b.Batch == count, TestContext.Current.CancellationToken);
            Assert.Equivalent(Batch(journal, count, records), batch, strict: true);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Beside_a_record_that_is_there_already_nothing_is_written(int count)
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        await using var database = PostgresJournalStore.Database(world.Database!.Application);
        var (store, journal) = (new PostgresJournalStore(database), Guid.CreateVersion7(At));
        var first = Records(journal, 1, 1);
        await store.CommitAsync(Batch(journal, 1, first), first, TestContext.Current.CancellationToken);
        var second = Records(journal, 2, count);
        second[^1] = first[0];

        await Assert.ThrowsAsync<RecordExistsException>(() => store.CommitAsync(Batch(journal, 2, second), second, TestContext.Current.CancellationToken));

        await using var db = world.Host.Journal();
        Assert.Equal(1, await db.Records.CountAsync(r => r.Journal == journal, TestContext.Current.CancellationToken));
        Assert.Equal(1, await db.Batches.CountAsync(b => b.Journal == journal, TestContext.Current.CancellationToken));
    }

    private JournalRecord[] Records(Guid journal, long batch, int count)
    {
        var records = new JournalRecord[count];
        for (var position = 0; position < count; position++)
        {
            var record = records[position] = SyntheticRecord.At(At.AddSeconds(batch), random);
            (record.Journal, record.Batch, record.Position) = (journal, batch, position);
        }

        return records;
    }

    private static JournalBatch Batch(Guid journal, long batch, JournalRecord[] records) => new()
    {
        Journal = journal,
        Batch = batch,
        Records = records.Length,
        Ids = [.. records.Select(record => record.Id)],
        At = At,
        Previous = [1],
        Root = [2],
        Hash = [3],
        SignatureKey = 4,
        Signature = [5],
    };
}
