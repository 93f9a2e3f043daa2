using Cdr.Contracts.Support;
using Cdr.Support.Clocks;
using Cdr.Support.Metrics;
using Cdr.Support.Notifications;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Features.WatchClocks;

/// <summary>
/// Rings what is due. A due column says what to look at; what it says is made again from the trail and today's rules before anything rings,
/// so that a clock which another replica paused, or other rules moved, stays silent.
/// </summary>
internal sealed partial class WatchClocks(IDbContextFactory<SupportDb> contexts, RuleBook rules, OutboxBell bell, IOptions<SupportOptions> options, TimeProvider clock, ILogger<WatchClocks> log) : BackgroundService
{
    private const int AtOnce = 200;
    private int version;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.WatchEvery, clock);
        do
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Later(log, e.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var all = await rules.ReadAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        // Other rules: what every open ticket owes is written again.
        var due = version == all[^1].Version
            ? db.Clocks.Where(row => row.NextAt <= now).OrderBy(row => row.NextAt).Select(row => row.Ticket).Take(AtOnce)
            : db.Clocks.Where(row => row.MetAt == null && db.Tickets.Any(ticket => ticket.Id == row.Ticket && MeasureTickets.Open.Contains(ticket.State))).Select(row => row.Ticket);
        var isDone = true;
        foreach (var ticket in (await due.ToListAsync(cancellationToken)).Distinct())
        {
            try
            {
                isDone &= await RingAsync(ticket, all, now, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // A trail that a newer version wrote, say: its own clock waits for that version, and no other one.
                Log.NotRung(log, ticket, e.GetType().Name);
            }
        }

        // What a move was faster in is made again in the next look.
        if (isDone)
            version = all[^1].Version;
    }

    private async Task<bool> RingAsync(Guid id, IReadOnlyList<ClockRules> all, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Tickets.FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } ticket)
            return true;
        var trail = await db.Entries.Where(row => row.Ticket == id).OrderBy(row => row.Number).Select(TrailEntry.Of).ToListAsync(cancellationToken);
        await ClockKeeping.WriteAsync(db, ticket, ClockKeeping.Make(trail, all, now), cancellationToken);
        foreach (var row in db.Clocks.Local.Where(row => row.NextAt <= now).ToList())
        {
            // Both at once where nobody looked for a while: the later one says more.
            row.Rang = row.MissedAt is not null || row.DueAt < now ? 2 : 1;
            row.NextAt = row.Rang == 1 ? row.DueAt : null;
            db.Tell(new ClockRang(Guid.CreateVersion7(now), id, row.Kind, row.Owner, row.Rang == 2, now, await RegimeAsync(db, ticket, row, cancellationToken)));
        }

        // The ticket's version is compared although it does not change: a move that was made meanwhile wins.
        db.Entry(ticket).Property(one => one.WaitsFor).IsModified = true;
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            bell.Ring();
            return true;
        }
        catch (DbUpdateException)
        {
            // The next look sees what was done.
            return false;
        }
    }

    // The owner may not have the ticket any more.
    private static async Task<string?> RegimeAsync(SupportDb db, TicketRow ticket, ClockRow row, CancellationToken cancellationToken) =>
        row.Owner == Clock.HotlineOwner ? null
        : row.Owner == ticket.Organism ? ticket.OrganismRegime
        : await db.Organisms.Where(one => one.Key == row.Owner).OrderByDescending(one => one.Table).Select(one => one.Regime).FirstOrDefaultAsync(cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Warning, "The clocks of ticket {Ticket} could not be made ({Error}): the others ring.")]
        public static partial void NotRung(ILogger logger, Guid ticket, string error);

        [LoggerMessage(1, LogLevel.Warning, "Clocks could not be looked at ({Error}): later.")]
        public static partial void Later(ILogger logger, string error);
    }
}
