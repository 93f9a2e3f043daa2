using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Testing;

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

    private Task UntilAsync(ISupportApi who, Ticket ticket, string what, TimeSpan? step = null) => Deadline.UntilAsync($"{what} is told", TimeSpan.FromSeconds(60), async () =>
    {
        if (step is { } time)
            Clock.Advance(time);
        return (await who.NoticesAsync(Cancel)).Any(notice => notice.Ticket == ticket.Id && notice.Event == what);
    }, Cancel);
}
