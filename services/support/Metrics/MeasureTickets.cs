using Cdr.Contracts.Support;
using Cdr.Support.Notifications;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Metrics;

/// <summary>Counts what waits, now and then: an operator's board must not ask the database each time it is looked at.</summary>
internal sealed partial class MeasureTickets(IDbContextFactory<SupportDb> contexts, IHostApplicationLifetime lifetime, TicketMeter meter, UnreadMessages unread, TimeProvider clock, ILogger<MeasureTickets> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    /// <value>Named one by one, so that the index on the state is used: those that are over become the most.</value>
    internal static readonly TicketState[] Open = [TicketState.Draft, TicketState.New, TicketState.InProgress, TicketState.WaitingForRequester, TicketState.Transferred, TicketState.Solved];

    // An id is no instant: a caller may choose it.
    private (Guid Message, DateTimeOffset Since) oldest;

    internal static IQueryable<TicketRow> OpenOf(SupportDb db) => db.Tickets.Where(ticket => Open.Contains(ticket.State));

    internal static IQueryable<TicketsAlike> Alike(IQueryable<TicketRow> tickets) =>
        tickets.GroupBy(ticket => new { ticket.Kind, ticket.State }).Select(alike => new TicketsAlike(alike.Key.Kind, alike.Key.State, alike.LongCount()));

    internal async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var open = OpenOf(db);
        var tickets = await Alike(open).ToListAsync(cancellationToken);
        // A missed one stays missed, whether it runs or not.
        var clocks = await db.Clocks.Where(one => one.MetAt == null && open.Any(ticket => ticket.Id == one.Ticket))
            .GroupBy(one => new
            {
                one.Kind,
                IsBreached = one.MissedAt != null || one.DueAt <= now,
                IsPaused = one.RunningSince == null,
                IsWarned = one.WarnAt <= now,
            })
            .Select(alike => new { alike.Key, Count = alike.LongCount() }).ToListAsync(cancellationToken);
        var received = await db.Entries.Where(entry => entry.To == TicketState.New && db.Tickets.Any(ticket => ticket.Id == entry.Ticket && ticket.State == TicketState.New))
            .MinAsync(entry => (DateTimeOffset?)entry.At, cancellationToken);
        var known = Outbox.Known;
        var left = unread.Left(now);
        var aside = await db.Outbox.LongCountAsync(message => message.SetAsideAt != null || !known.Contains(message.Type) || left.Contains(message.Id), cancellationToken);
        var waiting = db.Outbox.Where(message => message.SetAsideAt == null && known.Contains(message.Type) && !left.Contains(message.Id));
        var untold = await waiting.LongCountAsync(cancellationToken);
        var first = await waiting.OrderBy(message => message.Id).Select(message => (Guid?)message.Id).FirstOrDefaultAsync(cancellationToken);
        if (first is { } message && message != oldest.Message)
            oldest = (message, now);
        meter.Measured(new TicketMeasure(
            tickets.ToDictionary(one => (one.Kind, one.State), one => one.Count),
            clocks.GroupBy(one => (one.Key.Kind, State: one.Key.IsBreached ? ClockHealth.Breached : one.Key.IsPaused ? ClockHealth.Paused : one.Key.IsWarned ? ClockHealth.Warned : ClockHealth.Running))
                .ToDictionary(alike => alike.Key, alike => alike.Sum(one => one.Count)),
            received is { } at ? now - at : TimeSpan.Zero,
            untold,
            first is null ? TimeSpan.Zero : now - oldest.Since,
            aside));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // An embedded store is made at the start.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);

        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // What was measured stays; an exception here would stop the host.
                Log.Later(log, e.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>So many of a kind and a state.</summary>
    internal sealed record TicketsAlike(TicketKind Kind, TicketState State, long Count);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Tickets could not be counted ({Error}): later.")]
        public static partial void Later(ILogger logger, string error);
    }
}
