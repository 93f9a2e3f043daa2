using Cdr.Contracts.Rights;
using Cdr.Testing;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Cdr.Usage.Tests.Doubles;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Cdr.Usage.Tests.Store;

/// <summary>What was counted before the migration is found, and is in the sums that it adds.</summary>
public sealed class CellKeysMigrationTests(TestServers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cells_that_were_there_have_the_key_that_counting_looks_for_and_their_months_are_in_the_new_sums()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("usage", Cancel);
        await using var db = new UsageDb(new DbContextOptionsBuilder<UsageDb>().UseNpgsql(database.Owner).Options);
        await db.GetService<IMigrator>().MigrateAsync("20261126081811_Campaigns", Cancel);
        ConsultationFact[] facts = [Facts.One(unit: "réa é|;'\""), Facts.One(unit: "réa é|;'\"", reason: "patient-absent"), Facts.One(unit: "adm", group: "", regime: "", outcome: ConsultationOutcome.NotFound)];
        foreach (var (number, fact) in facts.Index())
            await CountAsync(db, -1 - number, CellKey.Of(fact, Shape.Full), fact.Milliseconds);

        await db.GetService<IMigrator>().MigrateAsync(targetMigration: null, Cancel);

        CellKey[] expected =
        [
            .. facts.Select(fact => CellKey.Of(fact, Shape.Full)),
            .. Shape.Sums.Where(shape => shape.Id is 13 or 14).SelectMany(shape => facts.Select(fact => CellKey.Of(fact, shape))).Distinct(),
        ];
        Assert.Equal(expected.Select(cell => cell.Digest()).Order(), (await db.Cells.Select(cell => cell.Key).ToListAsync(Cancel)).Order());
        foreach (var by in (Dimensions[])[Dimensions.Unit | Dimensions.Regime, Dimensions.Reason | Dimensions.Outcome])
            Assert.Equal(await RowsAsync(db, by | Dimensions.All), await RowsAsync(db, by | Dimensions.Establishment));
    }

    private static async Task CountAsync(UsageDb db, int id, CellKey cell, int milliseconds)
    {
        object[] words = [id, .. cell.Values];
        await db.Database.ExecuteSqlRawAsync(
            "INSERT INTO cells (id, shape, department, hospital_group, establishment, unit, function, regime, reason, outcome, source) VALUES ({0}, 0, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9})", words, Cancel);
        object[] sums = [id, Periods.Of(Grain.Month, Facts.Noon), milliseconds];
        await db.Database.ExecuteSqlRawAsync("INSERT INTO usage_month VALUES ({0}, {1}, 1, 1, {2}, 0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0)", sums, Cancel);
    }

    // Of all, or of the sums that tell these apart: how many, and how long.
    private static async Task<(long, long)> RowsAsync(UsageDb db, Dimensions by)
    {
        var rows = await RollupReading.ReadAsync(db, new Selection(Grain.Month, 0, int.MaxValue, by, ByPeriod: true, []), Cancel).ToListAsync(Cancel);
        return (rows.Sum(row => row.Consultations), rows.Sum(row => row.Milliseconds));
    }
}
