using Cdr.Contracts.Rights;
using Microsoft.Extensions.Options;

namespace Cdr.Usage.Counting;

/// <summary>Counts what no message brought, from the journal itself.</summary>
internal sealed partial class JournalCatchUp(
    [FromKeyedServices(UsageModule.Name)] IJournalApi journals, JournalCounter counter, IOptions<UsageOptions> options, ILogger<JournalCatchUp> log)
{
    // What comes again within them is raised once. They take some 40 MB meanwhile, and those that are read ahead as much.
    public const int FactsAtOnce = 60_000;

    /// <summary>Counts up to that batch at least; false when Rights has none of the next ones yet, or a rebuild counts them.</summary>
    public async Task<bool> RunAsync(Guid journal, long upTo, CancellationToken cancellationToken)
    {
        // What comes next is read while this is counted.
        (long After, Task<List<ConsultationsAnswered>> Batches)? ahead = null;
        try
        {
            while (true)
            {
                var place = await counter.PlaceAsync(journal, cancellationToken);
                var last = place.LastBatch;
                if (last >= upTo)
                    return true;
                // Beside it, both would read the same and one would do so for nothing.
                if (await counter.IsCountedAgainAsync(cancellationToken))
                    return false;
                var known = await (ahead?.After == last ? ahead.Value.Batches : FetchAsync(journal, last, upTo, cancellationToken));
                if (known.Count == 0)
                    return false;
                // The journal is the truth: what it skips is past its retention, and was counted or never will be. Up to a skip, so that each is told.
                var next = known.TakeWhile((batch, index) => batch.Batch == known[0].Batch + index).ToList();
                if (next[0].Batch != last + 1)
                    Log.Skipped(log, journal, last + 1, next[0].Batch - 1);
                await EndAsync(ahead);
                ahead = next[^1].Batch < upTo ? (next[^1].Batch, FetchAsync(journal, next[^1].Batch, upTo, cancellationToken)) : null;
                // False: another replica was faster. Where it came to is read again.
                if (await counter.TryCountAsync(journal, place, next, cancellationToken))
                    Log.Fetched(log, journal, next[0].Batch, next[^1].Batch);
            }
        }
        finally
        {
            await EndAsync(ahead);
        }
    }

    // Whoever asks for the client is about to give it back; what went wrong is asked again or told by then.
    private static async Task EndAsync((long After, Task<List<ConsultationsAnswered>> Batches)? ahead)
    {
        if (ahead is { Batches: Task pending })
            await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Pages until there is enough to count at once, or no more.</summary>
    private async Task<List<ConsultationsAnswered>> FetchAsync(Guid journal, long after, long upTo, CancellationToken cancellationToken)
    {
        var page = options.Value.BatchesPerFetch;
        List<ConsultationsAnswered> all = [];
        for (var (last, facts, isEnd) = (after, 0, false); last < upTo && facts < FactsAtOnce && !isEnd;)
        {
            var from = last;
            var fetched = await journals.BatchesAsync(journal, from, page, cancellationToken);
            var next = fetched.Where(batch => batch.Journal == journal && batch.Batch > from).OrderBy(batch => batch.Batch).ToList();
            all.AddRange(next);
            last = next.Count == 0 ? last : next[^1].Batch;
            facts += next.Sum(batch => batch.Facts.Length);
            // Fewer than asked for is all there is.
            isEnd = next.Count < page;
        }

        return all;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Journal {Journal}: batches {First} to {Last} were fetched and counted.")]
        public static partial void Fetched(ILogger logger, Guid journal, long first, long last);

        [LoggerMessage(2, LogLevel.Warning, "Journal {Journal}: batches {First} to {Last} are not in it any more and are not counted.")]
        public static partial void Skipped(ILogger logger, Guid journal, long first, long last);
    }
}
