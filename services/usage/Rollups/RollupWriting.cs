using System.Data.Common;
using System.Globalization;
using Cdr.Usage.Counting;
using Cdr.Usage.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Cdr.Usage.Rollups;

/// <summary>Adds sums to a table: one statement of arrays on PostgreSQL, one prepared row after the other on SQLite.</summary>
internal static class RollupWriting
{
    private static readonly string Columns = "cell, period, " + string.Join(", ", RollupTable.Measures);
    private static readonly int ColumnCount = 2 + RollupTable.Measures.Count;

    /// <param name="db">In the transaction of the journal.</param>
    /// <param name="table">Which.</param>
    /// <param name="tally">What is added.</param>
    /// <param name="ids">The numbers of its cells.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    public static async Task AddAsync(UsageDb db, RollupTable table, Tally tally, int[] ids, CancellationToken cancellationToken)
    {
        var rows = tally.Rows(table).Select(row => (Cell: ids[row.Cell], row.Period, row.Sum)).ToArray();
        if (rows.Length == 0)
            return;
        Array.Sort(rows, (one, other) => one.Cell != other.Cell ? one.Cell.CompareTo(other.Cell) : one.Period.CompareTo(other.Period));
        if (db.Database.IsNpgsql())
            await AddArraysAsync(db, table, rows, cancellationToken);
        else
            await AddEachAsync(db, table, rows, cancellationToken);
    }

    /// <summary>A command of the context's connection and transaction.</summary>
    public static DbCommand Command(UsageDb db, string sql)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        return command;
    }

    private static async Task AddArraysAsync(UsageDb db, RollupTable table, (int Cell, int Period, Sum Sum)[] rows, CancellationToken cancellationToken)
    {
        var arrays = string.Join(", ", Enumerable.Range(1, ColumnCount).Select(n => n is > 2 and < 6 ? $"${n}::bigint[]" : $"${n}::integer[]"));
        await using var command = (NpgsqlCommand)Command(db, $"INSERT INTO {table.Name} ({Columns}) SELECT * FROM unnest({arrays}){Over(table)}");
        command.Parameters.Add(Values(rows, row => row.Cell));
        command.Parameters.Add(Values(rows, row => row.Period));
        command.Parameters.Add(Values(rows, row => row.Sum.Consultations));
        command.Parameters.Add(Values(rows, row => row.Sum.Working));
        command.Parameters.Add(Values(rows, row => row.Sum.Milliseconds));
        for (var bucket = 0; bucket < Latency.Buckets; bucket++)
        {
            var one = bucket;
            command.Parameters.Add(Values(rows, row => row.Sum.Histogram[one]));
        }

        await command.PrepareAsync(cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter<T[]> Values<T>((int, int, Sum)[] rows, Func<(int Cell, int Period, Sum Sum), T> value) => new() { TypedValue = [.. rows.Select(value)] };

    private static async Task AddEachAsync(UsageDb db, RollupTable table, (int Cell, int Period, Sum Sum)[] rows, CancellationToken cancellationToken)
    {
        var places = string.Join(", ", Enumerable.Range(0, ColumnCount).Select(n => "@p" + n.ToString(CultureInfo.InvariantCulture)));
        await using var command = Command(db, $"INSERT INTO {table.Name} ({Columns}) VALUES ({places}){Over(table)}");
        for (var n = 0; n < ColumnCount; n++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@p" + n.ToString(CultureInfo.InvariantCulture);
            command.Parameters.Add(parameter);
        }

        foreach (var (cell, period, sum) in rows)
        {
            command.Parameters[0].Value = (long)cell;
            command.Parameters[1].Value = (long)period;
            command.Parameters[2].Value = sum.Consultations;
            command.Parameters[3].Value = sum.Working;
            command.Parameters[4].Value = sum.Milliseconds;
            for (var bucket = 0; bucket < Latency.Buckets; bucket++)
                command.Parameters[5 + bucket].Value = (long)sum.Histogram[bucket];
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static string Over(RollupTable table) =>
        " ON CONFLICT (cell, period) DO UPDATE SET " + string.Join(", ", RollupTable.Measures.Select(column => $"{column} = {table.Name}.{column} + excluded.{column}"));
}
