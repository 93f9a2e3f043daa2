using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Features.OpenTrialTicket;
using Cdr.Support.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Support.Tests.Features;

/// <summary>A post on which the installation package failed, told by Sessions.</summary>
public sealed class TrialTicketTests : HostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_failed_trial_is_in_the_hotlines_list_once_however_often_and_in_whatever_order_it_is_told()
    {
        var (first, second) = (Failed("Urgences 1"), Failed("ACCUEIL-2"));
        // At once, the later one first: their keys and the retries sort them out.
        await TellAsync(second, first, second, first, first);

        var listed = (await Hotline.ListAsync(null, null, null, null, null, null, Cancel)).Tickets;
        Assert.Equal(new[] { first.Trial, second.Trial }.Order(), listed.Select(line => line.Id).Order());
        var ticket = await Hotline.ReadAsync(first.Trial, Cancel);
        Assert.Equal((TicketKind.Technical, TicketState.New, Here, "75", first.Title), (ticket.Kind, ticket.State, ticket.Establishment, ticket.Department, ticket.Title));
        var opened = Assert.Single(ticket.Entries);
        Assert.Equal((TicketAction.Open, OpenTrialTicket.Package, first.Text), (opened.Action, opened.Role, opened.Text));
        Assert.Equal(9, ticket.Number.Length);
        Assert.NotEmpty(ticket.Clocks);
        // The establishment's own, and nobody else's.
        Assert.Equal(first.Title, (await Referent.ReadAsync(first.Trial, Cancel)).Title);
        Assert.Empty((await Api(CdrRoles.Referent, "referent-9", Elsewhere).ListAsync(null, null, null, null, null, null, Cancel)).Tickets);
    }

    [Fact]
    public async Task It_rings_for_the_hotline_and_the_referent_and_goes_its_way_as_any_ticket()
    {
        var failed = Failed("Urgences 1");
        await TellAsync(failed);
        foreach (var who in new[] { Hotline, Referent })
        {
            using var patience = new CancellationTokenSource(Patience);
            while (!(await who.NoticesAsync(Cancel)).Any(notice => notice.Ticket == failed.Trial && notice.Event == "open"))
                await Task.Delay(50, patience.Token);
        }

        var ticket = await Hotline.ReadAsync(failed.Trial, Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Take);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Quel lecteur ?");
        await MoveAsync(Referent, ticket, TicketAction.Reply, "Un bi-mode.");
        Assert.Equal(TicketState.Solved, (await MoveAsync(Hotline, ticket, TicketAction.Solve, "Pilote mis à jour.")).State);
        // Told again after all that: it stays as it is.
        await TellAsync(failed);
        Assert.Equal(TicketState.Solved, (await Hotline.ReadAsync(failed.Trial, Cancel)).State);
    }

    [Fact]
    public async Task One_that_was_erased_is_not_opened_again()
    {
        var failed = Failed("Urgences 1");
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
        {
            db.Erasures.Add(new ErasureRow { Id = Guid.CreateVersion7(Clock.GetUtcNow()), Ticket = failed.Trial, Number = "123456782", Kind = TicketKind.Technical, State = TicketState.Closed, CreatedAt = Clock.GetUtcNow(), UpdatedAt = Clock.GetUtcNow(), Policy = "tickets-36m", Until = Clock.GetUtcNow(), At = Clock.GetUtcNow(), Whole = true, Notices = 0 });
            await db.SaveChangesAsync(Cancel);
        }

        await TellAsync(failed);
        Assert.Empty((await Hotline.ListAsync(null, null, null, null, null, null, Cancel)).Tickets);
    }

    private TrialFailed Failed(string post)
    {
        var at = Clock.GetUtcNow();
        return new TrialFailed(Guid.CreateVersion7(at), at, Here, "Essai d'un poste en échec : " + post, "Poste : " + post + "\nLa carte n'est pas reconnue.");
    }

    /// <summary>All at once, until each was heard to its end.</summary>
    private async Task TellAsync(params TrialFailed[] told)
    {
        var bus = Host.Services.GetRequiredService<IBus>();
        var heard = new Heard(told.Length);
        using var listening = new Listening(bus.ConnectConsumeMessageObserver(heard));
        await Task.WhenAll(told.Select(one => bus.Publish(one, Cancel)));
        await heard.All.WaitAsync(Patience, Cancel);
    }

    private sealed class Heard(int wanted) : IConsumeMessageObserver<TrialFailed>
    {
        private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int left = wanted;

        public Task All => all.Task;

        public Task PreConsume(ConsumeContext<TrialFailed> context) => Task.CompletedTask;

        public Task PostConsume(ConsumeContext<TrialFailed> context)
        {
            if (Interlocked.Decrement(ref left) == 0)
                all.SetResult();
            return Task.CompletedTask;
        }

        // Refused by a key: it is tried again.
        public Task ConsumeFault(ConsumeContext<TrialFailed> context, Exception exception) => Task.CompletedTask;
    }

    private sealed class Listening(ConnectHandle handle) : IDisposable
    {
        public void Dispose() => handle.Disconnect();
    }
}
