using Cdr.Testing;
using Cdr.Testing.Servers;
using Cdr.Usage.Features.SweepRollups;
using Cdr.Usage.Store;
using Cdr.Usage.Tests.Doubles;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Cdr.Usage.Tests.Counting;

public sealed class CountingOnPostgresTests(CountingOnPostgresTests.Migrated migrated) : CountingRules, IClassFixture<CountingOnPostgresTests.Migrated>
{
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private protected override async ValueTask<CountingDesk> OpenAsync()
    {
        var desk = new CountingDesk(options => options.UseNpgsql(migrated.Owner));
        await using var db = desk.CreateDbContext();
        await db.EmptyAsync(withCells: true);
        return desk;
    }

    [Theory]
    [InlineData("usage_minute")]
    [InlineData("usage_hour")]
    public async Task What_is_past_its_time_is_found_without_reading_the_whole_table(string table)
    {
        await using var db = Desk.CreateDbContext();
        await db.Database.OpenConnectionAsync(Cancel);
        // Of an empty table a scan is cheapest: it is taken only where there is no other way.
        await db.Database.ExecuteSqlRawAsync("SET enable_seqscan = off", Cancel);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"EXPLAIN DELETE FROM {table} WHERE period < 1";
        var plan = new List<string>();
        await using (var rows = await command.ExecuteReaderAsync(Cancel))
        {
            while (await rows.ReadAsync(Cancel))
                plan.Add(rows.GetString(0));
        }

        await db.Database.ExecuteSqlRawAsync("RESET enable_seqscan", Cancel);
        Assert.Contains(plan, line => line.Contains($"ix_{table}_period", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(UpkeepTurn.Sweep)]
    [InlineData(UpkeepTurn.Freeze)]
    public async Task One_replica_at_a_time_sweeps_and_freezes(int work)
    {
        await using var one = Desk.CreateDbContext();
        await using var other = Desk.CreateDbContext();
        await using (var turn = await UpkeepTurn.TryTakeAsync(one, work, Cancel))
        {
            Assert.NotNull(turn);
            await using var second = await UpkeepTurn.TryTakeAsync(other, work, Cancel);
            Assert.Null(second);
        }

        await using var after = await UpkeepTurn.TryTakeAsync(other, work, Cancel);
        Assert.NotNull(after);
    }

    [Fact]
    public async Task Nothing_is_swept_while_another_replica_does()
    {
        await Desk.DeliverAsync(Facts.Batch(Guid.CreateVersion7(Facts.Noon), 1, Facts.One()), Cancel);
        Desk.Clock.Advance(TimeSpan.FromDays(500));
        var sweep = new SweepRollups(Desk, null!, Options.Create(new UsageOptions()), Desk.Clock, NullLogger<SweepRollups>.Instance);
        await using var db = Desk.CreateDbContext();
        await using (await UpkeepTurn.TryTakeAsync(db, UpkeepTurn.Sweep, Cancel))
            Assert.Equal(0, await sweep.RunOnceAsync(Cancel));

        Assert.NotEqual(0, await sweep.RunOnceAsync(Cancel));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>One database for all of them: its parts take seconds to make.</summary>
    public sealed class Migrated(TestServers servers) : IAsyncLifetime
    {
        private PostgresServer? server;
        private TestDatabase? database;

        internal string Owner => database!.Owner;

        public async ValueTask InitializeAsync()
        {
            server = await servers.PostgresAsync();
            database = await server.CreateDatabaseAsync("usage", TestContext.Current.CancellationToken);
            await using var db = new UsageDb(new DbContextOptionsBuilder<UsageDb>().UseNpgsql(database.Owner).Options);
            await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            if (database is not null)
                await server!.DropDatabaseAsync(database);
        }
    }
}
