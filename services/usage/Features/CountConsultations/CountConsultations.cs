using Cdr.Contracts.Rights;
using Cdr.Usage.Counting;
using MassTransit;
using Refit;

namespace Cdr.Usage.Features.CountConsultations;

/// <summary>
/// Counts a batch when it is told. The message only makes counting prompt: what is lost, late or out of order comes from the journal,
/// here when a hole shows and in <see cref="ReconcileJournals.ReconcileJournals"/> when nothing shows.
/// </summary>
internal sealed partial class CountConsultations(JournalCounter counter, JournalCatchUp catchUp, UsageMeter meter, ILogger<CountConsultations> log)
    : IConsumer<ConsultationsAnswered>
{
    public Task Consume(ConsumeContext<ConsultationsAnswered> context) => CountAsync(context.Message, context.CancellationToken);

    internal async Task CountAsync(ConsultationsAnswered batch, CancellationToken cancellationToken)
    {
        if (await counter.TryCountAsync(batch.Journal, batch.Batch - 1, [batch], cancellationToken))
            return;
        if (await counter.LastBatchAsync(batch.Journal, cancellationToken) < batch.Batch && !await FillHoleAsync(batch, cancellationToken))
        {
            meter.Postponed();
            Log.Postponed(log, batch.Journal, batch.Batch);
            return;
        }

        // The number only grows, and the hole is filled: what is not counted now was counted before, by the catch-up or a duplicate.
        if (!await counter.TryCountAsync(batch.Journal, batch.Batch - 1, [batch], cancellationToken))
            meter.Duplicate();
    }

    private async Task<bool> FillHoleAsync(ConsultationsAnswered batch, CancellationToken cancellationToken)
    {
        try
        {
            return await catchUp.RunAsync(batch.Journal, batch.Batch - 1, cancellationToken);
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
        // One at a time, in order: side by side, each batch would be ahead of the other and fetched for nothing.
        ConcurrentMessageLimit = 1;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<CountConsultations> consumerConfigurator, IRegistrationContext context)
    {
        // The other replicas stand by, for the same reason. Counts hold without it.
        if (endpointConfigurator is IRabbitMqReceiveEndpointConfigurator rabbit)
            rabbit.SingleActiveConsumer = true;
    }
}
