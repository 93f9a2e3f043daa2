using System.Globalization;
using Cdr.Usage.Store;
using Cdr.Usage.Store.Migrations;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Rollups;

/// <summary>
/// Sums that the version before does not keep. While it counts, in a roll-out or after a way back, its journals are marked
/// (<see cref="CountedJournal.SummedTo"/>): these sums are not read, the full counts are instead, until they are summed again.
/// </summary>
internal static class LateSums
{
    private const string Columns = "shape, department, hospital_group, establishment, unit, function, regime, reason, outcome, source";

    /// <summary>Whether all that is counted is in them. An embedded store knows one version.</summary>
    public static async Task<bool> AreWholeAsync(UsageDb db, CancellationToken cancellationToken) =>
        !db.Database.IsNpgsql() || !await db.Journals.AnyAsync(journal => journal.SummedTo < 0, cancellationToken);

    /// <summary>Sums them from the full counts where they are not whole. Nothing is counted meanwhile; it waits.</summary>
    public static async Task<bool> MendAsync(UsageDb db, CancellationToken cancellationToken)
    {
        if (await AreWholeAsync(db, cancellationToken))
            return false;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync("LOCK TABLE journals IN EXCLUSIVE MODE", cancellationToken);
        foreach (var sql in Shape.Sums.Where(shape => shape.IsLate).SelectMany(Sums))
            await db.Database.ExecuteSqlRawAsync(sql, cancellationToken);
        await db.Journals.Where(journal => journal.SummedTo < 0).ExecuteUpdateAsync(set => set.SetProperty(journal => journal.SummedTo, journal => journal.LastBatch), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static IEnumerable<string> Sums(Shape shape)
    {
        var id = shape.Id.ToString(CultureInfo.InvariantCulture);
        var words = $"{id}::smallint AS shape, " + string.Join(", ", Shape.Columns.Select(column => (shape.Dimensions & column.Dimension) != 0 ? column.Column : $"'' AS {column.Column}"));
        var measures = RollupTable.Measures;
        // A cell that is there would take a number again.
        yield return
            $"""
            INSERT INTO cells ({Columns}, key)
            SELECT * FROM (SELECT told.*, {CellKeys.Digest} AS key FROM (SELECT DISTINCT {words} FROM cells WHERE shape = 0) AS told) AS keyed
            WHERE NOT EXISTS (SELECT FROM cells WHERE cells.key = keyed.key)
            ON CONFLICT DO NOTHING
            """;
        foreach (var grain in (Grain[])[Grain.Day, Grain.Month])
        {
            if (!shape.IsKept(grain))
                continue;
            var (sums, full) = (RollupTable.Of(grain, shape).Name, RollupTable.Of(grain, Shape.Full).Name);
            yield return $"DELETE FROM {sums} USING cells WHERE cells.id = {sums}.cell AND cells.shape = {id}";
            yield return
                $"""
                INSERT INTO {sums} (cell, period, {string.Join(", ", measures)})
                SELECT own.id, r.period, {string.Join(", ", measures.Select(measure => $"SUM(r.{measure})"))}
                FROM {full} r
                JOIN (SELECT id, {CellKeys.Digest} AS key FROM (SELECT id, {words} FROM cells WHERE cells.shape = 0) AS named) AS told ON told.id = r.cell
                JOIN cells AS own ON own.key = told.key
                GROUP BY own.id, r.period
                """;
        }
    }
}
