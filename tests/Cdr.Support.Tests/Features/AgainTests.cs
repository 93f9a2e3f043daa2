using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;

namespace Cdr.Support.Tests.Features;

/// <summary>Ids that callers choose: what is sent again is done once, and nothing else passes for it.</summary>
public sealed class AgainTests : HostTests
{
    [Fact]
    public async Task Another_move_under_a_known_id_is_refused_and_not_swallowed()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true), Cancel);
        var move = new TicketMove { Action = TicketAction.Reply, Text = "Redémarrez-le.", Id = Guid.CreateVersion7(Clock.GetUtcNow()) };
        await Hotline.MoveAsync(ticket.Id, move, Cancel);

        Assert.Equal("move-done-otherwise", await RefusedAsync(() => Hotline.MoveAsync(ticket.Id, move with { Text = "Remplacez-le." }, Cancel), HttpStatusCode.Conflict));
        Assert.Equal("move-done-otherwise", await RefusedAsync(() => Hotline.MoveAsync(ticket.Id, move with { Action = TicketAction.Note }, Cancel), HttpStatusCode.Conflict));
        Assert.Equal("move-done-otherwise", await RefusedAsync(() => Api(CdrRoles.Hotline, "hotline-2").MoveAsync(ticket.Id, move, Cancel), HttpStatusCode.Conflict));
        var other = await Referent.OpenAsync(Technical(send: true), Cancel);
        Assert.Equal("move-done-otherwise", await RefusedAsync(() => Hotline.MoveAsync(other.Id, move, Cancel), HttpStatusCode.Conflict));
        Assert.Equal(2, (await Hotline.MoveAsync(ticket.Id, move, Cancel)).Version);
    }

    [Fact]
    public async Task A_move_that_is_the_same_but_for_what_it_is_about_is_another_one()
    {
        var ticket = await ReadyToTransferAsync();
        var move = new TicketMove { Action = TicketAction.Transfer, Organism = "01751", Id = Guid.CreateVersion7(Clock.GetUtcNow()) };
        await Hotline.MoveAsync(ticket.Id, move, Cancel);
        Assert.Equal(TicketState.Transferred, (await Hotline.MoveAsync(ticket.Id, move, Cancel)).State);
        Assert.Equal("move-done-otherwise", await RefusedAsync(() => Hotline.MoveAsync(ticket.Id, move with { Organism = "01671" }, Cancel), HttpStatusCode.Conflict));
        var check = new TicketMove { Action = TicketAction.Check, Checked = ["identity"], Id = Guid.CreateVersion7(Clock.GetUtcNow()) };
        await Hotline.MoveAsync(ticket.Id, check, Cancel);
        Assert.Equal("move-done-otherwise", await RefusedAsync(() => Hotline.MoveAsync(ticket.Id, check with { Checked = ["card"] }, Cancel), HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task An_id_that_says_another_day_is_refused_and_one_of_a_slow_clock_is_not()
    {
        var now = Clock.GetUtcNow();
        foreach (var off in new[] { TimeSpan.FromHours(25), TimeSpan.FromHours(-25), TimeSpan.FromDays(36500) })
            Assert.Equal("id-of-another-time", await RefusedAsync(() => Referent.OpenAsync(Technical() with { Id = Guid.CreateVersion7(now + off) }, Cancel), HttpStatusCode.BadRequest));
        var ticket = await Referent.OpenAsync(Technical(send: true) with { Id = Guid.CreateVersion7(now.AddHours(-23)) }, Cancel);
        var move = new TicketMove { Action = TicketAction.Note, Text = "Vu.", Id = Guid.CreateVersion7(now.AddDays(3)) };
        Assert.Equal("id-of-another-time", await RefusedAsync(() => Hotline.MoveAsync(ticket.Id, move, Cancel), HttpStatusCode.BadRequest));
        Assert.Equal("id-not-v7", await RefusedAsync(() => Hotline.MoveAsync(ticket.Id, move with { Id = Guid.Parse("9b2f0c52-1d1c-4a55-8f6e-0a3c5b1e7d10") }, Cancel), HttpStatusCode.BadRequest));
        // What is there already is shown whenever it is sent again.
        var same = Technical(send: true) with { Id = ticket.Id };
        Pass(TimeSpan.FromDays(2));
        Assert.Equal(ticket.Number, (await Referent.OpenAsync(same, Cancel)).Number);
    }
}
