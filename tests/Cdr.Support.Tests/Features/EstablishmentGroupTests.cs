using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Features.TakeReply;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Support.Tests.Features;

/// <summary>Whose group's manager follows a ticket: the one that its establishment's sessions said, "none" too.</summary>
public sealed class EstablishmentGroupTests : HostTests
{
    [Fact]
    public async Task What_an_establishment_without_a_group_did_is_not_given_to_the_one_that_it_joins()
    {
        var alone = Of(null);
        var sent = await OpenAsync(alone, send: true);
        await OpenAsync(alone, send: true);
        await MoveAsync(alone, await OpenAsync(alone, send: false), TicketAction.Abandon);
        var called = await CalledAsync();
        var joined = Of("ght-75");
        var opened = await OpenAsync(joined, send: true);
        // Not by what they do to it afterwards either.
        await MoveAsync(joined, sent, TicketAction.Reply, "Toujours muet.");
        await MoveAsync(joined, called, TicketAction.Reply, "Toujours muet.");

        Assert.Equal([opened.Id], await SeenByAsync("ght-75"));
    }

    [Fact]
    public async Task What_is_opened_for_an_establishment_that_left_its_group_is_not_the_groups()
    {
        var before = await OpenAsync(Of("ght-75"), send: true);
        await OpenAsync(Of(null), send: true);
        await CalledAsync();

        Assert.Equal([before.Id], await SeenByAsync("ght-75"));
    }

    [Fact]
    public async Task A_ticket_that_was_given_a_group_does_not_say_it_again_later()
    {
        var opened = await OpenAsync(Of("ght-75"), send: true);
        var called = await CalledAsync();
        var moved = await OpenAsync(Of("ght-new"), send: true);
        await MoveAsync(Of("ght-new"), called, TicketAction.Reply, "Depuis ce matin.");
        Clock.Advance(TimeSpan.FromSeconds(1));
        var last = await CalledAsync();

        Assert.Equal([called.Id, opened.Id], await SeenByAsync("ght-75"));
        Assert.Equal([last.Id, moved.Id], await SeenByAsync("ght-new"));
    }

    [Fact]
    public async Task What_comes_by_mail_says_no_group()
    {
        var called = await CalledAsync();
        // As a mailbox remembers its owner.
        var owner = new Actor("referent-1", CdrRoles.Referent, Here, "ght-75", "75", "");
        Assert.Null(await Host.Services.GetRequiredService<TicketWriting>().MoveAsync(called.Id, new TicketMove { Action = TicketAction.Reply, Text = "Depuis ce matin." }, owner, Cancel, by: TakeReply.ByMail));
        Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await CalledAsync();
        Assert.Empty(await SeenByAsync("ght-75"));

        // Nobody there has said one yet: both are of the first that is.
        var opened = await OpenAsync(Of("ght-new"), send: true);
        Assert.Equal([opened.Id, second.Id, called.Id], await SeenByAsync("ght-new"));
    }

    [Fact]
    public async Task A_ticket_that_is_not_opened_gives_no_other_one_a_group()
    {
        await CalledAsync();
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
            await db.Database.ExecuteSqlRawAsync("CREATE TRIGGER full BEFORE INSERT ON tickets BEGIN SELECT RAISE(ABORT, 'full'); END;", Cancel);
        await Assert.ThrowsAnyAsync<Refit.ApiException>(() => Of("ght-75").OpenAsync(Technical(send: true), Cancel));

        Assert.Empty(await SeenByAsync("ght-75"));
    }

    private async Task<Ticket> CalledAsync()
    {
        var ticket = await Hotline.OpenAsync(Technical() with { Establishment = Here }, Cancel);
        Clock.Advance(TimeSpan.FromSeconds(1));
        return ticket;
    }

    private async Task<Ticket> OpenAsync(ISupportApi who, bool send)
    {
        var ticket = await who.OpenAsync(Technical(send), Cancel);
        Clock.Advance(TimeSpan.FromSeconds(1));
        return ticket;
    }

    private async Task<IEnumerable<Guid>> SeenByAsync(string group) => (await Of(group, CdrRoles.GroupManager).ListAsync(null, null, null, null, null, null, Cancel)).Tickets.Select(line => line.Id);

    private ISupportApi Of(string? group, string role = CdrRoles.Referent) =>
        Refit.RestService.ForGenerated<ISupportApi>(Host.ClientOf(Token(role, role + "-of-" + group, role == CdrRoles.GroupManager ? null : Here, group)), new Refit.RefitSettings());
}
