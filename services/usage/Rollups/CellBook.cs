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

    // Of so many, a look-up each takes longer than reading a table that is not much larger.
    private const int ManyToFind = 50_000;
    private const int TimesAsLarge = 4;

    // Each is written to five indexes.
    private const int CellsAStatement = 50_000;

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
        List<(Guid Key, int Place)> missing = [];
        for (var place = 0; place < cells.Count; place++)
        {
            var key = cells[place].Digest();
            if (!known.TryGetValue(key, out ids[place]))
                missing.Add((key, place));
        }

        if (missing.Count == 0)
            return ids;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        await LearnAsync(db, cells, missing, ids, cancellationToken);
        // More than all that may be known are of a rebuild: it asks for most of them once.
        if (missing.Count > MostKnown)
            return ids;
        if (known.Count + missing.Count > MostKnown)
            known = new ConcurrentDictionary<Guid, int>();
        foreach (var (key, place) in missing)
            known[key] = ids[place];
        return ids;
    }

    private static async Task LearnAsync(UsageDb db, IReadOnlyList<CellKey> cells, List<(Guid Key, int Place)> missing, int[] ids, CancellationToken cancellationToken)
    {
        // Read first: an insert takes a number even where the row is there already, and there are two thousand million of them.
        await FindAsync(db, missing, ids, cancellationToken);
        // One order for all processes: two that write the same cells in two orders would wait for each other. And what is read together has
        // numbers, and so rows of counts, that are near each other.
        var unknown = missing.Where(one => ids[one.Place] == 0).Select(one => (one.Key, one.Place, cells[one.Place].Shape, cells[one.Place].Establishment))
            .OrderBy(one => one.Shape).ThenBy(one => one.Establishment, StringComparer.Ordinal).ThenBy(one => one.Key).Select(one => (one.Key, one.Place)).ToList();
        if (unknown.Count == 0)
            return;
        foreach (var some in unknown.Chunk(CellsAStatement))
            await InsertAsync(db, [.. some.Select(one => (one.Key, cells[one.Place]))], cancellationToken);
        // A statement of its own: what another replica committed meanwhile is seen.
        await FindAsync(db, unknown, ids, cancellationToken);
        // Counted under no cell it would be lost without a word: the batch comes again.
        if (unknown.Exists(one => ids[one.Place] == 0))
            throw new InvalidOperationException("A cell that was just registered is not found.");
    }

    private static async Task FindAsync(UsageDb db, List<(Guid Key, int Place)> missing, int[] ids, CancellationToken cancellationToken)
    {
        if (db.Database.GetDbConnection() is NpgsqlConnection connection)
        {
            if (missing.Count >= ManyToFind && await IsSmallAsync(connection, missing.Count, cancellationToken))
            {
                await FindInAllAsync(connection, missing, ids, cancellationToken);
                return;
            }

            await using var select = new NpgsqlCommand(Select, connection);
            select.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. missing.Select(one => one.Key)] });
            await using var rows = await select.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
                ids[missing[(int)rows.GetInt64(0) - 1].Place] = rows.GetInt32(1);
            return;
        }

        await using var each = RollupWriting.Command(db, "SELECT id FROM cells WHERE key = @p0");
        AddParameters(each, 1);
        foreach (var (key, place) in missing)
        {
            each.Parameters[0].Value = key;
            ids[place] = Convert.ToInt32(await each.ExecuteScalarAsync(cancellationToken) ?? 0, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>By the planner's own guess, which is -1 of a table that was never looked at.</summary>
    private static async Task<bool> IsSmallAsync(NpgsqlConnection connection, int toFind, CancellationToken cancellationToken)
    {
        await using var guess = new NpgsqlCommand("SELECT reltuples::bigint FROM pg_class WHERE oid = 'cells'::regclass", connection);
        return (long)(await guess.ExecuteScalarAsync(cancellationToken))! < (long)toFind * TimesAsLarge;
    }

    private static async Task FindInAllAsync(NpgsqlConnection connection, List<(Guid Key, int Place)> missing, int[] ids, CancellationToken cancellationToken)
    {
        var wanted = new Dictionary<Guid, int>(missing.Count);
        foreach (var (key, place) in missing)
            wanted.Add(key, place);
        await using var select = new NpgsqlCommand("SELECT key, id FROM cells", connection) { CommandTimeout = 300 };
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            if (wanted.TryGetValue(rows.GetGuid(0), out var place))
                ids[place] = rows.GetInt32(1);
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
