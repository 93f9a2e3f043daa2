using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Queries;

/// <summary>What is read of the counts.</summary>
/// <param name="Grain">Whose table.</param>
/// <param name="From">First period.</param>
/// <param name="To">Last period, included.</param>
/// <param name="By">What is told apart; everything else is summed.</param>
/// <param name="ByPeriod">Periods are told apart too.</param>
/// <param name="Filters">All of them hold.</param>
/// <param name="WithLatency">The histogram too.</param>
internal sealed record Selection(
    Grain Grain, int From, int To, Dimensions By, bool ByPeriod, IReadOnlyList<(Dimensions Dimension, string Value)> Filters, bool WithLatency = false);

/// <summary>A row of sums.</summary>
/// <param name="Keys">Values of what was told apart, in the order of the dimensions.</param>
/// <param name="Period">0 where periods are summed.</param>
/// <param name="Consultations">How many.</param>
/// <param name="Working">Those on a working day of their département.</param>
/// <param name="Milliseconds">In all.</param>
/// <param name="Histogram">Null unless asked for.</param>
internal sealed record RollupRow(string[] Keys, int Period, long Consultations, long Working, long Milliseconds, long[]? Histogram);

/// <summary>Reads counts from the smallest table that tells apart what is asked.</summary>
internal static class RollupReading
{
    /// <summary>Rows in one order on every store: by period, then by the values' code points.</summary>
    public static async IAsyncEnumerable<RollupRow> ReadAsync(UsageDb db, Selection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = Command(db, selection, await ShapeAsync(db, selection, cancellationToken));
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            var keys = Shape.Columns.Count(column => (selection.By & column.Dimension) != 0);
            while (await rows.ReadAsync(cancellationToken))
                yield return Row(rows, keys, selection.WithLatency);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static RollupRow Row(DbDataReader rows, int keys, bool withLatency)
    {
        var values = new string[keys];
        for (var n = 0; n < keys; n++)
            values[n] = rows.GetString(n);
        long[]? histogram = null;
        if (withLatency)
        {
            histogram = new long[Latency.Buckets];
            for (var bucket = 0; bucket < Latency.Buckets; bucket++)
                histogram[bucket] = rows.GetInt64(keys + 4 + bucket);
        }

        return new RollupRow(values, (int)rows.GetInt64(keys), rows.GetInt64(keys + 1), rows.GetInt64(keys + 2), rows.GetInt64(keys + 3), histogram);
    }

    /// <summary>
    /// Of sums, each cell's periods by their index: a board asks for some thousand cells at most. Left to its guess of how many cells have a shape,
    /// the planner scanned all sums where three cells were asked for.
    /// </summary>
    private static string Source(UsageDb db, RollupTable table) => db.Database.IsNpgsql() && !table.IsFull
        ? $"cells c CROSS JOIN LATERAL (SELECT * FROM {table.Name} s WHERE s.cell = c.id AND s.period BETWEEN @from AND @to OFFSET 0) r"
        : $"{table.Name} r JOIN cells c ON c.id = r.cell";

    private static async Task<Shape> ShapeAsync(UsageDb db, Selection selection, CancellationToken cancellationToken)
    {
        var needed = selection.Filters.Aggregate(selection.By, (all, filter) => all | filter.Dimension);
        var shape = Shape.For(needed, selection.Grain);
        return shape.IsLate && !await LateSums.AreWholeAsync(db, cancellationToken) ? Shape.For(needed, selection.Grain, withLate: false) : shape;
    }

    private static DbCommand Command(UsageDb db, Selection selection, Shape shape)
    {
        var table = RollupTable.Of(selection.Grain, shape);
        var keys = Shape.Columns.Where(column => (selection.By & column.Dimension) != 0).Select(column => "c." + column.Column).ToList();
        var measures = selection.WithLatency ? RollupTable.Measures : RollupTable.Measures.Take(3);
        List<string> groups = [.. keys];
        if (selection.ByPeriod)
            groups.Add("r.period");
        // Where each row stands alone there is nothing to sum, and a long export must not wait for it.
        var isWhole = shape == Shape.Full && selection is { By: Dimensions.All, ByPeriod: true };
        IEnumerable<string> columns =
        [
            .. keys, selection.ByPeriod ? "CAST(r.period AS bigint)" : "CAST(0 AS bigint)",
            .. measures.Select(measure => isWhole ? $"CAST(r.{measure} AS bigint)" : $"CAST(SUM(r.{measure}) AS bigint)"),
        ];

        var filters = selection.Filters.Select((filter, n) => string.Create(CultureInfo.InvariantCulture, $" AND c.{Shape.Columns.Single(column => column.Dimension == filter.Dimension).Column} = @f{n}"));
        var collation = db.Database.IsNpgsql() ? " COLLATE \"C\"" : "";
        IEnumerable<string> order = [.. selection.ByPeriod ? (IEnumerable<string>)["r.period"] : [], .. keys.Select(key => key + collation)];
        var sql = $"SELECT {string.Join(", ", columns)} FROM {Source(db, table)} WHERE c.shape = @shape AND r.period BETWEEN @from AND @to{string.Concat(filters)}";
        // What a board asks is short: compiling it, or starting others to help, would take longer than answering it.
        if (db.Database.IsNpgsql())
            sql = "SET jit = off; SET max_parallel_workers_per_gather = 0; " + sql;
        if (!isWhole && groups.Count > 0)
            sql += $" GROUP BY {string.Join(", ", groups)}";
        else if (!isWhole)
            // Of nothing, SUM is NULL: no row instead.
            sql += " HAVING COUNT(*) > 0";
        if (order.Any())
            sql += $" ORDER BY {string.Join(", ", order)}";

        var command = RollupWriting.Command(db, sql);
        Add("@shape", (int)shape.Id);
        Add("@from", selection.From);
        Add("@to", selection.To);
        for (var n = 0; n < selection.Filters.Count; n++)
            Add("@f" + n.ToString(CultureInfo.InvariantCulture), selection.Filters[n].Value);
        return command;

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
    }
}
