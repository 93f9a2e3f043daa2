using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Clocks;
using Cdr.Support.Features.WatchClocks;
using Cdr.Support.Store;
using Cdr.Support.Tests.Features;
using Cdr.Support.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Support.Tests.Clocks;

/// <summary>What is stored beside a trail is what the trail says: after real moves, in any order, and other rules midway.</summary>
public sealed class StoredClockTests : HostTests
{
    private static readonly Actor Agent = new("referent-1", CdrRoles.Referent, Here, "ght-75", "75", "");
    private static readonly Actor Helper = new("hotline-1", CdrRoles.Hotline, "", "", "", "");
    private static readonly Actor Officer = new("agent-1", CdrRoles.RegimeAgent, "", "", "", "test-regime");

    private static readonly (Actor Who, TicketMove Move)[] Moves =
    [
        (Agent, Said(TicketAction.Reply)), (Agent, Said(TicketAction.Reply)), (Agent, Said(TicketAction.Reopen)), (Agent, Said(TicketAction.Reopen)), (Agent, Said(TicketAction.Withdraw)),
        (Helper, Said(TicketAction.Ask)), (Helper, Said(TicketAction.Ask)), (Helper, Said(TicketAction.Reply)), (Helper, Said(TicketAction.Note)), (Helper, new TicketMove { Action = TicketAction.Solve }), (Helper, Said(TicketAction.Withdraw)),
        (Helper, new TicketMove { Action = TicketAction.Transfer, Organism = "01751" }), (Helper, new TicketMove { Action = TicketAction.Transfer, Organism = "01671" }), (Helper, new TicketMove { Action = TicketAction.Assign, Assignee = "me" }),
        (Helper, new TicketMove { Action = TicketAction.Prioritise, Urgency = TicketUrgency.High }), (Helper, new TicketMove { Action = TicketAction.Prioritise, Urgency = TicketUrgency.Low }),
        (Officer, Said(TicketAction.Answer)), (Officer, Said(TicketAction.Answer)), (Officer, Said(TicketAction.GiveBack)), (Officer, Said(TicketAction.PointTo) with { Organism = "01671" }),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Stored_clocks_are_those_of_the_trail_counted_minute_by_minute(int seed)
    {
        var ticket = await ReadyToTransferAsync();
        var chance = new Random(seed);
        var done = 0;
        for (var step = 0; step < 24; step++)
        {
            Pass(TimeSpan.FromMinutes(chance.Next(0, 60 * 6)));
            if (step == 12)
                await OtherRulesAsync();
            var (who, move) = Moves[chance.Next(Moves.Length)];
            await using (var scope = Host.Services.CreateAsyncScope())
                done += await scope.ServiceProvider.GetRequiredService<TicketWriting>().MoveAsync(ticket.Id, move, who, Cancel) is null ? 1 : 0;
            await ComparedAsync(ticket.Id, isCounted: step % 6 == 5);
        }

        Assert.True(done > 5, $"Only {done} moves of seed {seed} were of the table.");
    }

    private async Task ComparedAsync(Guid id, bool isCounted)
    {
        // Other rules are written to each ticket by whoever watches.
        await Host.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<WatchClocks>().Single().RunOnceAsync(Cancel);
        await using var scope = Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SupportDb>();
        var now = Clock.GetUtcNow();
        var rules = await scope.ServiceProvider.GetRequiredService<RuleBook>().ReadAsync(Cancel);
        var ticket = await db.Tickets.AsNoTracking().SingleAsync(row => row.Id == id, Cancel);
        var stored = await db.Clocks.AsNoTracking().Where(row => row.Ticket == id).OrderBy(row => row.Place).ToListAsync(Cancel);
        var trail = await db.Entries.AsNoTracking().Where(row => row.Ticket == id).OrderBy(row => row.Number).Select(TrailEntry.Of).ToListAsync(Cancel);
        var events = ClockTrail.Read(trail).ToList();
        var made = TicketClocks.Of(events, [.. rules.Where(one => one.Version == 1 || one.From <= now)]).Until(now, rules);

        Assert.Equal(made.WaitsFor, ticket.WaitsFor);
        // Other rules come to it once it is open again.
        if (!TicketMachine.IsLive(ticket.State))
            return;
        Assert.Equal(
            made.Clocks.Select(one => (one.Kind, one.Owner, (long)one.Target.TotalMilliseconds, one.MetAt, one.MissedAt, one.RunningSince is null)),
            stored.Select(row => (row.Kind, row.Owner, row.TargetMilliseconds, row.MetAt, row.MissedAt, row.RunningSince is null)));
        foreach (var (row, hours) in stored.Zip(made.Clocks.Select(one => one.Hours)))
        {
            var used = TimeSpan.FromMilliseconds(row.UsedMilliseconds) + (row.RunningSince is { } since ? hours.Between(since, now) : TimeSpan.Zero);
            if (isCounted && row.Kind != ClockKind.OrganismAnswer)
                Assert.Equal(ClockProperties.CountedByMinutes(row.Kind, events, [.. rules], now), used);
        }
    }

    // Another replica's settings: a version that begins now, and every ticket that is touched goes on under it.
    private async Task OtherRulesAsync()
    {
        await using (var scope = Host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<SupportDb>();
            var first = await db.Rules.AsNoTracking().SingleAsync(Cancel);
            db.Rules.Add(new RulesRow { Version = 2, From = Clock.GetUtcNow(), Json = first.Json.Replace("08:30-17:30", "09:00-12:00 14:00-18:00", StringComparison.Ordinal) });
            await db.SaveChangesAsync(Cancel);
        }

        // Read again within seconds.
        Clock.Advance(TimeSpan.FromMinutes(1));
    }

    private static TicketMove Said(TicketAction action) => new() { Action = action, Text = "Voilà." };
}
