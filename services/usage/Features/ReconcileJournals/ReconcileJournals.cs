using Cdr.Contracts.Rights;
using Cdr.Usage.Counting;
using Microsoft.Extensions.Options;

namespace Cdr.Usage.Features.ReconcileJournals;

/// <summary>
/// Compares each journal's head with what is counted, at start and then regularly: the message of a journal that falls silent may be
/// lost, and no later one would show the hole.
/// </summary>
internal sealed partial class ReconcileJournals(
    IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, IOptions<UsageOptions> options, TimeProvider clock, UsageMeter meter, ILogger<ReconcileJournals> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Rights may live in this very host, which does not listen yet.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);

        using var timer = new PeriodicTimer(options.Value.ReconcileEvery, clock);
        do
            await RunOnceAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var heads = await scope.ServiceProvider.GetRequiredKeyedService<IJournalApi>(UsageModule.Name).HeadsAsync(cancellationToken);
            var behind = 0L;
            foreach (var head in heads)
                behind += await CatchUpAsync(scope.ServiceProvider, head, cancellationToken);
            meter.Behind(behind);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, the next round tries again; an exception here would stop the host.
            meter.NotCompared();
            Log.Later(log, e.GetType().Name);
        }
    }

    private async Task<long> CatchUpAsync(IServiceProvider services, JournalHead head, CancellationToken cancellationToken)
    {
        try
        {
            await services.GetRequiredService<JournalCatchUp>().RunAsync(head.Journal, head.LastBatch, cancellationToken);
            var last = (await services.GetRequiredService<JournalCounter>().PlaceAsync(head.Journal, cancellationToken)).LastBatch;
            return Math.Max(0, head.LastBatch - last);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // One journal that cannot be read holds up none of the others.
            Log.JournalLater(log, head.Journal, e.GetType().Name);
            return 1;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The journals could not be compared ({Error}): later.")]
        public static partial void Later(ILogger logger, string error);

        [LoggerMessage(2, LogLevel.Warning, "Journal {Journal} could not be caught up with ({Error}): later.")]
        public static partial void JournalLater(ILogger logger, Guid journal, string error);
    }
}
