using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Clocks;
using Cdr.Support.Store;
using Cdr.Support.Tests.Doubles;
using Cdr.Support.Tickets;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Support.Tests.Notifications;

/// <summary>A broker of its own: it is killed.</summary>
public sealed class BrokerKilledTests
{
    private const int Tickets = 40;
    private const int Moves = 25;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    // It failed twice of three on 2026-11-27, beside other tests, and never in 32 runs since (two of them beside others, at a load of 26): should it again, it says what its queues hold.
    public async Task Through_a_broker_that_is_killed_during_a_thousand_moves_each_bell_rings_once_and_each_clock_is_right()
    {
        await using var rabbit = new RabbitServer();
        await rabbit.StartAsync(Cancel);
        await using var host = new SupportHost(
            TimeProvider.System, new("Services:Rights", "http://127.0.0.1:1"), new("Services:Sessions", "http://127.0.0.1:1"), new("ConnectionStrings:RabbitMq", await rabbit.CreateVirtualHostAsync(Cancel)), new("Support:TellEvery", "00:00:00.200"));
        using var client = host.CreateClient();
        var tickets = await OpenAsync(host);
        // Something is told before, so that the broker dies in the middle and not at the beginning.
        await MoveAsync(host, tickets, 0, 8);
        await Deadline.UntilAsync("the first bells rang", TimeSpan.FromSeconds(60), async () => await BellsAsync(host) > 0, Cancel);

        var during = MoveAsync(host, tickets, 8, 20);
        await rabbit.KillAsync();
        await during;
        await rabbit.StartAsync(Cancel);
        await MoveAsync(host, tickets, 20, Moves);

        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SupportDb>();
        try
        {
            await Deadline.UntilAsync("everything is told", TimeSpan.FromSeconds(240), async () => await BellsAsync(host) >= Tickets * (Moves + 1), Cancel);
        }
        catch (TimeoutException late)
        {
            using var management = rabbit.CreateManagementClient();
            var queues = await management.GetStringAsync(new Uri("/api/queues?columns=name,messages_ready,messages_unacknowledged,consumers,state", UriKind.Relative), Cancel);
            ThreadPool.GetAvailableThreads(out var free, out _);
            throw new TimeoutException($"{await BellsAsync(host)} bells of {Tickets * (Moves + 1)}, {await db.Outbox.CountAsync(Cancel)} messages in the outbox, {ThreadPool.ThreadCount} threads, {ThreadPool.PendingWorkItemCount} waiting; {queues}", late);
        }

        Assert.Equal(Tickets * (Moves + 1), await db.Entries.CountAsync(Cancel));
        var entries = await db.Entries.Select(row => row.Id).ToListAsync(Cancel);
        var bells = await db.Notices.Select(row => row.Message).ToListAsync(Cancel);
        Assert.Equal(entries.Order(), bells.Order());
        await Deadline.UntilAsync("the outbox is empty", TimeSpan.FromSeconds(30), async () => !await db.Outbox.AnyAsync(Cancel), Cancel);

        var rules = await host.Services.GetRequiredService<RuleBook>().ReadAsync(Cancel);
        foreach (var ticket in tickets)
        {
            var row = await db.Tickets.AsNoTracking().SingleAsync(one => one.Id == ticket, Cancel);
            var trail = await db.Entries.AsNoTracking().Where(one => one.Ticket == ticket).OrderBy(one => one.Number).Select(TrailEntry.Of).ToListAsync(Cancel);
            var made = ClockKeeping.Make(trail, rules, trail[^1].At);
            var kept = await db.Clocks.AsNoTracking().Where(one => one.Ticket == ticket).OrderBy(one => one.Place).ToListAsync(Cancel);
            Assert.Equal(made.WaitsFor, row.WaitsFor);
            Assert.Equal(
                made.Clocks.Select(clock => (clock.Kind, clock.RunningSince, clock.DueAt, clock.MetAt, (long)clock.Used.TotalMilliseconds)),
                kept.Select(clock => (clock.Kind, clock.RunningSince, clock.DueAt, clock.MetAt, clock.UsedMilliseconds)));
        }
    }

    private static async Task<List<Guid>> OpenAsync(SupportHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SupportDb>();
        var (writing, text) = (scope.ServiceProvider.GetRequiredService<TicketWriting>(), scope.ServiceProvider.GetRequiredService<TicketText>());
        List<Guid> tickets = [];
        for (var made = 0; made < Tickets; made++)
        {
            var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
            db.ChangeTracker.Clear();
            await writing.AddAsync(db, new TicketRow
            {
                Id = id, Number = TicketNumber.Make(), Kind = TicketKind.Technical, State = TicketState.New, Priority = TicketPriority.Normal, Impact = TicketImpact.One, Urgency = TicketUrgency.Normal,
                Establishment = "750712184", Group = "", Department = "75", Author = "referent-1", Title = text.SealTitle(id, "…"), CreatedAt = TimeProvider.System.GetUtcNow(), UpdatedAt = TimeProvider.System.GetUtcNow(), Version = 0,
            }, "…", Referent, Cancel);
            tickets.Add(id);
        }

        return tickets;
    }

    private static readonly Actor Referent = new("referent-1", CdrRoles.Referent, "750712184", "", "75", "");
    private static readonly Actor Hotline = new("hotline-1", CdrRoles.Hotline, "", "", "", "");

    /// <summary>The hotline asks, the referent answers, and so on: each rings the other's bell.</summary>
    private static Task MoveAsync(SupportHost host, List<Guid> tickets, int from, int to) => Parallel.ForEachAsync(tickets, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Cancel }, async (ticket, cancellationToken) =>
    {
        await using var scope = host.Services.CreateAsyncScope();
        var writing = scope.ServiceProvider.GetRequiredService<TicketWriting>();
        for (var move = from; move < to; move++)
        {
            var refused = await writing.MoveAsync(ticket, new TicketMove { Action = move % 2 == 0 ? TicketAction.Ask : TicketAction.Reply, Text = "…" }, move % 2 == 0 ? Hotline : Referent, cancellationToken);
            Assert.Null(refused);
        }
    });

    private static async Task<int> BellsAsync(SupportHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SupportDb>().Notices.CountAsync(Cancel);
    }
}
