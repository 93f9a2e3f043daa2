using Cdr.Contracts.Rights;
using Cdr.Usage.Counting;
using MassTransit;
using Microsoft.Extensions.Options;
using Refit;

namespace Cdr.Usage.Features.CountConsultations;

/// <summary>
/// Counts a batch when it is told. The message only makes counting prompt: what is lost, late or out of order comes from the journal,
/// here when a hole shows and in <see cref="ReconcileJournals.ReconcileJournals"/> when nothing shows.
/// </summary>
internal sealed partial class CountConsultations(
    JournalCounter counter, JournalCatchUp catchUp, CountingTurns turns, IOptions<UsageOptions> options, UsageMeter meter, TimeProvider clock, ILogger<CountConsultations> log)
    : IConsumer<ConsultationsAnswered>
{
    // A longer hole is a rebuild, or days without messages: no message waits for that.
    private const int FetchesAHole = 20;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    public Task Consume(ConsumeContext<ConsultationsAnswered> context) => CountAsync(context.Message, context.CancellationToken);

    internal Task CountAsync(ConsultationsAnswered batch, CancellationToken cancellationToken) => turns.CountAsync(batch, async take =>
    {
        var (batches, patience) = (take().ToList(), options.Value.HoleWait);
        while (batches.Count > 0)
        {
            var journal = batches[0].Journal;
            var place = await counter.PlaceAsync(journal, cancellationToken);
            // The number only grows, but for a rebuild: what is not above it was counted, by the catch-up or a duplicate.
            for (var known = batches.RemoveAll(one => one.Journal == journal && one.Batch <= place.LastBatch); known > 0; known--)
                meter.Duplicate();
            var told = batches.Where(one => one.Journal == journal).DistinctBy(one => one.Batch).OrderBy(one => one.Batch).ToList();
            if (told.Count == 0)
                continue;
            var next = place.LastBatch + 1;
            var run = told.TakeWhile((one, index) => one.Batch == next + index).ToList();
            if (run.Count == 0 && patience > TimeSpan.Zero)
            {
                // Messages overtake each other while they are read: what is missing is mostly a moment away, and Rights need not be asked for it.
                for (; patience > TimeSpan.Zero && !batches.Exists(one => one.Journal == journal && one.Batch == next); patience -= Look)
                {
                    await Task.Delay(Look, TimeProvider.System, cancellationToken);
                    batches.AddRange(take());
                }
            }
            else if (run.Count == 0 && !await FillHoleAsync(journal, place.LastBatch, told[0].Batch - 1, cancellationToken))
            {
                meter.Postponed(told.Count);
                Log.Postponed(log, journal, told[0].Batch);
                batches.RemoveAll(one => one.Journal == journal);
            }
            else if (run.Count > 0 && await counter.TryCountAsync(journal, place, run, cancellationToken))
            {
                foreach (var counted in run.Where(one => one.Facts.Length > 0))
                    meter.Lag(clock.GetUtcNow() - counted.Facts[^1].At);
                batches.RemoveAll(run.Contains);
            }

            // Neither: another replica was faster. Where it came to is read again.
        }
    }, cancellationToken);

    private async Task<bool> FillHoleAsync(Guid journal, long last, long upTo, CancellationToken cancellationToken)
    {
        if (upTo - last > (long)FetchesAHole * options.Value.BatchesPerFetch)
            return false;
        try
        {
            return await catchUp.RunAsync(journal, upTo, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or ApiExceptionBase or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // Rights is silent. Keeping the message would keep all the later ones too; the comparison of heads brings it back.
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Journal {Journal}: batch {Batch} came ahead of others that cannot be fetched now; it will be read from the journal.")]
        public static partial void Postponed(ILogger logger, Guid journal, long batch);
    }
}

internal sealed class CountConsultationsDefinition : ConsumerDefinition<CountConsultations>
{
    public CountConsultationsDefinition()
    {
        EndpointName = "usage-count-consultations";
        // They wait for one turn, and are counted together when it comes.
        ConcurrentMessageLimit = CountingTurns.Most;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<CountConsultations> consumerConfigurator, IRegistrationContext context)
    {
        // The other replicas stand by: side by side, each batch would be ahead of the other's and fetched for nothing. Counts hold without it.
        if (endpointConfigurator is IRabbitMqReceiveEndpointConfigurator rabbit)
            rabbit.SingleActiveConsumer = true;
    }
}
