using Cdr.Contracts.Sessions;
using Cdr.Sessions.Data;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Package;

/// <summary>
/// Tells the hotline's service of each trial that failed: once at least, in their order, from the row that was written with the trial. Two
/// replicas may tell the same one, and one that is killed tells it again: whoever hears it knows it by its id.
/// </summary>
internal sealed partial class TrialTelling(IDbContextFactory<SessionsDb> contexts, IBus bus, ILogger<TrialTelling> log) : BackgroundService
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    // The broker may be down for hours, and an installation may have no Support yet.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5);

    /// <summary>One round. False: something is left that could not be told.</summary>
    public async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var due = await db.Set<PackageTrial>().AsNoTracking().Where(trial => trial.TicketDueAt != null).OrderBy(trial => trial.Id).Take(AtOnce).ToListAsync(cancellationToken);
        foreach (var trial in due)
        {
            try
            {
                var ticket = TrialTickets.Read(trial.Ticket)!;
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                patience.CancelAfter(PublishTimeout);
                await bus.Publish(new TrialFailed(trial.Id, ticket.At, ticket.Establishment, ticket.Title, ticket.Text), Pipe.Execute<PublishContext<TrialFailed>>(context =>
                {
                    context.MessageId = trial.Id;
                    // RabbitMQ confirms what it cannot route and drops it.
                    if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                        rabbit.Mandatory = true;
                }), patience.Token);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Log.NotTold(log, trial.Id, e.GetType().Name);
                return false;
            }

            await db.Set<PackageTrial>().Where(one => one.Id == trial.Id).ExecuteUpdateAsync(set => set.SetProperty(one => one.TicketDueAt, (DateTimeOffset?)null), cancellationToken);
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The pace is the machine's.
        try
        {
            while (true)
                await Task.Delay(await TryRoundAsync(stoppingToken) ? Every : AfterFailure, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task<bool> TryRoundAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await RoundAsync(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            Log.Later(log, e.GetType().Name);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Failed trial {Trial} is not told to the hotline yet ({Error}); it will be.")]
        public static partial void NotTold(ILogger logger, Guid trial, string error);

        [LoggerMessage(2, LogLevel.Warning, "Failed trials could not be looked for ({Error}): later.")]
        public static partial void Later(ILogger logger, string error);
    }
}
