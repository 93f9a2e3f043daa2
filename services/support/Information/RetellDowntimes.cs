using Cdr.Contracts.Support;
using Cdr.Support.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Information;

/// <summary>
/// Says again, at the start and every hour, what holds of interruptions that are not over, or would not be had nobody changed them: what Rights did not hear, whatever
/// became of the message, it hears then. What it heard changes nothing there. Not by the outbox: what is not told now is told in an hour.
/// </summary>
internal sealed partial class RetellDowntimes(IDbContextFactory<SupportDb> contexts, IBus bus, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<RetellDowntimes> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(30);

    /// <returns>How many were told.</returns>
    internal async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        // Whatever it says now, its regime may stand closed by what it said before.
        var rows = await db.Announcements.AsNoTracking().Where(row => row.Kind == AnnouncementKind.Downtime && row.Regime != null && row.Organism == null
            && db.AnnouncementVersions.Any(said => said.Announcement == row.Id && said.To > now)).ToListAsync(cancellationToken);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(PublishTimeout);
        foreach (var row in rows)
            await bus.Publish(Announcing.Downtime(row, now)!, timeout.Token);
        return rows.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // An embedded store is made at the start, and so is the bus.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Every;
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Later(log, e.GetType().Name);
                pause = AfterFailure;
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Interruptions could not be told again ({Error}): in a minute.")]
        public static partial void Later(ILogger logger, string error);
    }
}
