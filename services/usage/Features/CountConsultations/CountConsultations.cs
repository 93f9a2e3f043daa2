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

    internal Task CountAsync(ConsultationsAnswered batch, CancellationToken cancellationToken) => turns.CountAsync(batch, async turn =>
    {
        var batches = turn.Take();
        var patience = new Patience(options.Value.HoleWait);
        while (batches.Count > 0)
        {
            var (isCounted, holes) = await CountRunsAsync(batches, cancellationToken);
            if (isCounted || holes.Count == 0 || (holes.Exists(CanBeFilled) && await MoreCameAsync(turn, batches, patience, cancellationToken)))
                continue;
            foreach (var hole in holes)
            {
                if (CanBeFilled(hole) && await FillHoleAsync(hole, cancellationToken))
                    continue;
                meter.Postponed(batches.RemoveAll(one => one.Journal == hole.Journal));
                Log.Postponed(log, hole.Journal, hole.Next);
            }
        }
    }, cancellationToken);

    /// <summary>Counts what follows on where its journal stands; what is left in <paramref name="batches"/> came ahead of a hole, or another replica was faster and it is looked at again.</summary>
    private async Task<(bool IsCounted, List<Hole> Holes)> CountRunsAsync(List<ConsultationsAnswered> batches, CancellationToken cancellationToken)
    {
        var (isCounted, holes) = (false, new List<Hole>());
        foreach (var journal in batches.Select(one => one.Journal).Distinct().ToList())
        {
            var place = await counter.PlaceAsync(journal, cancellationToken);
            // The number only grows, but for a rebuild: what is not above it was counted, by the catch-up or a duplicate.
            for (var known = batches.RemoveAll(one => one.Journal == journal && one.Batch <= place.LastBatch); known > 0; known--)
                meter.Duplicate();
            var told = batches.Where(one => one.Journal == journal).DistinctBy(one => one.Batch).OrderBy(one => one.Batch).ToList();
            var run = told.TakeWhile((one, index) => one.Batch == place.LastBatch + 1 + index).ToList();
            if (run.Count == 0 && told.Count > 0)
                holes.Add(new Hole(journal, place.LastBatch, told[0].Batch));
            if (run.Count == 0)
                continue;
            isCounted = true;
            if (!await counter.TryCountAsync(journal, place, run, cancellationToken))
                continue;
            foreach (var counted in run.Where(one => one.Facts.Length > 0))
                meter.Lag(clock.GetUtcNow() - counted.Facts[^1].At);
            batches.RemoveAll(run.Contains);
        }

        return (isCounted, holes);
    }

    /// <summary>Messages overtake each other while they are read: what is missing is mostly a moment away, and Rights need not be asked for it.</summary>
    private static async Task<bool> MoreCameAsync(CountingTurn turn, List<ConsultationsAnswered> batches, Patience patience, CancellationToken cancellationToken)
    {
        while (!turn.IsFull && patience.IsLeft)
        {
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
            var before = batches.Count;
            batches.AddRange(turn.Take());
            if (batches.Count > before)
                return true;
        }

        return false;
    }

    private bool CanBeFilled(Hole hole) => hole.Next - 1 - hole.Last <= (long)FetchesAHole * options.Value.BatchesPerFetch;

    private async Task<bool> FillHoleAsync(Hole hole, CancellationToken cancellationToken)
    {
        try
        {
            return await catchUp.RunAsync(hole.Journal, hole.Next - 1, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or ApiExceptionBase or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // Rights is silent. Keeping the message would keep all the later ones too; the comparison of heads brings it back.
            return false;
        }
    }

    /// <summary>Batches between the last that is counted and the next that was told.</summary>
    private sealed record Hole(Guid Journal, long Last, long Next);

    /// <summary>From the first look on, however late the looks are.</summary>
    private sealed class Patience(TimeSpan wait)
    {
        private long? since;

        public bool IsLeft => TimeProvider.System.GetElapsedTime(since ??= TimeProvider.System.GetTimestamp()) < wait;
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
