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
    [FromKeyedServices(UsageModule.Name)] IJournalApi journals, JournalCounter counter, IOptions<UsageOptions> options, TimeProvider clock, ILogger<CountingAgain> log)
{
    // As measured of a country whose cells are as sparse as in the bench, the whole process: 560 to 630 MB at 700,000.
    private const int BytesAFact = 900;

    /// <value>A million, or what a quarter of the memory holds that this process may use: it may run beside the service, within one limit.</value>
    public int FactsAtOnce { get; init; } = (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / BytesAFact, 20_000, 1_000_000);

    /// <param name="first">The first day that was forgotten.</param>
    /// <param name="heads">The journals, and how far each is counted.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <returns>The first journal that does not hand out what it says it has; null: all is counted.</returns>
    public async Task<JournalHead?> RunAsync(DateOnly first, IReadOnlyList<JournalHead> heads, CancellationToken cancellationToken)
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
                if (await CountAsync(first, readings, written, cancellationToken))
                    return readings.FirstOrDefault(reading => !reading.IsAtEnd)?.Head;
            }
            finally
            {
                foreach (var reading in readings)
                    await reading.EndAsync();
            }
        }
    }

    private async Task<bool> CountAsync(DateOnly first, List<JournalReading> readings, Dictionary<RollupTable, HashSet<int>> written, CancellationToken cancellationToken)
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
            if (!await WriteAsync(first, tally, began, readings, written, cancellationToken))
                return false;
            (tally, began) = (new Tally(clock.GetUtcNow()), clock.GetTimestamp());
        }

        return await WriteAsync(first, tally, began, readings, written, cancellationToken);
    }

    private async Task<bool> WriteAsync(DateOnly first, Tally tally, long began, List<JournalReading> readings, Dictionary<RollupTable, HashSet<int>> written, CancellationToken cancellationToken)
    {
        var read = readings.Where(one => one.Batches > 0).ToList();
        if (read.Count == 0)
            return true;
        List<JournalStep> steps = [.. read.Select(one => new JournalStep(one.Journal, one.Place, one.Last, one.Batches))];
        var (reading, writing) = (clock.GetElapsedTime(began), clock.GetTimestamp());
        bool isCounted;
        try
        {
            // What was forgotten is nobody's until it is written here; older periods have their rows.
            isCounted = await counter.TryCountAsync(tally, steps, (table, period) => period >= Periods.Of(table.Grain, first) && !written[table].Contains(period), cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected)
        {
            // A running service counted what is of the same periods, of a journal that began meanwhile: it is added to.
            isCounted = await counter.TryCountAsync(tally, steps, isNew: null, cancellationToken);
        }

        if (!isCounted)
            return false;
        foreach (var table in RollupTable.All)
            written[table].UnionWith(tally.Sums(table).Periods);
        read.ForEach(one => one.Counted());
        Log.Counted(log, tally.Facts, read.Count, reading.TotalSeconds, clock.GetElapsedTime(writing).TotalSeconds);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Facts} consultations of {Journals} journals are counted again: read in {Read:0.0} s, written in {Written:0.0} s.")]
        public static partial void Counted(ILogger logger, int facts, int journals, double read, double written);

        [LoggerMessage(2, LogLevel.Warning, "Journal {Journal}: batches {First} to {Last} are not in it any more and are not counted.")]
        public static partial void Skipped(ILogger logger, Guid journal, long first, long last);
    }
}
