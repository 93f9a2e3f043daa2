using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Search;
using Cdr.Support.Store;
using Cdr.Support.Tests.Features;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Refit;

namespace Cdr.Support.Tests.Search;

public class SearchTests : HostTests
{
    [Fact]
    public async Task Tickets_are_found_by_several_words_of_title_and_replies_whatever_their_accents()
    {
        var one = await Referent.OpenAsync(Technical(send: true) with { Title = "Lecteur muet à la régulation", Text = "Le voyant clignote." }, Cancel);
        // Ids of one millisecond have no order.
        Clock.Advance(TimeSpan.FromSeconds(1));
        var other = await Referent.OpenAsync(Technical(send: true) with { Title = "Lecteur bruyant", Text = "Rien ne clignote." }, Cancel);
        await MoveAsync(Hotline, one, TicketAction.Ask, "Avez-vous débranché les câbles ?");
        await IndexedAsync(one, 2);
        await IndexedAsync(other, 1);

        Assert.Equal([other.Id, one.Id], await FoundAsync(Desk, "LECTEURS"));
        Assert.Equal([one.Id], await FoundAsync(Desk, "debranche cable muet"));
        Assert.Equal([one.Id], await FoundAsync(Search(CdrRoles.Clerk, "clerk-1"), "câble régulation"));
        Assert.Empty(await FoundAsync(Desk, "lecteur inconnu"));
    }

    [Fact]
    public async Task Nobody_finds_what_they_do_not_see_or_may_not_read()
    {
        var mine = await Referent.OpenAsync(Technical(send: true) with { Title = "Imprimante" }, Cancel);
        var draft = await Clerk.OpenAsync(Technical() with { Title = "Imprimante en attente" }, Cancel);
        var foreign = await Api(CdrRoles.Referent, "referent-9", Elsewhere).OpenAsync(Technical(send: true) with { Title = "Imprimante ailleurs" }, Cancel);
        await MoveAsync(Hotline, mine, TicketAction.Note, "Zanzibar");
        await IndexedAsync(mine, 2);
        await IndexedAsync(draft, 1);
        await IndexedAsync(foreign, 1);

        Assert.Equal(new[] { draft.Id, mine.Id }.Order(), (await FoundAsync(Search(CdrRoles.Clerk, "clerk-1"), "imprimante")).Order());
        Assert.Equal(new[] { foreign.Id, mine.Id }.Order(), (await FoundAsync(Desk, "imprimante")).Order());
        Assert.Empty(await FoundAsync(Search(CdrRoles.RegimeAgent, "agent-1"), "imprimante"));
        // The hotline's own notes are read by it and found by nobody.
        Assert.Empty(await FoundAsync(Desk, "zanzibar"));
        Assert.Empty(await FoundAsync(Search(CdrRoles.Clerk, "clerk-1"), "zanzibar"));
    }

    [Fact]
    public async Task A_regime_finds_what_was_transferred_to_it()
    {
        var ticket = await ReadyToTransferAsync();
        await IndexedAsync(ticket, 1);
        Assert.Empty(await FoundAsync(Search(CdrRoles.RegimeAgent, "agent-1"), "droits fermés"));
        await MoveAsync(Hotline, ticket, TicketAction.Transfer);
        Assert.Equal([ticket.Id], await FoundAsync(Search(CdrRoles.RegimeAgent, "agent-1"), "droits fermés"));
    }

    [Theory]
    [InlineData("2 84 05 75 112 901 54", "words-none")]
    [InlineData("12/05/1984", "words-none")]
    [InlineData("le a", "words-none")]
    [InlineData("alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo", "words-too-many")]
    public async Task What_cannot_be_looked_for_is_refused_without_repeating_it(string words, string code)
    {
        var refused = await Assert.ThrowsAnyAsync<ApiException>(() => Desk.SearchAsync(new TicketWordSearch(words), Cancel));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(code, refused.Content, StringComparison.Ordinal);
        Assert.DoesNotContain(words, refused.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tickets_of_before_are_indexed_by_a_walk_and_those_of_another_key_again()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true) with { Title = "Cryptolib absente" }, Cancel);
        await IndexedAsync(ticket, 1);
        // The program's own walk at its start may not be over.
        await ByHandAsync(Walk);
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
        {
            await db.SearchTokens.ExecuteDeleteAsync(Cancel);
            await db.SearchMarks.ExecuteDeleteAsync(Cancel);
        }

        Assert.Empty(await FoundAsync(Desk, "cryptolib"));
        await Walk.RunOnceAsync(Cancel);
        Assert.Equal([ticket.Id], await FoundAsync(Desk, "cryptolib"));

        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
        {
            await db.SearchTokens.ExecuteDeleteAsync(Cancel);
            await db.SearchMarks.ExecuteUpdateAsync(set => set.SetProperty(row => row.Key, 99), Cancel);
        }

        await Walk.RunOnceAsync(Cancel);
        Assert.Equal([ticket.Id], await FoundAsync(Desk, "cryptolib"));
    }

    [Fact]
    public async Task A_number_that_two_words_share_finds_the_word_alone()
    {
        var index = Host.Services.GetRequiredService<SearchIndex>();
        var ticket = await Referent.OpenAsync(Technical(send: true) with { Title = "Imprimante" }, Cancel);
        await IndexedAsync(ticket, 1);
        // As if « xylophone » had the same number.
        await using (var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel))
        {
            db.SearchTokens.Add(new SearchTokenRow { Ticket = ticket.Id, Token = index.Numbers("xylophon")[0] });
            await db.SaveChangesAsync(Cancel);
        }

        Assert.Empty(await FoundAsync(Desk, "xylophone"));
    }

    private protected ITicketSearchApi Desk => Search(CdrRoles.Hotline, "hotline-1");

    private protected ITicketSearchApi Search(string role, string subject) => RestService.ForGenerated<ITicketSearchApi>(Host.ClientOf(Token(role, subject, regime: "test-regime")), new RefitSettings());

    private protected static async Task<IReadOnlyList<Guid>> FoundAsync(ITicketSearchApi who, string words) => [.. (await who.SearchAsync(new TicketWordSearch(words), Cancel)).Tickets.Select(line => line.Id)];

    private protected Task IndexedAsync(Ticket ticket, int version) => Deadline.UntilAsync("it is indexed", TimeSpan.FromSeconds(60), async () =>
    {
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        return await db.SearchMarks.AnyAsync(row => row.Ticket == ticket.Id && row.Entry >= version, Cancel);
    }, Cancel);

    private IndexBehind Walk => Host.Services.GetServices<IHostedService>().OfType<IndexBehind>().Single();
}
