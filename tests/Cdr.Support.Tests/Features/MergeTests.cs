using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Testing;

namespace Cdr.Support.Tests.Features;

/// <summary>A duplicate goes on in another ticket, and so does whoever asked.</summary>
public sealed class MergeTests : HostTests
{
    [Fact]
    public async Task Who_asked_is_told_and_follows_the_one_that_goes_on()
    {
        var kept = await Referent.OpenAsync(Technical(send: true), Cancel);
        await Referent.ChooseAsync(new EstablishmentChoice(true), Cancel);
        var mine = await Clerk.OpenAsync(Technical(send: true), Cancel);
        var watching = Api(CdrRoles.Clerk, "clerk-2");
        await watching.MoveAsync(mine.Id, new TicketMove { Action = TicketAction.Watch }, Cancel);

        await Hotline.MoveAsync(mine.Id, new TicketMove { Action = TicketAction.Merge, Other = kept.Id }, Cancel);

        var read = await Clerk.ReadAsync(mine.Id, Cancel);
        Assert.Equal(kept.Id, read.MergedInto);
        Assert.Contains(read.Entries, entry => entry.Action == TicketAction.Merge);
        Assert.Contains((await Hotline.ReadAsync(kept.Id, Cancel)).Entries, entry => entry.Action == TicketAction.Link);
        await ToldAsync(Clerk, mine, "merge");
        await ToldAsync(watching, mine, "merge");
        await MoveAsync(Hotline, kept, TicketAction.Reply, "Redémarrez-le.");
        await ToldAsync(Clerk, kept, "reply");
        await ToldAsync(watching, kept, "reply");
        await ToldAsync(Referent, kept, "reply");
    }

    [Fact]
    public async Task A_ticket_goes_on_in_one_that_is_under_way_and_in_no_other()
    {
        var over = await Referent.OpenAsync(Technical(send: true), Cancel);
        await MoveAsync(Hotline, over, TicketAction.Solve);
        var mine = await Referent.OpenAsync(Technical(send: true), Cancel);
        Task<Ticket> MergeAsync() => Hotline.MoveAsync(mine.Id, new TicketMove { Action = TicketAction.Merge, Other = over.Id }, Cancel);

        Assert.Equal("merge-into-over", await RefusedAsync(MergeAsync, HttpStatusCode.Conflict));
        await MoveAsync(Hotline, over, TicketAction.Close);
        Assert.Equal("merge-into-over", await RefusedAsync(MergeAsync, HttpStatusCode.Conflict));
        await MoveAsync(Hotline, over, TicketAction.Reopen, "Encore.");
        Assert.Equal(TicketState.Merged, (await MergeAsync()).State);
    }

    [Fact]
    public async Task What_proves_a_ticket_is_not_hidden_behind_one_that_has_no_proof()
    {
        var proven = await Clerk.OpenAsync(Inconsistent(Consult()), Cancel);
        await MoveAsync(Referent, proven, TicketAction.Send);
        var technical = await Referent.OpenAsync(Technical(send: true), Cancel);
        var called = await Hotline.OpenAsync(new TicketRequest { Kind = TicketKind.DataInconsistency, Title = "Le même dossier", Text = "Par téléphone.", Establishment = Here }, Cancel);
        Task<Ticket> MergeAsync(Ticket one, Ticket into) => Hotline.MoveAsync(one.Id, new TicketMove { Action = TicketAction.Merge, Other = into.Id }, Cancel);

        Assert.Equal("merge-other-kind", await RefusedAsync(() => MergeAsync(proven, technical), HttpStatusCode.Conflict));
        Assert.Equal("merge-other-kind", await RefusedAsync(() => MergeAsync(technical, proven), HttpStatusCode.Conflict));
        Assert.Equal("merge-hides-proof", await RefusedAsync(() => MergeAsync(proven, called), HttpStatusCode.Conflict));
        Assert.Equal(TicketState.Merged, (await MergeAsync(called, proven)).State);
    }

    [Fact]
    public async Task Two_tickets_that_are_merged_into_each_other_at_once_leave_one()
    {
        for (var round = 0; round < 8; round++)
        {
            var (first, second) = (await Referent.OpenAsync(Technical(send: true), Cancel), await Referent.OpenAsync(Technical(send: true), Cancel));
            await Task.WhenAll(TryAsync(first, second), TryAsync(second, first));

            Assert.Single(new[] { await Hotline.ReadAsync(first.Id, Cancel), await Hotline.ReadAsync(second.Id, Cancel) }, ticket => ticket.State == TicketState.Merged);
        }

        async Task TryAsync(Ticket one, Ticket other)
        {
            try
            {
                await Hotline.MoveAsync(one.Id, new TicketMove { Action = TicketAction.Merge, Other = other.Id }, Cancel);
            }
            catch (Refit.ApiException e) when (e.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.BadRequest)
            {
                // The other one was faster.
            }
        }
    }

    private static Task ToldAsync(ISupportApi who, Ticket ticket, string what) => Deadline.UntilAsync($"{what} is told", TimeSpan.FromSeconds(60), async () =>
        (await who.NoticesAsync(Cancel)).Any(notice => notice.Ticket == ticket.Id && notice.Event == what), Cancel);
}
