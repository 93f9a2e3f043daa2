using Cdr.Contracts.Rights;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Batches;

/// <summary>
/// The lane: a few lines at once, so many a second. The message only says that lines are due, and is believed by nobody: what is lost,
/// late or doubled comes right from the table.
/// </summary>
internal sealed partial class AskLines(LineRun lines, BatchBudget budget, IHostApplicationLifetime life, ILogger<AskLines> log) : IConsumer<AskBatchLines>
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
            catch (Exception e) when (!context.CancellationToken.IsCancellationRequested)
            {
                // The store is silent: the end of its lease brings it back. Those beside it have done nothing.
                Log.Left(log, context.Message.Batch, line, e.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Line {Line} of batch {Batch} was left ({Error}); it is asked again once its lease is over.")]
        public static partial void Left(ILogger logger, Guid batch, int line, string error);
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
