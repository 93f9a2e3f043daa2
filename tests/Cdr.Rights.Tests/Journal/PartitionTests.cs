using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Verification;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Cdr.Rights.Tests.Journal;

/// <summary>Months that go while somebody reads.</summary>
public sealed class PartitionTests(TestServers servers)
{
    private const string Month = "records_202611";
    private static readonly DateTimeOffset Later = new(2026, 12, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_verification_keeps_its_partitions_until_it_ends()
    {
        var database = await MigratedAsync();
        await using var reading = NpgsqlDataSource.Create(database.Administrator);
        await using (await PostgresSource.OpenAsync(Open(database.Administrator), reading, TestContext.Current.CancellationToken))
        {
            await DropAsync(database);
            Assert.True(await ExistsAsync(database));
        }

        await DropAsync(database);
        Assert.False(await ExistsAsync(database));
    }

    [Fact]
    public async Task A_month_that_is_in_somebodys_way_waits_for_the_next_time()
    {
        var database = await MigratedAsync();
        await using var other = await Sql.OpenAsync(database.Administrator);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await RunAsync(other, "LOCK TABLE ONLY records IN ACCESS SHARE MODE");

        // It has the month and waits for the whole table, which this one has and waits for the month.
        var dropping = DropAsync(database);
        await Records.UntilAsync("the drop waits", async () =>
            await Sql.RunAsync(database.Administrator, "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'records'::regclass") is > 0L);
        await RunAsync(other, $"LOCK TABLE {Month} IN ACCESS SHARE MODE");
        await dropping;

        Assert.True(await ExistsAsync(database));
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task DropAsync(TestDatabase database)
    {
        await using var db = Open(database.Owner);
        await RecordPartitions.DropEmptyAsync(db, Later, TestContext.Current.CancellationToken);
    }

    private static async Task<bool> ExistsAsync(TestDatabase database) => await Sql.RunAsync(database.Administrator, $"SELECT to_regclass('{Month}') IS NOT NULL") is true;

    private async Task<TestDatabase> MigratedAsync()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("partitions");
        await using var db = Open(database.Owner);
        await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
        return database;
    }

    private static RightsDb Open(string connection) => new(new DbContextOptionsBuilder<RightsDb>().UseNpgsql(connection, npgsql => npgsql.MigrationsHistoryTable("migrations", "public")).Options);
}
