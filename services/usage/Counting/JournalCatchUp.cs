using Cdr.Contracts.Rights;
using Microsoft.Extensions.Options;

namespace Cdr.Usage.Counting;

/// <summary>Counts what no message brought, from the journal itself.</summary>
internal sealed partial class JournalCatchUp(
    [FromKeyedServices(UsageModule.Name)] IJournalApi journals, JournalCounter counter, IOptions<UsageOptions> options, ILogger<JournalCatchUp> log)
{
    /// <summary>Counts up to that batch at least; false when Rights has none of the next ones yet.</summary>
    public async Task<bool> RunAsync(Guid journal, long upTo, CancellationToken cancellationToken)
    {
        while (true)
        {
            var place = await counter.PlaceAsync(journal, cancellationToken);
            var last = place.LastBatch;
            if (last >= upTo)
                return true;
            var fetched = await journals.BatchesAsync(journal, last, options.Value.BatchesPerFetch, cancellationToken);
            var known = fetched.Where(batch => batch.Journal == journal && batch.Batch > last).OrderBy(batch => batch.Batch).ToList();
            if (known.Count == 0)
                return false;
            // The journal is the truth: what it skips is past its retention, and was counted or never will be. Up to a skip, so that each is told.
            var next = known.TakeWhile((batch, index) => batch.Batch == known[0].Batch + index).ToList();
            if (next[0].Batch != last + 1)
                Log.Skipped(log, journal, last + 1, next[0].Batch - 1);
            // False: another replica was faster. Where it came to is read again.
            if (await counter.TryCountAsync(journal, place, next, cancellationToken))
                Log.Fetched(log, journal, next[0].Batch, next[^1].Batch);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Journal {Journal}: batches {First} to {Last} were fetched and counted.")]
        public static partial void Fetched(ILogger logger, Guid journal, long first, long last);

        [LoggerMessage(2, LogLevel.Warning, "Journal {Journal}: batches {First} to {Last} are not in it any more and are not counted.")]
        public static partial void Skipped(ILogger logger, Guid journal, long first, long last);
    }
}
