using System.Collections.Concurrent;
using System.Data.Common;
using Cdr.Usage.Store;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Cdr.Usage.Rollups;

/// <summary>
/// Numbers of cells: rows of counts name a number, not nine words. A cell is never changed nor removed, so what was read once is known.
/// Registered apart from the counting: a cell that is counted nowhere in the end does no harm.
/// </summary>
internal sealed class CellBook(IDbContextFactory<UsageDb> contexts)
{
    // Some tens of megabytes. Beyond it begins again.
    private const int MostKnown = 200_000;

    private const string Columns = "shape, department, hospital_group, establishment, unit, function, regime, reason, outcome, source";

    private static readonly string Arrays = "unnest($1::smallint[], " + string.Join(", ", Enumerable.Range(2, 9).Select(n => $"${n}::text[]")) + ")";
    private static readonly string Insert = $"INSERT INTO cells ({Columns}) SELECT * FROM {Arrays} ON CONFLICT DO NOTHING";
    private static readonly string Select =
        $"SELECT n.place, c.id FROM {Arrays} WITH ORDINALITY AS n({Columns}, place) JOIN cells c USING ({Columns})";

    private static readonly string Places = string.Join(", ", Enumerable.Range(0, 10).Select(n => "@p" + n.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    private static readonly string InsertOne = $"INSERT OR IGNORE INTO cells ({Columns}) VALUES ({Places})";
    private static readonly string SelectOne = $"SELECT id FROM cells WHERE ({Columns}) = ({Places})";

    private ConcurrentDictionary<CellKey, int> known = new();

    /// <summary>The number of each, in their order; those that have none get one.</summary>
    public async Task<int[]> IdsAsync(IReadOnlyList<CellKey> cells, CancellationToken cancellationToken)
    {
        var ids = new int[cells.Count];
        List<int> missing = [];
        for (var place = 0; place < cells.Count; place++)
        {
            if (!known.TryGetValue(cells[place], out ids[place]))
                missing.Add(place);
        }

        if (missing.Count == 0)
            return ids;
        missing.Sort((one, other) => string.CompareOrdinal(cells[one].Order, cells[other].Order));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        var keys = missing.Select(place => cells[place]).ToArray();
        var learnt = db.Database.GetDbConnection() is NpgsqlConnection connection
            ? await LearnAsync(connection, keys, cancellationToken)
            : await LearnAsync(db, keys, cancellationToken);
        if (known.Count + learnt.Length > MostKnown)
            known = new ConcurrentDictionary<CellKey, int>();
        for (var n = 0; n < missing.Count; n++)
            ids[missing[n]] = known[keys[n]] = learnt[n];
        return ids;
    }

    private static async Task<int[]> LearnAsync(NpgsqlConnection connection, CellKey[] keys, CancellationToken cancellationToken)
    {
        await using (var insert = new NpgsqlCommand(Insert, connection))
        {
            AddArrays(insert, keys);
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        var ids = new int[keys.Length];
        // A statement of its own: what another replica committed meanwhile is seen.
        await using var select = new NpgsqlCommand(Select, connection);
        AddArrays(select, keys);
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            ids[rows.GetInt64(0) - 1] = rows.GetInt32(1);
        // Counted under no cell it would be lost without a word: the batch comes again.
        return Array.TrueForAll(ids, id => id != 0) ? ids : throw new InvalidOperationException("A cell that was just registered is not found.");
    }

    private static void AddArrays(NpgsqlCommand command, CellKey[] keys)
    {
        command.Parameters.Add(new NpgsqlParameter<short[]> { TypedValue = [.. keys.Select(key => key.Shape)] });
        var values = keys.Select(key => key.Values).ToArray();
        for (var column = 0; column < 9; column++)
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. values.Select(row => row[column])] });
    }

    private static async Task<int[]> LearnAsync(UsageDb db, CellKey[] keys, CancellationToken cancellationToken)
    {
        var ids = new int[keys.Length];
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await using var insert = OneRow(db, InsertOne);
        await using var select = OneRow(db, SelectOne);
        for (var n = 0; n < keys.Length; n++)
        {
            Fill(insert, keys[n]);
            Fill(select, keys[n]);
            await insert.ExecuteNonQueryAsync(cancellationToken);
            ids[n] = Convert.ToInt32(await select.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
        }

        await transaction.CommitAsync(cancellationToken);
        return ids;
    }

    private static DbCommand OneRow(UsageDb db, string sql)
    {
        var command = RollupWriting.Command(db, sql);
        for (var n = 0; n < 10; n++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@p" + n.ToString(System.Globalization.CultureInfo.InvariantCulture);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static void Fill(DbCommand command, CellKey key)
    {
        command.Parameters[0].Value = (long)key.Shape;
        var values = key.Values;
        for (var column = 0; column < 9; column++)
            command.Parameters[column + 1].Value = values[column];
    }
}
