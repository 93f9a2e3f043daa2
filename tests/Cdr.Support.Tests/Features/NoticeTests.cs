using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Features.WatchClocks;
using Cdr.Support.Metrics;
using Cdr.Support.Notifications;
using Cdr.Support.Store;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Support.Tests.Features;

public sealed class NoticeTests : HostTests
{
    [Fact]
    public async Task Bells_ring_for_whom_it_concerns_and_not_for_who_did_it()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Quel lecteur ?");

        await UntilAsync(Referent, ticket, "ask");
        await UntilAsync(Hotline, ticket, "open");
        Assert.DoesNotContain(await Hotline.NoticesAsync(Cancel), notice => notice.Event == "ask");
        Assert.Empty(await Api(CdrRoles.Clerk, "clerk-2").NoticesAsync(Cancel));

        var notice = Assert.Single(await Referent.NoticesAsync(Cancel));
        using var read = await Referent.ReadNoticeAsync(notice.Id, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, read.StatusCode);
        Assert.NotNull(Assert.Single(await Referent.NoticesAsync(Cancel)).ReadAt);
    }

    [Fact]
    public async Task An_establishment_hears_where_its_ticket_went_and_nothing_of_the_hotlines_own_list()
    {
        var ticket = await ReadyToTransferAsync();
        await UntilAsync(Clerk, ticket, "send");
        await MoveAsync(Hotline, ticket, TicketAction.Transfer, "Merci de vérifier la période.");

        await UntilAsync(Clerk, ticket, "transfer");
        // Who sent it follows it.
        await UntilAsync(Referent, ticket, "transfer");
        Assert.DoesNotContain(await Clerk.NoticesAsync(Cancel), notice => notice.Event == "check");
        Assert.DoesNotContain(await Referent.NoticesAsync(Cancel), notice => notice.Event == "check");

        var read = (await Clerk.ReadAsync(ticket.Id, Cancel)).Entries;
        var went = Assert.Single(read, entry => entry.Action == TicketAction.Transfer);
        // The words are the organism's.
        Assert.Equal(("01751", "CPAM de test", null), (went.Organism, went.OrganismLabel, went.Text));
        Assert.DoesNotContain(read, entry => entry.Action == TicketAction.Check);
        var whole = (await Hotline.ReadAsync(ticket.Id, Cancel)).Entries;
        Assert.Contains(whole, entry => entry.Action == TicketAction.Check);
        Assert.Contains(whole, entry => entry is { Action: TicketAction.Transfer, Text: "Merci de vérifier la période." });

        // Where it goes from there too: their last bell would say another organism, or an organism where none has it.
        await MoveAsync(Organism, ticket, TicketAction.PointTo, "C'est la MSA.", "02594");
        await UntilAsync(Clerk, ticket, "pointTo");
        await MoveAsync(Api(CdrRoles.RegimeAgent, "agent-9", regime: "other-regime"), ticket, TicketAction.GiveBack, "Dossier inconnu ici.");
        await UntilAsync(Clerk, ticket, "giveBack");
        var then = (await Clerk.ReadAsync(ticket.Id, Cancel)).Entries;
        var pointed = Assert.Single(then, entry => entry.Action == TicketAction.PointTo);
        Assert.Equal(("02594", null), (pointed.Organism, pointed.Text));
        Assert.Null(Assert.Single(then, entry => entry.Action == TicketAction.GiveBack).Text);
    }

    [Fact]
    public async Task Ticks_of_a_draft_ring_nobody_and_are_no_affair_of_the_organisms()
    {
        await ImportAsync();
        var ticket = await Clerk.OpenAsync(Inconsistent(Consult()), Cancel);
        foreach (var ticks in (string[][])[["identity"], ["identity", "card"], ["identity", "card", "difference"], ["identity", "card", "difference", "date"]])
            await Referent.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Check, Checked = ticks }, Cancel);
        await MoveAsync(Referent, ticket, TicketAction.Send);
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);

        await UntilAsync(Clerk, ticket, "transfer");
        Assert.DoesNotContain(await Clerk.NoticesAsync(Cancel), notice => notice.Event == "check");
        Assert.Contains((await Clerk.ReadAsync(ticket.Id, Cancel)).Entries, entry => entry.Action == TicketAction.Check);
        Assert.DoesNotContain((await Organism.ReadAsync(ticket.Id, Cancel)).Entries, entry => entry.Action == TicketAction.Check);
    }

    [Fact]
    public async Task A_bell_of_the_hotline_is_read_by_whom_has_read_it_alone()
    {
        var other = Api(CdrRoles.Hotline, "hotline-2");
        var first = await Referent.OpenAsync(Technical(send: true), Cancel);
        await UntilAsync(Hotline, first, "open");
        // Ids of one millisecond have no order.
        Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await Referent.OpenAsync(Technical(send: true), Cancel);
        await UntilAsync(Hotline, second, "open");
        var notices = await Hotline.NoticesAsync(Cancel);
        Assert.Equal((2, 2), ((await Hotline.NewNoticesAsync(Cancel)).New, (await other.NewNoticesAsync(Cancel)).New));

        using var one = await Hotline.ReadNoticeAsync(notices[0].Id, Cancel);
        using var again = await Hotline.ReadNoticeAsync(notices[0].Id, Cancel);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (one.StatusCode, again.StatusCode));
        Assert.Equal((1, 2), ((await Hotline.NewNoticesAsync(Cancel)).New, (await other.NewNoticesAsync(Cancel)).New));
        using var all = await Hotline.ReadNoticesAsync(new NoticesRead(notices[0].Id), Cancel);
        Assert.Equal((0, 2), ((await Hotline.NewNoticesAsync(Cancel)).New, (await other.NewNoticesAsync(Cancel)).New));
        // An older page says so later.
        using var older = await Hotline.ReadNoticesAsync(new NoticesRead(notices[1].Id), Cancel);

        Assert.All(await Hotline.NoticesAsync(Cancel), notice => Assert.NotNull(notice.ReadAt));
        Assert.All(await other.NoticesAsync(Cancel), notice => Assert.Null(notice.ReadAt));
    }

    [Fact]
    public async Task A_clock_warns_before_its_end_and_tells_when_it_is_missed_each_once()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        // Four hours from 09:00: a warning at 12:00, missed at 13:00.
        Clock.Advance(TimeSpan.FromMinutes(179));
        Assert.DoesNotContain(await Hotline.NoticesAsync(Cancel), notice => notice.Event == "clockWarning");
        Clock.Advance(TimeSpan.FromMinutes(2));
        await UntilAsync(Hotline, ticket, "clockWarning", TimeSpan.FromSeconds(31));
        Assert.DoesNotContain(await Hotline.NoticesAsync(Cancel), notice => notice.Event == "clockMissed");
        Clock.Advance(TimeSpan.FromHours(1));
        await UntilAsync(Hotline, ticket, "clockMissed", TimeSpan.FromSeconds(31));

        var rung = (await Hotline.NoticesAsync(Cancel)).Where(notice => notice.Event.StartsWith("clock", StringComparison.Ordinal)).ToList();
        Assert.Equal(["clockMissed", "clockWarning"], rung.Select(notice => notice.Event).Order());
    }

    [Fact]
    public async Task A_clock_that_was_missed_rings_although_it_was_paused_before_anybody_looked()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        Clock.Advance(TimeSpan.FromMinutes(181));
        await UntilAsync(Hotline, ticket, "clockWarning", TimeSpan.FromSeconds(31));
        // Missed and met between two looks.
        Clock.SetUtcNow(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero).AddSeconds(-1));
        await WatchedAsync();
        Clock.Advance(TimeSpan.FromSeconds(2));
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Quel lecteur ?");

        await UntilAsync(Hotline, ticket, "clockMissed", TimeSpan.FromSeconds(31));
        await WatchedAsync();
        Assert.Single(await Hotline.NoticesAsync(Cancel), notice => notice.Event == "clockMissed");
    }

    [Fact]
    public async Task A_move_that_is_told_late_is_told_to_whom_it_concerned_then()
    {
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        await MoveAsync(Organism, ticket, TicketAction.PointTo, "C'est la MSA.", "02594");
        await Api(CdrRoles.Hotline, "hotline-2").MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Take }, Cancel);
        await using (var scope = Host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<SupportDb>();
            await Deadline.UntilAsync("all was told", TimeSpan.FromSeconds(60), async () => await db.Notices.AnyAsync(row => row.Event == "pointTo", Cancel), Cancel);
            await db.Notices.ExecuteDeleteAsync(Cancel);
            // As the outbox had it, after a broker that was away.
            foreach (var entry in await db.Entries.AsNoTracking().Where(row => row.Action == TicketAction.Transfer || row.Action == TicketAction.Send).ToListAsync(Cancel))
                db.Tell(new TicketMoved(entry.Id, ticket.Id, entry.Number, entry.Action, entry.To, entry.At, entry.Action == TicketAction.Transfer ? "test-regime" : null));
            await db.SaveChangesAsync(Cancel);
        }

        Clock.Advance(TimeSpan.FromSeconds(2));
        await UntilAsync(Organism, ticket, "transfer", TimeSpan.FromSeconds(2));
        await UntilAsync(Caisse("01751"), ticket, "transfer", TimeSpan.FromSeconds(2));
        Assert.DoesNotContain(await Caisse("02594", "other-regime").NoticesAsync(Cancel), notice => notice.Event == "transfer");
        await UntilAsync(Api(CdrRoles.Hotline, "hotline-3"), ticket, "send", TimeSpan.FromSeconds(2));
        Assert.DoesNotContain(await Api(CdrRoles.RegimeAgent, "agent-9", regime: "other-regime").NoticesAsync(Cancel), notice => notice.Event == "transfer");
    }

    [Fact]
    public async Task A_message_that_nobody_here_can_tell_is_in_nobodys_way()
    {
        var unread = Guid.Parse("01900000-0000-7000-8000-000000000001");
        await using var scope = Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SupportDb>();
        db.Outbox.Add(new OutboxRow { Id = Guid.Parse("01900000-0000-7000-8000-000000000000"), Type = "TicketPraised", Json = "{}" });
        db.Outbox.Add(new OutboxRow { Id = unread, Type = nameof(TicketMoved), Json = "{\"id\":3" });
        await db.SaveChangesAsync(Cancel);

        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        await UntilAsync(Hotline, ticket, "open");

        // What is told is taken out once the broker has it, which may be after it was heard.
        await Deadline.UntilAsync("what was told is out", TimeSpan.FromSeconds(30), async () => await db.Outbox.CountAsync(row => row.Type == nameof(TicketMoved), Cancel) == 1, Cancel);
        // Both are left to the version that wrote them.
        Assert.Equal([(false, unread)], await db.Outbox.AsNoTracking().Where(row => row.Type == nameof(TicketMoved)).Select(row => ValueTuple.Create(row.SetAsideAt != null, row.Id)).ToListAsync(Cancel));
        await scope.ServiceProvider.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<MeasureTickets>().Single().RunOnceAsync(Cancel);
        Assert.Equal(2, scope.ServiceProvider.GetRequiredService<TicketMeter>().Now.Aside);
    }

    private Task WatchedAsync() => Host.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<WatchClocks>().Single().RunOnceAsync(Cancel);

    private Task UntilAsync(ISupportApi who, Ticket ticket, string what, TimeSpan? step = null) => Deadline.UntilAsync($"{what} is told", TimeSpan.FromSeconds(60), async () =>
    {
        if (step is { } time)
            Clock.Advance(time);
        return (await who.NoticesAsync(Cancel)).Any(notice => notice.Ticket == ticket.Id && notice.Event == what);
    }, Cancel);
}
