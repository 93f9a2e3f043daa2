using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Verification;
using Cdr.Rights.Tests.Harness;
using Cdr.Rights.Tests.Journal.Tampering;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Cdr.Rights.Tests.Journal;

/// <summary>Rows and tables that the store's client cannot read: the verifier names them, and does not end at them.</summary>
public sealed class UnreadableRowTests(TestServers servers) : IDisposable
{
    private const int Seed = 20261128;
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2028, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TestFolder folder = new("unreadable");
    private KeyRing Keys => field ??= KeyRing.Load(folder.File("keys.json"), createMissing: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    // The last of its chain.
    [InlineData(false, 5)]
    [InlineData(true, 5)]
    public async Task A_batch_that_cannot_be_read_is_named_and_the_rest_is_verified(bool onPostgres, long number)
    {
        var image = JournalImage.Make(Keys, Seed);
        var chain = image.Batches.GroupBy(b => b.Journal).Single(c => c.Count() == 5).Key;
        var edited = image.Records.First(r => r.Journal != chain);
        Row.Set(edited, nameof(JournalRecord.Reason), "patient-absent");

        var report = await VerifyAsync(onPostgres, image, $"UPDATE batches SET \"At\" = {Never(onPostgres)} WHERE \"Journal\" = {Id(onPostgres, chain)} AND \"Batch\" = {number}");

        Assert.Equal(
            [(FindingKind.RowUnreadable, chain, number, null), (FindingKind.RecordChanged, edited.Journal, edited.Batch, edited.Id)],
            report.Findings.Select(f => (f.Kind, f.Journal!.Value, f.Batch!.Value, f.Record)));
        Assert.Contains("of the table batches", report.Findings[0].ToString(), StringComparison.Ordinal);
        Assert.Equal((image.Batches.Count - 1, image.Records.Count), ((int)report.Batches, (int)report.Records));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_checkpoint_that_cannot_be_read_is_named_and_not_called_gone(bool onPostgres)
    {
        var image = JournalImage.Make(Keys, Seed);
        var first = image.Checkpoints[0].Id;

        var found = Assert.Single((await VerifyAsync(onPostgres, image, $"UPDATE checkpoints SET \"At\" = {Never(onPostgres)} WHERE \"Id\" = {Id(onPostgres, first)}")).Findings);

        Assert.Equal((FindingKind.RowUnreadable, first), (found.Kind, found.Record));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_purge_whose_places_cannot_be_read_is_named(bool onPostgres)
    {
        var image = JournalImage.Make(Keys, Seed);
        var left = image.Tombstones.Single(t => t.Positions.Length > 0);

        var report = await VerifyAsync(onPostgres, image, $"UPDATE tombstones SET \"Positions\" = {(onPostgres ? "'{NULL}'" : "'none'")} WHERE \"Batch\" = {left.Batch} AND \"Journal\" = {Id(onPostgres, left.Journal)}");

        Assert.Equal((FindingKind.RowUnreadable, left.Journal, left.Batch, left.Purge), report.Findings[0] is var found ? (found.Kind, found.Journal, found.Batch, found.Record) : default);
        // What it stood for is vouched for by nothing.
        Assert.NotEmpty(report.Findings.Skip(1));
        Assert.All(report.Findings.Skip(1), f => Assert.True(f.Kind is FindingKind.PurgeChanged or FindingKind.RecordMissing, f.ToString()));
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_named_with_its_place()
    {
        var image = JournalImage.Make(Keys, Seed);
        var record = image.Records[3];

        var report = await VerifyAsync(false, image, $"UPDATE records SET \"At\" = 'never' WHERE \"Id\" = {Id(false, record.Id)}");

        Assert.Equal(
            [(FindingKind.RowUnreadable, null, record.Id), (FindingKind.RecordMissing, record.Position, record.Id)],
            report.Findings.Select(f => (f.Kind, f.Position, f.Record!.Value)));
        Assert.EndsWith("its row cannot be read", report.Findings[1].ToString(), StringComparison.Ordinal);
    }

    /// <summary>Where somebody let a column be empty first.</summary>
    [Theory]
    [InlineData("At", nameof(FindingKind.RecordChanged))]
    [InlineData("Kind", nameof(FindingKind.RecordChanged))]
    [InlineData("Milliseconds", nameof(FindingKind.RecordChanged))]
    [InlineData("CareDate", nameof(FindingKind.RecordChanged))]
    [InlineData("Subject", nameof(FindingKind.RecordChanged))]
    [InlineData("Hash", nameof(FindingKind.RecordChanged))]
    [InlineData("Batch", nameof(FindingKind.RecordMoved))]
    [InlineData("Position", nameof(FindingKind.RecordMoved))]
    [InlineData("Journal", nameof(FindingKind.RecordMoved))]
    public async Task A_record_with_an_empty_column_is_found_at_its_place(string column, string kind)
    {
        var image = JournalImage.Make(Keys, Seed);
        var record = image.Records[3];

        var report = await VerifyAsync(true, image, $"ALTER TABLE records ALTER COLUMN \"{column}\" DROP NOT NULL; UPDATE records SET \"{column}\" = NULL WHERE \"Id\" = '{record.Id}'");

        Assert.Contains(report.Findings, f => (f.Kind.ToString(), f.Journal, f.Batch, f.Position, f.Record) == (kind, record.Journal, record.Batch, record.Position, record.Id));
        Assert.All(report.Findings, f => Assert.Equal(record.Journal, f.Journal));
    }

    /// <summary>SQLite keeps in a column whatever it is given.</summary>
    [Theory]
    [InlineData("writers", "Journal")]
    [InlineData("checkpoint_heads", "Checkpoint")]
    [InlineData("tiles", "Journal")]
    public async Task A_row_whose_very_key_cannot_be_read_is_named_by_its_number(string table, string column)
    {
        var image = JournalImage.Make(Keys, Seed, more: 300);
        var report = await VerifyAsync(false, image, $"UPDATE {table} SET \"{column}\" = 'nobody' WHERE rowid = (SELECT max(rowid) FROM {table})");

        Assert.Matches($"^RowUnreadable: of the table {table}, row [0-9]+ in the order of its key$", report.Findings[0].ToString());
    }

    [Theory]
    [InlineData(false, "tiles", "1", "DROP TABLE tiles")]
    [InlineData(true, "tiles", "42P01", "DROP TABLE tiles")]
    [InlineData(true, "batches", "42703", "ALTER TABLE batches DROP COLUMN \"At\"")]
    [InlineData(true, "records", "42703", "ALTER TABLE records DROP COLUMN \"Reason\"")]
    [InlineData(true, "records", "42P01", "DROP TABLE records CASCADE")]
    public async Task A_table_that_cannot_be_read_is_named(bool onPostgres, string table, string why, string sql)
    {
        var image = JournalImage.Make(Keys, Seed, more: 100);

        var report = await VerifyAsync(onPostgres, image, sql);

        var found = report.Findings[^1];
        Assert.Equal((FindingKind.TableUnreadable, $"{table} ({(why == "1" ? "SqliteException" : why)}); what comes after it was not verified"), (found.Kind, found.Detail));
    }

    /// <summary>Each of them costs a reading of the table from there on.</summary>
    [Fact]
    public async Task Ten_rows_that_cannot_be_read_are_named_and_what_lies_behind_them_is_counted()
    {
        var image = JournalImage.Make(Keys, Seed, more: 100);

        var report = await VerifyAsync(false, image, "UPDATE records SET \"At\" = 'never'");

        Assert.Equal(10, report.Findings.Count(found => found.Kind == FindingKind.RowUnreadable));
        Assert.Equal(
            (FindingKind.TableUnreadable, $"records (FormatException): 10 of its rows are named, the {image.Records.Count - 10} from the next such one on were not read; what comes after it was not verified"),
            (report.Findings[^1].Kind, report.Findings[^1].Detail));
    }

    /// <summary>Whoever lent the snapshot is gone: nothing is known of the table, and a run that begins again may end well.</summary>
    [Fact]
    public async Task A_snapshot_that_is_gone_is_trouble_of_the_run_and_no_damage()
    {
        var image = JournalImage.Make(Keys, Seed);
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("unreadable", Cancellation);
        await using var source = NpgsqlDataSource.Create(database.Administrator);
        await StoreAsync(OnPostgres(database.Owner), image);
        await using var db = OnPostgres(database.Administrator);
        await using var stored = await PostgresSource.OpenAsync(db, source, Cancellation);
        await db.Database.RollbackTransactionAsync(Cancellation);

        var failed = await Assert.ThrowsAnyAsync<Exception>(() => VerifyAsync(stored, image));

        // What the verb ends with 3 for, as where the store does not answer.
        Assert.True(StoreOutage.Is(failed), failed.ToString());
    }

    /// <summary>The first of the table, then more than ten that cannot be read: whoever wants an edit not to be found spoils what comes after it.</summary>
    [Theory]
    [InlineData(false, "records", "RecordChanged")]
    [InlineData(false, "batches", "BatchChanged")]
    [InlineData(true, "batches", "BatchChanged")]
    public async Task What_was_changed_is_told_beside_a_table_that_ends_early(bool onPostgres, string table, string kind)
    {
        var image = JournalImage.Make(Keys, Seed, more: 300);
        var (record, batch) = (image.Records.MinBy(r => r.Id.ToString())!, image.Batches.OrderBy(b => b.Journal.ToString(), StringComparer.Ordinal).ThenBy(b => b.Batch).First());
        if (table == "records")
            Row.Set(record, nameof(JournalRecord.Reason), "patient-absent");
        else
            Row.Set(batch, nameof(JournalBatch.At), batch.At.AddSeconds(1));

        var report = await VerifyAsync(onPostgres, image, $"UPDATE {table} SET \"At\" = '{(onPostgres ? "20000-01-01" : "never")}' WHERE {(table == "records" ? $"\"Id\" <> {Id(onPostgres, record.Id)}" : $"\"Journal\" <> {Id(onPostgres, batch.Journal)} OR \"Batch\" <> {batch.Batch}")}");

        Assert.Contains(report.Findings, found => found.Kind.ToString() == kind && (table == "records" ? found.Record == record.Id : (found.Journal, found.Batch) == (batch.Journal, batch.Batch)));
        Assert.Equal(FindingKind.TableUnreadable, report.Findings[^1].Kind);
        Assert.DoesNotContain(report.Findings, found => found.Kind is FindingKind.RecordMissing or FindingKind.BatchMissing or FindingKind.ChainTruncated);
    }

    [Fact]
    public async Task The_verb_ends_with_the_code_of_damage()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        await world.AskManyAsync(5);
        await Sql.RunAsync(world.Database!.Administrator, "UPDATE batches SET \"At\" = '20000-01-01' WHERE \"Batch\" = 1");

        var run = await ToolRun.RunAsync(world, "verify");

        Assert.Equal((1, ""), (run.Code, run.Errors));
        Assert.StartsWith("RowUnreadable, chain ", run.Output, StringComparison.Ordinal);
        Assert.Contains("batch 1: of the table batches", run.Output, StringComparison.Ordinal);

        // Who may not read it is told so: nothing is known of the journal.
        await Sql.RunAsync(world.Database!.Administrator, $"REVOKE SELECT ON batches FROM \"{new NpgsqlConnectionStringBuilder(world.Database!.Application).Username}\"");
        var refused = await ToolRun.RunAsync(world, "verify");
        Assert.Equal((2, "The journal's store refuses (42501)."), (refused.Code, refused.Errors.Trim()));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    // Out of what .NET calls an instant; SQLite keeps it as text.
    private static string Never(bool onPostgres) => onPostgres ? "'20000-01-01'" : "'never'";

    private static string Id(bool onPostgres, Guid id) => onPostgres ? $"'{id}'" : $"'{id.ToString().ToUpperInvariant()}'";

    private async Task<VerificationReport> VerifyAsync(bool onPostgres, JournalImage image, string damage)
    {
        if (onPostgres)
        {
            var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("unreadable");
            await using var source = NpgsqlDataSource.Create(database.Administrator);
            await StoreAsync(OnPostgres(database.Owner), image);
            await Sql.RunAsync(database.Administrator, damage);
            await using var stored = await PostgresSource.OpenAsync(OnPostgres(database.Administrator), source, Cancellation);
            return await VerifyAsync(stored, image);
        }

        var file = $"Data Source={folder.File("rights.db")}";
        await StoreAsync(OnSqlite(file), image);
        await using (var db = OnSqlite(file))
            Assert.NotEqual(0, await db.Database.ExecuteSqlRawAsync(damage, Cancellation) | (damage.StartsWith("DROP", StringComparison.Ordinal) ? 1 : 0));
        await using var embedded = await StoreSource.OpenAsync(OnSqlite(file), Cancellation);
        return await VerifyAsync(embedded, image);
    }

    private Task<VerificationReport> VerifyAsync(IJournalSource source, JournalImage image) =>
        new JournalVerifier(source, VerificationKeys.Of(Keys), clock: Clock).VerifyAsync([image.Anchor], Cancellation);

    private static async Task StoreAsync(RightsDb own, JournalImage image)
    {
        await using var db = own;
        if (db.Database.IsNpgsql())
            await db.Database.MigrateAsync(Cancellation);
        else
            await db.Database.EnsureCreatedAsync(Cancellation);
        db.AddRange([.. image.Records, .. image.Batches, .. image.Writers, .. image.Checkpoints, .. image.Heads, .. image.Tombstones, .. image.Tiles]);
        await db.SaveChangesAsync(Cancellation);
    }

    private static RightsDb OnPostgres(string connection) => new(new DbContextOptionsBuilder<RightsDb>().UseNpgsql(connection, npgsql => npgsql.MigrationsHistoryTable("migrations", "public")).Options);

    private static RightsDb OnSqlite(string connection) => new(new DbContextOptionsBuilder<RightsDb>().UseSqlite(connection).Options);
}
