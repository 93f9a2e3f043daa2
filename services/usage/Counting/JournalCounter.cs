using System.Globalization;
using Cdr.Contracts.Rights;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Cdr.Usage.Counting;

/// <summary>Adds batches to the counts, each once, whatever number of replicas try.</summary>
internal sealed class JournalCounter(IDbContextFactory<UsageDb> contexts, CellBook cells, TimeProvider clock, UsageMeter meter)
{
    // 6 parameters a row; SQLite takes 32,766 a statement.
    private const int RowsAStatement = 500;

    private const string AddRegimes = "INSERT INTO regime_daily (day, regime, outcome, answers, calls, milliseconds) ";

    private const string OverRegimes = """
         ON CONFLICT (day, regime, outcome)
        DO UPDATE SET answers = regime_daily.answers + excluded.answers, calls = regime_daily.calls + excluded.calls, milliseconds = regime_daily.milliseconds + excluded.milliseconds
        """;

    private const string AddPresences = "INSERT INTO presences (establishment, function, department, hospital_group, first_day, last_day) ";

    private const string OverPresences = """
         ON CONFLICT (establishment, function)
        DO UPDATE SET
            department = CASE WHEN excluded.last_day >= presences.last_day THEN excluded.department ELSE presences.department END,
            hospital_group = CASE WHEN excluded.last_day >= presences.last_day THEN excluded.hospital_group ELSE presences.hospital_group END,
            first_day = CASE WHEN excluded.first_day < presences.first_day THEN excluded.first_day ELSE presences.first_day END,
            last_day = CASE WHEN excluded.last_day > presences.last_day THEN excluded.last_day ELSE presences.last_day END
        WHERE excluded.first_day < presences.first_day OR excluded.last_day > presences.last_day
            OR excluded.last_day = presences.last_day AND (excluded.department <> presences.department OR excluded.hospital_group <> presences.hospital_group)
        """;

    /// <summary>Where the journal is counted to: batch 0 of one never seen.</summary>
    public async Task<JournalPlace> PlaceAsync(Guid journal, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Journals.Where(j => j.Id == journal).Select(j => new JournalPlace(j.LastBatch, j.RecountedTo, j.FrozenBefore)).SingleOrDefaultAsync(cancellationToken)
            ?? new JournalPlace(0, 0, 0);
    }

    /// <summary>Whether a rebuild runs: until it ends, what the journals hold is for it to count.</summary>
    public async Task<bool> IsCountedAgainAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await UpkeepTurn.IsTakenAsync(db, UpkeepTurn.Recount, cancellationToken);
    }

    /// <summary>
    /// Counts the batches and advances the journal from <paramref name="place"/> to the last of them, in one transaction. False, and
    /// nothing counted, when the journal is not there: it is elsewhere by a duplicate, a hole, another replica, or a rebuild.
    /// </summary>
    public Task<bool> TryCountAsync(Guid journal, JournalPlace place, IReadOnlyList<ConsultationsAnswered> batches, CancellationToken cancellationToken) =>
        TryCountAsync(Tally.Of(batches, place, clock.GetUtcNow()), [new JournalStep(journal, place, batches[^1].Batch, batches.Count)], isNew: null, cancellationToken);

    /// <summary>The same of several journals: all of them are advanced, or none.</summary>
    /// <param name="tally">What their batches add.</param>
    /// <param name="steps">Each journal once.</param>
    /// <param name="isNew">Whether a table has no row of a period; null: nothing is known. Where it has one all the same, a unique violation is thrown and nothing counted.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    public async Task<bool> TryCountAsync(Tally tally, IReadOnlyList<JournalStep> steps, Func<RollupTable, int, bool>? isNew, CancellationToken cancellationToken)
    {
        var ids = await cells.IdsAsync(tally.Cells, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // In one order: two that advance the same journals would wait for each other.
        foreach (var (journal, place, last, _) in steps.OrderBy(step => step.Journal))
        {
            if (place.LastBatch == 0)
                await db.Database.ExecuteSqlAsync($"INSERT INTO journals (id, last_batch, recounted_to, frozen_before, summed_to) VALUES ({journal}, 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING", cancellationToken);
            // Holds the journal's row until the commit: who comes second waits here, then finds another number.
            var moved = await db.Journals.Where(j => j.Id == journal && j.LastBatch == place.LastBatch && j.RecountedTo == place.RecountedTo && j.FrozenBefore == place.FrozenBefore)
                .ExecuteUpdateAsync(set => set.SetProperty(j => j.LastBatch, last).SetProperty(j => j.SummedTo, j => j.SummedTo < 0 ? j.SummedTo : last), cancellationToken);
            if (moved == 0)
                return false;
        }

        foreach (var table in RollupTable.All)
            await RollupWriting.AddAsync(db, table, tally, ids, isNew is null ? null : period => isNew(table, period), cancellationToken);
        await AddAsync(db, AddRegimes, "date text text bigint bigint bigint", OverRegimes, tally.Regimes, cancellationToken);
        await AddAsync(db, AddPresences, "text text text text date date", OverPresences, tally.Presences, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        meter.Counted(steps.Sum(step => step.Batches));
        return true;
    }

    /// <summary>One statement of arrays on PostgreSQL, whose parameters would else be parsed one by one; on SQLite some rows a statement.</summary>
    private static async Task AddAsync(UsageDb db, string insert, string types, string over, IReadOnlyList<object[]> rows, CancellationToken cancellationToken)
    {
        if (rows.Count > 0 && db.Database.IsNpgsql())
        {
            var arrays = types.Split(' ').Select((type, column) => $"${(column + 1).ToString(CultureInfo.InvariantCulture)}::{type}[]");
            await using var command = (NpgsqlCommand)RollupWriting.Command(db, $"{insert} SELECT * FROM unnest({string.Join(", ", arrays)}) {over}");
            for (var column = 0; column < rows[0].Length; column++)
                command.Parameters.Add(Column(rows, column));
            await command.ExecuteNonQueryAsync(cancellationToken);
            return;
        }

        foreach (var some in rows.Chunk(RowsAStatement))
        {
            var next = 0;
            var places = some.Select(row => "(" + string.Join(", ", row.Select(_ => "{" + (next++).ToString(CultureInfo.InvariantCulture) + "}")) + ")");
            var sql = insert + "VALUES " + string.Join(", ", places) + over;
            await db.Database.ExecuteSqlRawAsync(sql, some.SelectMany(row => row), cancellationToken);
        }
    }

    private static NpgsqlParameter Column(IReadOnlyList<object[]> rows, int column) => rows[0][column] switch
    {
        DateOnly => new NpgsqlParameter<DateOnly[]> { TypedValue = [.. rows.Select(row => (DateOnly)row[column])] },
        long => new NpgsqlParameter<long[]> { TypedValue = [.. rows.Select(row => (long)row[column])] },
        _ => new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => (string)row[column])] },
    };
}

/// <summary>How far a journal is advanced.</summary>
/// <param name="Journal">Which.</param>
/// <param name="Place">From where.</param>
/// <param name="Last">To that batch.</param>
/// <param name="Batches">How many are counted.</param>
internal sealed record JournalStep(Guid Journal, JournalPlace Place, long Last, int Batches);
