using Cdr.Contracts.Rights;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Batches;

/// <summary>
/// The lane: a few lines at once, so many a second. The message only says that lines are due, and is believed by nobody: what is lost,
/// late or doubled comes right from the table.
/// </summary>
internal sealed class AskLines(LineRun lines, BatchBudget budget, IHostApplicationLifetime life) : IConsumer<AskBatchLines>
{
    public async Task Consume(ConsumeContext<AskBatchLines> context)
    {
        // The bus's own token stays quiet while it waits for its consumers.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, life.ApplicationStopping);
        foreach (var line in context.Message.Lines)
        {
            try
            {
                await budget.NextLineAsync(ending.Token);
                await lines.RunAsync(context.Message.Batch, line, context.Message.Claim, context.CancellationToken);
            }
            catch (OperationCanceledException) when (life.ApplicationStopping.IsCancellationRequested)
            {
                // Its lease, and those after it, end: another process has them then.
                return;
            }
        }
    }
}

internal sealed class AskLinesDefinition : ConsumerDefinition<AskLines>
{
    private readonly int atOnce;

    public AskLinesDefinition(IOptions<BatchOptions> options)
    {
        EndpointName = "rights-ask-batch-lines";
        atOnce = options.Value.AtOnce;
        ConcurrentMessageLimit = atOnce;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<AskLines> consumerConfigurator, IRegistrationContext context) =>
        // What this process does not ask yet another may.
        endpointConfigurator.PrefetchCount = atOnce;
}
