using Cdr.Rights.Journal.Proofs;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal;

/// <summary>Each minute in which the journal grew, signs where the chains stand that did.</summary>
internal sealed partial class Checkpoints(IDbContextFactory<RightsDb> contexts, BatchSigner signer, TimeProvider clock, ILogger<Checkpoints> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await MakeAsync(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    Log.NotMade(log, e.GetType().Name);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    internal async Task MakeAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await Checkpoint.MakeAsync(db, signer, clock.GetUtcNow(), all: false, chain => Log.Damaged(log, chain), cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "No checkpoint was made ({Error}); the next minute tries again.")]
        public static partial void NotMade(ILogger logger, string error);

        [LoggerMessage(2, LogLevel.Critical, "Chain {Chain} lacks batches and is in no checkpoint: verify the journal.")]
        public static partial void Damaged(ILogger logger, Guid chain);
    }
}
