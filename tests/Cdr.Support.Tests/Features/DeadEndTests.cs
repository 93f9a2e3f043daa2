using System.Net;
using Cdr.Contracts.Support;

namespace Cdr.Support.Tests.Features;

/// <summary>Every ticket can end: what no organism can answer, what was a mistake, what is of another kind.</summary>
public sealed class DeadEndTests : HostTests
{
    [Fact]
    public async Task A_clerk_takes_their_own_mistake_back_and_says_why()
    {
        var ticket = await ReadyToTransferAsync();
        Assert.Equal("text-invalid", await RefusedAsync(() => MoveAsync(Clerk, ticket, TicketAction.Withdraw), HttpStatusCode.BadRequest));

        var closed = await MoveAsync(Clerk, ticket, TicketAction.Withdraw, "C'était la carte d'un autre patient.");

        Assert.Equal((TicketState.Closed, WaitsFor.Nobody), (closed.State, closed.WaitsFor));
        Assert.Contains((await Hotline.ReadAsync(ticket.Id, Cancel)).Entries, entry => entry is { Action: TicketAction.Withdraw, Text: "C'était la carte d'un autre patient." });
        // It was none after all.
        Assert.Equal(TicketState.InProgress, (await MoveAsync(Clerk, ticket, TicketAction.Reopen, "Si, c'était bien elle.")).State);
    }

    [Fact]
    public async Task What_is_with_an_organism_is_taken_back_from_it()
    {
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        Assert.Equal("move-not-now", await RefusedAsync(() => MoveAsync(Hotline, ticket, TicketAction.Withdraw, "Non."), HttpStatusCode.Conflict));

        await MoveAsync(Referent, ticket, TicketAction.Withdraw, "Le patient a retrouvé sa carte.");

        Assert.Equal(TicketState.Closed, (await Organism.ReadAsync(ticket.Id, Cancel)).State);
        await Cdr.Testing.Deadline.UntilAsync("the organism knows", TimeSpan.FromSeconds(60), async () => (await Organism.NoticesAsync(Cancel)).Any(notice => notice.Event == "withdraw"), Cancel);
    }

    [Fact]
    public async Task The_hotline_ends_what_organisms_only_give_back_and_solves_none_of_it()
    {
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        await MoveAsync(Organism, ticket, TicketAction.GiveBack, "Dossier inconnu ici.");
        Assert.Equal("organism-decides", await RefusedAsync(() => MoveAsync(Hotline, ticket, TicketAction.Solve), HttpStatusCode.Conflict));

        Assert.Equal(TicketState.Closed, (await MoveAsync(Hotline, ticket, TicketAction.Withdraw, "Aucun organisme ne gère ce dossier : voyez le service social.")).State);
        Assert.Contains((await Clerk.ReadAsync(ticket.Id, Cancel)).Entries, entry => entry is { Action: TicketAction.Withdraw, Text: not null });
    }

    [Fact]
    public async Task A_ticket_of_the_wrong_kind_becomes_one_of_the_right_kind_and_its_trail_says_so()
    {
        var technical = await Referent.OpenAsync(Technical(send: true), Cancel);
        var same = new TicketMove { Action = TicketAction.Retype, Kind = TicketKind.Technical };
        Assert.Equal("kind-same", await RefusedAsync(() => Hotline.MoveAsync(technical.Id, same, Cancel), HttpStatusCode.BadRequest));
        Assert.Equal("kind-same", await RefusedAsync(() => Hotline.MoveAsync(technical.Id, same with { Kind = null }, Cancel), HttpStatusCode.BadRequest));

        var now = await Hotline.MoveAsync(technical.Id, new TicketMove { Action = TicketAction.Retype, Kind = TicketKind.DataInconsistency }, Cancel);

        Assert.Equal((TicketKind.DataInconsistency, 4), (now.Kind, now.Checklist.Count));
        Assert.Contains((await Referent.ReadAsync(technical.Id, Cancel)).Entries, entry => entry is { Action: TicketAction.Retype, Kinds: { From: TicketKind.Technical, To: TicketKind.DataInconsistency } });
        Assert.Equal("organism-decides", await RefusedAsync(() => MoveAsync(Hotline, technical, TicketAction.Solve), HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task A_technical_ticket_shows_no_rights_whatever_it_was_before()
    {
        var ticket = await ReadyToTransferAsync();
        await Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Retype, Kind = TicketKind.Technical }, Cancel);

        Assert.False((await Hotline.ReadAsync(ticket.Id, Cancel)).HasEvidence);
        using var shown = await Hotline.EvidenceAsync(ticket.Id, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, shown.StatusCode);
        Assert.Equal(TicketState.Solved, (await MoveAsync(Hotline, ticket, TicketAction.Solve)).State);
        await MoveAsync(Clerk, ticket, TicketAction.Reopen, "C'était bien le dossier.");
        await Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Retype, Kind = TicketKind.DataInconsistency }, Cancel);
        using var again = await Hotline.EvidenceAsync(ticket.Id, Cancel);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        // What was checked for another kind is checked anew.
        Assert.All((await Hotline.ReadAsync(ticket.Id, Cancel)).Checklist, point => Assert.False(point.Done));
    }

    [Fact]
    public async Task What_was_opened_again_is_answered_again_before_it_is_solved()
    {
        var ticket = await ReadyToTransferAsync();
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        await MoveAsync(Organism, ticket, TicketAction.Answer, "Corrigé.");
        await MoveAsync(Hotline, ticket, TicketAction.Solve);
        await MoveAsync(Clerk, ticket, TicketAction.Reopen, "Rien n'a changé.");

        Assert.Equal("organism-decides", await RefusedAsync(() => MoveAsync(Hotline, ticket, TicketAction.Solve), HttpStatusCode.Conflict));
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        await MoveAsync(Organism, ticket, TicketAction.Answer, "Cette fois, oui.");
        Assert.Equal(TicketState.Solved, (await MoveAsync(Hotline, ticket, TicketAction.Solve)).State);
    }
}
