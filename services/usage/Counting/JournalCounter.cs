using System.Globalization;
using Cdr.Contracts.Rights;
using Cdr.Usage.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Counting;

/// <summary>Adds batches to the counts, each once, whatever number of replicas try.</summary>
internal sealed class JournalCounter(IDbContextFactory<UsageDb> contexts, UsageMeter meter)
{
    // 11 parameters a row; PostgreSQL takes 65,535 a statement, SQLite 32,766.
    private const int RowsAStatement = 500;

    private const string AddDaily = "INSERT INTO daily (day, department, hospital_group, establishment, unit, function, regime, reason, outcome, source, consultations) VALUES ";

    private const string OverDaily = """
         ON CONFLICT (day, department, hospital_group, establishment, unit, function, regime, reason, outcome, source)
        DO UPDATE SET consultations = daily.consultations + excluded.consultations
        """;

    private const string AddRegimes = "INSERT INTO regime_daily (day, regime, outcome, answers, calls, milliseconds) VALUES ";

    private const string OverRegimes = """
         ON CONFLICT (day, regime, outcome)
        DO UPDATE SET answers = regime_daily.answers + excluded.answers, calls = regime_daily.calls + excluded.calls, milliseconds = regime_daily.milliseconds + excluded.milliseconds
        """;

    /// <summary>Number of the batch up to which the journal is counted; 0 for one never seen.</summary>
    public async Task<long> LastBatchAsync(Guid journal, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Journals.Where(j => j.Id == journal).Select(j => j.LastBatch).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// Counts the batches and advances the journal from <paramref name="after"/> to the last of them, in one transaction. False, and
    /// nothing counted, when the journal is not there: it is elsewhere by a duplicate, a hole, or another replica.
    /// </summary>
    public async Task<bool> TryCountAsync(Guid journal, long after, IReadOnlyList<ConsultationsAnswered> batches, CancellationToken cancellationToken)
    {
        var tally = Tally.Of(batches);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (after == 0)
            await db.Database.ExecuteSqlAsync($"INSERT INTO journals (id, last_batch) VALUES ({journal}, 0) ON CONFLICT (id) DO NOTHING", cancellationToken);
        // Holds the journal's row until the commit: who comes second waits here, then finds another number.
        var moved = await db.Journals.Where(j => j.Id == journal && j.LastBatch == after)
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.LastBatch, batches[^1].Batch), cancellationToken);
        if (moved == 0)
            return false;
        await AddAsync(db, AddDaily, OverDaily, tally.Daily, cancellationToken);
        await AddAsync(db, AddRegimes, OverRegimes, tally.Regimes, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        meter.Counted(batches.Count);
        return true;
    }

    private static async Task AddAsync(UsageDb db, string insert, string over, IReadOnlyList<object[]> rows, CancellationToken cancellationToken)
    {
        foreach (var some in rows.Chunk(RowsAStatement))
        {
            var next = 0;
            var places = some.Select(row => "(" + string.Join(", ", row.Select(_ => "{" + (next++).ToString(CultureInfo.InvariantCulture) + "}")) + ")");
            var sql = insert + string.Join(", ", places) + over;
            await db.Database.ExecuteSqlRawAsync(sql, some.SelectMany(row => row), cancellationToken);
        }
    }
}
