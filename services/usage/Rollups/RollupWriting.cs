using System.Data.Common;
using System.Globalization;
using Cdr.Usage.Counting;
using Cdr.Usage.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Cdr.Usage.Rollups;

/// <summary>Adds sums to a table: statements of arrays on PostgreSQL, COPY where no row can be there; one prepared row after the other on SQLite.</summary>
internal static class RollupWriting
{
    /// <value>Of a table of counts: its key, then <see cref="RollupTable.Measures"/>.</value>
    public static readonly string Columns = "cell, period, " + string.Join(", ", RollupTable.Measures);

    private static readonly int ColumnCount = 2 + RollupTable.Measures.Count;

    // Each row of a statement is some 170 bytes here and there.
    private const int RowsAStatement = 50_000;

    /// <param name="db">In the transaction of the journal.</param>
    /// <param name="table">Which.</param>
    /// <param name="tally">What is added.</param>
    /// <param name="ids">The numbers of its cells.</param>
    /// <param name="isNew">Whether no row of that period is in the table; null: nothing is known.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    public static async Task AddAsync(UsageDb db, RollupTable table, Tally tally, int[] ids, Func<int, bool>? isNew, CancellationToken cancellationToken)
    {
        if (!db.Database.IsNpgsql())
        {
            await AddEachAsync(db, table, RollupRows.Of(tally, table, ids, isNew: null).Others, cancellationToken);
            return;
        }

        var (added, others) = RollupRows.Of(tally, table, ids, isNew);
        if (added.Count > 0)
            await RollupCopy.WriteAsync((NpgsqlConnection)db.Database.GetDbConnection(), table, added, cancellationToken);
        for (var from = 0; from < others.Count; from += RowsAStatement)
            await AddArraysAsync(db, table, others, from, Math.Min(RowsAStatement, others.Count - from), cancellationToken);
    }

    /// <summary>A command of the context's connection and transaction.</summary>
    public static DbCommand Command(UsageDb db, string sql)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        return command;
    }

    private static async Task AddArraysAsync(UsageDb db, RollupTable table, RollupRows rows, int from, int count, CancellationToken cancellationToken)
    {
        var arrays = string.Join(", ", Enumerable.Range(1, ColumnCount).Select(n => n is > 2 and < 6 ? $"${n}::bigint[]" : $"${n}::integer[]"));
        await using var command = (NpgsqlCommand)Command(db, $"INSERT INTO {table.Name} ({Columns}) SELECT * FROM unnest({arrays}){Over(table)}");
        command.Parameters.Add(Values(rows.Cell));
        command.Parameters.Add(Values(rows.Period));
        command.Parameters.Add(Values(row => rows.Sum(row).Consultations));
        command.Parameters.Add(Values(row => rows.Sum(row).Working));
        command.Parameters.Add(Values(row => rows.Sum(row).Milliseconds));
        for (var bucket = 0; bucket < Latency.Buckets; bucket++)
        {
            var one = bucket;
            command.Parameters.Add(Values(row => rows.Sum(row).Range(one)));
        }

        await command.PrepareAsync(cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);

        NpgsqlParameter<T[]> Values<T>(Func<int, T> value) => new() { TypedValue = [.. Enumerable.Range(from, count).Select(value)] };
    }

    private static async Task AddEachAsync(UsageDb db, RollupTable table, RollupRows rows, CancellationToken cancellationToken)
    {
        var places = string.Join(", ", Enumerable.Range(0, ColumnCount).Select(n => "@p" + n.ToString(CultureInfo.InvariantCulture)));
        await using var command = Command(db, $"INSERT INTO {table.Name} ({Columns}) VALUES ({places}){Over(table)}");
        for (var n = 0; n < ColumnCount; n++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@p" + n.ToString(CultureInfo.InvariantCulture);
            command.Parameters.Add(parameter);
        }

        for (var row = 0; row < rows.Count; row++)
        {
            command.Parameters[0].Value = (long)rows.Cell(row);
            command.Parameters[1].Value = (long)rows.Period(row);
            command.Parameters[2].Value = rows.Sum(row).Consultations;
            command.Parameters[3].Value = rows.Sum(row).Working;
            command.Parameters[4].Value = rows.Sum(row).Milliseconds;
            for (var bucket = 0; bucket < Latency.Buckets; bucket++)
                command.Parameters[5 + bucket].Value = (long)rows.Sum(row).Range(bucket);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static string Over(RollupTable table) =>
        " ON CONFLICT (cell, period) DO UPDATE SET " + string.Join(", ", RollupTable.Measures.Select(column => $"{column} = {table.Name}.{column} + excluded.{column}"));
}
