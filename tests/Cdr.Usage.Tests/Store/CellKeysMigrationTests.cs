using Cdr.Contracts.Rights;
using Cdr.Testing;
using Cdr.Usage.Features.SweepRollups;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Cdr.Usage.Tests.Doubles;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Usage.Tests.Store;

/// <summary>What was counted before the migration is found, and is in the sums that it adds.</summary>
public sealed class CellKeysMigrationTests(TestServers servers)
{
    private const string Words = "shape, department, hospital_group, establishment, unit, function, regime, reason, outcome, source";

    private static readonly Guid Journal = Guid.CreateVersion7(Facts.Noon);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cells_that_were_there_have_the_key_that_counting_looks_for_and_their_months_are_in_the_new_sums()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("usage", Cancel);
        await using var db = Open(database.Owner);
        await db.GetService<IMigrator>().MigrateAsync("20261126081811_Campaigns", Cancel);
        ConsultationFact[] facts = [Facts.One(unit: "réa é|;'\""), Facts.One(unit: "réa é|;'\"", reason: "patient-absent"), Facts.One(unit: "adm", group: "", regime: "", outcome: ConsultationOutcome.NotFound)];
        await CountAsWasAsync(db, facts);

        await db.GetService<IMigrator>().MigrateAsync(targetMigration: null, Cancel);

        await AssertAllIsReadAsync(database.Owner, facts.Length);
        await SweepAsync(database.Owner);
        await AssertAllIsReadAsync(database.Owner, facts.Length);
        CellKey[] expected =
        [
            .. facts.Select(fact => CellOf.Fact(fact, Shape.Full)),
            .. Shape.Sums.Where(shape => shape.IsLate).SelectMany(shape => facts.Select(fact => CellOf.Fact(fact, shape))).Distinct(),
        ];
        Assert.Equal(expected.Select(cell => cell.Digest()).Order(), (await db.Cells.Select(cell => cell.Key).ToListAsync(Cancel)).Order());
    }

    [Fact]
    public async Task What_the_version_before_counts_after_the_migration_is_read_at_once_and_summed_later()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("usage", Cancel);
        await using var db = Open(database.Owner);
        await db.Database.MigrateAsync(Cancel);
        await SweepAsync(database.Owner);
        var desk = new CountingDesk(options => options.UseNpgsql(database.Owner));
        await desk.DeliverAsync(Facts.Batch(Journal, 1, Facts.One(), Facts.One(unit: "adm")), Cancel);
        await AssertAllIsReadAsync(database.Owner, 2);

        // During a roll-out, or after a way back: a journal that is known and one that is not.
        await using (var before = Open(database.Owner))
        {
            await CountAsWasAsync(before, [Facts.One(unit: "adm"), Facts.One(unit: "réa")], Journal, batch: 2);
            await CountAsWasAsync(before, [Facts.One()], Guid.CreateVersion7(Facts.Noon.AddSeconds(1)), batch: 1);
        }

        await AssertAllIsReadAsync(database.Owner, 5);
        await desk.DeliverAsync(Facts.Batch(Journal, 3, Facts.One()), Cancel);
        await AssertAllIsReadAsync(database.Owner, 6);

        await SweepAsync(database.Owner);
        await AssertAllIsReadAsync(database.Owner, 6);
        await desk.DeliverAsync(Facts.Batch(Journal, 4, Facts.One()), Cancel);
        await AssertAllIsReadAsync(database.Owner, 7);
        // The sums themselves, and not what stood in for them.
        var summed = await db.Database.SqlQueryRaw<long>("SELECT SUM(consultations)::bigint AS \"Value\" FROM sums_month JOIN cells ON cells.id = cell WHERE shape = 13").SingleAsync(Cancel);
        Assert.Equal((7, 0), (summed, await db.Journals.CountAsync(journal => journal.SummedTo != journal.LastBatch, Cancel)));
    }

    [Fact]
    public async Task The_version_before_registers_its_cells_after_the_migration_and_they_are_found()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("usage", Cancel);
        await using var db = Open(database.Owner);
        await db.Database.MigrateAsync(Cancel);
        var cell = CellOf.Fact(Facts.One(unit: "réa é|;'\""), Shape.Full);
        // Twice: a replica that does not know it is there.
        await using (var before = Open(database.Owner))
        {
            await RegisterAsWasAsync(before, cell);
            await RegisterAsWasAsync(before, cell);
        }

        var ids = await new CellBook(new Contexts(database.Owner)).IdsAsync([cell], Cancel);

        var row = await db.Cells.AsNoTracking().SingleAsync(Cancel);
        Assert.Equal((ids[0], cell.Digest()), (row.Id, row.Key));
    }

    // As CellBook of the version before.
    private static async Task RegisterAsWasAsync(UsageDb db, CellKey cell)
    {
        object[] words = [cell.Shape, .. cell.Values];
        await db.Database.ExecuteSqlRawAsync($"INSERT INTO cells ({Words}) VALUES ({{0}}, {{1}}, {{2}}, {{3}}, {{4}}, {{5}}, {{6}}, {{7}}, {{8}}, {{9}}) ON CONFLICT DO NOTHING", words, Cancel);
    }

    // As JournalCounter of the version before, of the full months.
    private static async Task CountAsWasAsync(UsageDb db, ConsultationFact[] facts, Guid? journal = null, long batch = 1)
    {
        object[] place = [journal ?? Journal, batch];
        await db.Database.ExecuteSqlRawAsync("INSERT INTO journals (id, last_batch, recounted_to, frozen_before) VALUES ({0}, 0, 0, 0) ON CONFLICT (id) DO NOTHING", place, Cancel);
        await db.Database.ExecuteSqlRawAsync("UPDATE journals SET last_batch = {1} WHERE id = {0}", place, Cancel);
        foreach (var fact in facts)
        {
            var cell = CellOf.Fact(fact, Shape.Full);
            await RegisterAsWasAsync(db, cell);
            object[] row = [.. cell.Values, Periods.Of(Grain.Month, fact.At), fact.Milliseconds];
            await db.Database.ExecuteSqlRawAsync(
                $$"""
                INSERT INTO usage_month SELECT id, {9}, 1, 1, {10}, 0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0 FROM cells
                WHERE ({{Words}}) = (0, {0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8})
                ON CONFLICT (cell, period) DO UPDATE SET consultations = usage_month.consultations + 1, milliseconds = usage_month.milliseconds + excluded.milliseconds
                """, row, Cancel);
        }
    }

    private static async Task SweepAsync(string connection) =>
        await new SweepRollups(new Contexts(connection), null!, Options.Create(new UsageOptions()), new FakeTimeProvider(Facts.Noon), NullLogger<SweepRollups>.Instance).RunOnceAsync(Cancel);

    /// <summary>By what only the two shapes tell apart, and by all.</summary>
    private static async Task AssertAllIsReadAsync(string connection, int count)
    {
        await using var db = Open(connection);
        foreach (var by in (Dimensions[])[Dimensions.All, Dimensions.Establishment | Dimensions.Unit | Dimensions.Regime, Dimensions.Establishment | Dimensions.Reason | Dimensions.Outcome])
        {
            var rows = await RollupReading.ReadAsync(db, new Selection(Grain.Month, 0, int.MaxValue, by, ByPeriod: true, []), Cancel).ToListAsync(Cancel);
            Assert.Equal((count, count * 140), (rows.Sum(row => row.Consultations), rows.Sum(row => row.Milliseconds)));
        }
    }

    private static UsageDb Open(string connection) => new Contexts(connection).CreateDbContext();

    private sealed class Contexts(string connection) : IDbContextFactory<UsageDb>
    {
        public UsageDb CreateDbContext() => new(new DbContextOptionsBuilder<UsageDb>().UseNpgsql(connection).Options);
    }
}
