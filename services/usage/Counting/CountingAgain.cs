using Cdr.Contracts.Rights;
using Cdr.Usage.Rollups;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Cdr.Usage.Counting;

/// <summary>
/// Counts the journals after <see cref="Recount"/>: all together, in the order of time, up to a million facts in one transaction. So a cell and period is
/// written about once, and where nobody wrote of that period before, without looking for it.
/// </summary>
internal sealed partial class CountingAgain(
    [FromKeyedServices(UsageModule.Name)] IJournalApi journals, JournalCounter counter, [FromKeyedServices(UsageModule.StoreName)] ServiceDefaults.Stores.Store store, IOptions<UsageOptions> options, TimeProvider clock,
    ILogger<CountingAgain> log)
{
    // As measured of a country whose cells are as sparse as in the bench, the whole process: 560 to 630 MB at 700,000.
    private const int BytesAFact = 900;

    // A service that counts beside this may come between more than once.
    private const int Attempts = 5;

    /// <value>
    /// A million, or what a quarter of the memory holds that this process may use: it may run beside the service, within one limit. Embedded as many as a
    /// catch-up: the service counts beside it, and what both read one of them reads again; and while one writes, nobody else does.
    /// </value>
    public int FactsAtOnce { get; init; } = store.IsEmbedded ? JournalCatchUp.FactsAtOnce : (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / BytesAFact, 20_000, 1_000_000);

    /// <param name="first">The first day that was forgotten; null: some of what was is counted again already.</param>
    /// <param name="heads">The journals, and how far each is counted.</param>
    /// <param name="isMine">Whether others still leave the journals to this; asked before each writing.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <returns>The first journal that does not hand out what it says it has; null: all is counted.</returns>
    /// <exception cref="TurnLostException">They do not.</exception>
    public async Task<JournalHead?> RunAsync(DateOnly? first, IReadOnlyList<JournalHead> heads, Func<CancellationToken, Task<bool>> isMine, CancellationToken cancellationToken)
    {
        Dictionary<RollupTable, HashSet<int>> written = RollupTable.All.ToDictionary(table => table, _ => new HashSet<int>());
        while (true)
        {
            List<JournalReading> readings = [];
            foreach (var head in heads)
                readings.Add(new JournalReading(journals, head, await counter.PlaceAsync(head.Journal, cancellationToken), options.Value.BatchesPerFetch));
            try
            {
                // False: a running service counted some of it. Where it came to is read again.
                if (await CountAsync(first, readings, written, isMine, cancellationToken))
                    return readings.FirstOrDefault(reading => !reading.IsAtEnd)?.Head;
            }
            finally
            {
                foreach (var reading in readings)
                    await reading.EndAsync();
            }
        }
    }

    private async Task<bool> CountAsync(
        DateOnly? first, List<JournalReading> readings, Dictionary<RollupTable, HashSet<int>> written, Func<CancellationToken, Task<bool>> isMine, CancellationToken cancellationToken)
    {
        PriorityQueue<JournalReading, DateTimeOffset> open = new(readings.Where(reading => !reading.IsAtEnd).Select(reading => (reading, reading.At)));
        var (tally, began) = (new Tally(clock.GetUtcNow()), clock.GetTimestamp());
        while (open.TryDequeue(out var reading, out _))
        {
            var last = reading.Last;
            var batches = await reading.NextAsync(cancellationToken);
            foreach (var batch in batches)
            {
                // The journal is the truth: what it skips is past its retention, and was counted or never will be.
                if (batch.Batch != last + 1)
                    Log.Skipped(log, reading.Journal, last + 1, batch.Batch - 1);
                last = batch.Batch;
                tally.Add(batch, reading.Place);
            }

            // One that hands out nothing more does not hold up the others.
            if (batches.Count > 0 && !reading.IsAtEnd)
                open.Enqueue(reading, reading.At);
            if (tally.Facts < FactsAtOnce)
                continue;
            if (!await WriteAsync(first, tally, began, readings, written, isMine, cancellationToken))
                return false;
            (tally, began) = (new Tally(clock.GetUtcNow()), clock.GetTimestamp());
        }

        return await WriteAsync(first, tally, began, readings, written, isMine, cancellationToken);
    }

    private async Task<bool> WriteAsync(
        DateOnly? first, Tally tally, long began, List<JournalReading> readings, Dictionary<RollupTable, HashSet<int>> written, Func<CancellationToken, Task<bool>> isMine,
        CancellationToken cancellationToken)
    {
        var read = readings.Where(one => one.Batches > 0).ToList();
        if (read.Count == 0)
            return true;
        if (!await isMine(cancellationToken))
            throw new TurnLostException();
        List<JournalStep> steps = [.. read.Select(one => new JournalStep(one.Journal, one.Place, one.Last, one.Batches))];
        var (reading, writing) = (clock.GetElapsedTime(began), clock.GetTimestamp());
        // What was forgotten is nobody's until it is written here; older periods have their rows.
        if (!await TryCountAsync(tally, steps, (table, period) => first is { } day && period >= Periods.Of(table.Grain, day) && !written[table].Contains(period), cancellationToken))
            return false;
        foreach (var table in RollupTable.All)
            written[table].UnionWith(tally.Sums(table).Periods);
        read.ForEach(one => one.Counted());
        Log.Counted(log, tally.Facts, read.Count, reading.TotalSeconds, clock.GetElapsedTime(writing).TotalSeconds);
        return true;
    }

    private async Task<bool> TryCountAsync(Tally tally, List<JournalStep> steps, Func<RollupTable, int, bool> isNew, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await counter.TryCountAsync(tally, steps, attempt == 1 ? isNew : null, cancellationToken);
            }
            catch (Exception e) when (attempt < Attempts && (e as PostgresException ?? e.InnerException as PostgresException)?.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected)
            {
                // A running service counted what is of the same periods, of a journal that began meanwhile: it is added to.
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Facts} consultations of {Journals} journals are counted again: read in {Read:0.0} s, written in {Written:0.0} s.")]
        public static partial void Counted(ILogger logger, int facts, int journals, double read, double written);

        [LoggerMessage(2, LogLevel.Warning, "Journal {Journal}: batches {First} to {Last} are not in it any more and are not counted.")]
        public static partial void Skipped(ILogger logger, Guid journal, long first, long last);
    }
}

/// <summary>The lock of a rebuild is gone with its connection: services count again, and another rebuild may run.</summary>
internal sealed class TurnLostException() : Exception("The lock of this rebuild is gone.");
