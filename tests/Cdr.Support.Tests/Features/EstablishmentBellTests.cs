using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Testing;

namespace Cdr.Support.Tests.Features;

/// <summary>Somebody of the hospital is rung for what waits for the hospital, whoever began it.</summary>
public sealed class EstablishmentBellTests : HostTests
{
    [Theory]
    [InlineData(TicketAction.Ask, "ask")]
    [InlineData(TicketAction.Reply, "reply")]
    [InlineData(TicketAction.Solve, "solve")]
    public async Task What_the_hotline_opened_for_a_call_rings_at_the_establishments_referent(TicketAction action, string what)
    {
        var ticket = await Hotline.OpenAsync(Technical() with { Establishment = Here }, Cancel);
        await MoveAsync(Hotline, ticket, action, action == TicketAction.Solve ? null : "Quel lecteur ?");

        await ToldAsync(Referent, ticket, what);
        await ToldAsync(Referent, ticket, "open");
        Assert.Empty(await Api(CdrRoles.Referent, "referent-9", Elsewhere).NoticesAsync(Cancel));
        // Their referent is the only one whom the hotline speaks to.
        Assert.Empty(await Clerk.NoticesAsync(Cancel));
    }

    [Fact]
    public async Task What_began_with_a_call_and_went_to_an_organism_is_told_at_the_referents_desk()
    {
        await ImportAsync();
        var ticket = await Hotline.OpenAsync(new TicketRequest { Kind = TicketKind.DataInconsistency, Title = "Droits fermés", Text = "Par téléphone.", Establishment = Here }, Cancel);
        await Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Check, Checked = ["identity", "card", "difference", "date"] }, Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Transfer, organism: "01751");

        await ToldAsync(Referent, ticket, "transfer");
        Assert.Empty(await Api(CdrRoles.Referent, "referent-9", Elsewhere).NoticesAsync(Cancel));
    }

    [Fact]
    public async Task Where_clerks_send_themselves_they_are_rung_too()
    {
        await Referent.ChooseAsync(new EstablishmentChoice(true), Cancel);
        var ticket = await Hotline.OpenAsync(Technical() with { Establishment = Here }, Cancel);
        await MoveAsync(Hotline, ticket, TicketAction.Ask, "Quel lecteur ?");

        await ToldAsync(Clerk, ticket, "ask");
        await ToldAsync(Api(CdrRoles.Referent, "referent-2"), ticket, "ask");
        Assert.Empty(await Api(CdrRoles.Clerk, "clerk-9", Elsewhere).NoticesAsync(Cancel));
    }

    [Fact]
    public async Task A_draft_rings_at_the_referent_and_who_sent_it_is_asked()
    {
        var draft = await Clerk.OpenAsync(Technical(), Cancel);
        await ToldAsync(Referent, draft, "open");
        await MoveAsync(Referent, draft, TicketAction.Send);
        await MoveAsync(Hotline, draft, TicketAction.Ask, "Quel lecteur ?");

        await ToldAsync(Referent, draft, "ask");
        await ToldAsync(Clerk, draft, "ask");
        // By name, and so nobody else's.
        Assert.DoesNotContain(await Api(CdrRoles.Referent, "referent-2").NoticesAsync(Cancel), notice => notice.Event == "ask");
        Assert.Single(await Referent.NoticesAsync(Cancel), notice => notice.Event == "ask");
    }

    [Fact]
    public async Task Where_nobody_of_the_referents_desk_follows_it_the_desk_is_rung()
    {
        var draft = await Clerk.OpenAsync(Technical(), Cancel);
        await MoveAsync(Referent, draft, TicketAction.Send);
        await MoveAsync(Referent, draft, TicketAction.Unwatch);
        await MoveAsync(Hotline, draft, TicketAction.Ask, "Quel lecteur ?");

        // Nobody who may speak with the hotline follows it: whoever is at the referent's desk does.
        await ToldAsync(Api(CdrRoles.Referent, "referent-2"), draft, "ask");
    }

    private static Task ToldAsync(ISupportApi who, Ticket ticket, string what) => Deadline.UntilAsync($"{what} is told", TimeSpan.FromSeconds(60), async () =>
        (await who.NoticesAsync(Cancel)).Any(notice => notice.Ticket == ticket.Id && notice.Event == what), Cancel);
}
