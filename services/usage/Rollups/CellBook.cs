using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
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
    // Some thirty megabytes. Beyond it begins again.
    private const int MostKnown = 500_000;

    private const string Columns = "key, shape, department, hospital_group, establishment, unit, function, regime, reason, outcome, source";

    private static readonly string Arrays = "unnest($1::uuid[], $2::smallint[], " + string.Join(", ", Enumerable.Range(3, 9).Select(n => $"${n}::text[]")) + ")";
    private static readonly string Insert = $"INSERT INTO cells ({Columns}) SELECT * FROM {Arrays} ON CONFLICT DO NOTHING";
    private const string Select = "SELECT n.place, c.id FROM unnest($1::uuid[]) WITH ORDINALITY AS n(key, place) JOIN cells c USING (key)";

    private static readonly string InsertOne = $"INSERT OR IGNORE INTO cells ({Columns}) VALUES ({string.Join(", ", Enumerable.Range(0, 11).Select(n => "@p" + n.ToString(CultureInfo.InvariantCulture)))})";

    private ConcurrentDictionary<Guid, int> known = new();

    /// <summary>The number of each, in their order; those that have none get one.</summary>
    public async Task<int[]> IdsAsync(IReadOnlyList<CellKey> cells, CancellationToken cancellationToken)
    {
        var ids = new int[cells.Count];
        List<(short Shape, string Establishment, Guid Key, int Place)> missing = [];
        for (var place = 0; place < cells.Count; place++)
        {
            var key = cells[place].Digest();
            if (!known.TryGetValue(key, out ids[place]))
                missing.Add((cells[place].Shape, cells[place].Establishment, key, place));
        }

        if (missing.Count == 0)
            return ids;
        // One order for all processes: two that write the same cells in two orders would wait for each other. And what is read together has
        // numbers, and so rows of counts, that are near each other.
        missing.Sort(static (one, other) => one.Shape != other.Shape ? one.Shape.CompareTo(other.Shape)
            : string.CompareOrdinal(one.Establishment, other.Establishment) is not 0 and var order ? order : one.Key.CompareTo(other.Key));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        var learnt = await LearnAsync(db, [.. missing.Select(one => (one.Key, cells[one.Place]))], cancellationToken);
        if (known.Count + learnt.Length > MostKnown)
            known = new ConcurrentDictionary<Guid, int>();
        for (var n = 0; n < missing.Count; n++)
            ids[missing[n].Place] = known[missing[n].Key] = learnt[n];
        return ids;
    }

    private static async Task<int[]> LearnAsync(UsageDb db, (Guid Key, CellKey Cell)[] cells, CancellationToken cancellationToken)
    {
        var ids = new int[cells.Length];
        // Read first: an insert takes a number even where the row is there already, and there are two thousand million of them.
        await FindAsync(db, cells, ids, cancellationToken);
        if (Array.IndexOf(ids, 0) < 0)
            return ids;
        await InsertAsync(db, [.. cells.Where((_, n) => ids[n] == 0)], cancellationToken);
        // A statement of its own: what another replica committed meanwhile is seen.
        await FindAsync(db, cells, ids, cancellationToken);
        // Counted under no cell it would be lost without a word: the batch comes again.
        return Array.IndexOf(ids, 0) < 0 ? ids : throw new InvalidOperationException("A cell that was just registered is not found.");
    }

    private static async Task FindAsync(UsageDb db, (Guid Key, CellKey Cell)[] cells, int[] ids, CancellationToken cancellationToken)
    {
        var places = Enumerable.Range(0, cells.Length).Where(n => ids[n] == 0).ToArray();
        if (db.Database.GetDbConnection() is NpgsqlConnection connection)
        {
            await using var select = new NpgsqlCommand(Select, connection);
            select.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. places.Select(place => cells[place].Key)] });
            await using var rows = await select.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
                ids[places[rows.GetInt64(0) - 1]] = rows.GetInt32(1);
            return;
        }

        await using var one = RollupWriting.Command(db, "SELECT id FROM cells WHERE key = @p0");
        AddParameters(one, 1);
        foreach (var place in places)
        {
            one.Parameters[0].Value = cells[place].Key;
            ids[place] = Convert.ToInt32(await one.ExecuteScalarAsync(cancellationToken) ?? 0, CultureInfo.InvariantCulture);
        }
    }

    private static async Task InsertAsync(UsageDb db, (Guid Key, CellKey Cell)[] cells, CancellationToken cancellationToken)
    {
        if (db.Database.GetDbConnection() is NpgsqlConnection connection)
        {
            await using var insert = new NpgsqlCommand(Insert, connection);
            insert.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. cells.Select(one => one.Key)] });
            insert.Parameters.Add(new NpgsqlParameter<short[]> { TypedValue = [.. cells.Select(one => one.Cell.Shape)] });
            var values = cells.Select(one => one.Cell.Values).ToArray();
            for (var column = 0; column < 9; column++)
                insert.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. values.Select(row => row[column])] });
            await insert.ExecuteNonQueryAsync(cancellationToken);
            return;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await using var each = RollupWriting.Command(db, InsertOne);
        AddParameters(each, 11);
        foreach (var (key, cell) in cells)
        {
            each.Parameters[0].Value = key;
            each.Parameters[1].Value = (long)cell.Shape;
            var values = cell.Values;
            for (var column = 0; column < 9; column++)
                each.Parameters[column + 2].Value = values[column];
            await each.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static void AddParameters(DbCommand command, int count)
    {
        for (var n = 0; n < count; n++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@p" + n.ToString(CultureInfo.InvariantCulture);
            command.Parameters.Add(parameter);
        }
    }
}
