using Cdr.Support.Store;
using System.Net;
using System.Text.Json;
using System.Threading.RateLimiting;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Knowledge;
using Cdr.Support.Tests.Features;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace Cdr.Support.Tests.Knowledge;

public sealed class KnowledgeTests : HostTests
{
    private IKnowledgeApi Writer => Knowing(CdrRoles.Hotline, "hotline-1");

    private IKnowledgeApi Reader => Knowing(CdrRoles.Clerk, "clerk-1");

    [Fact]
    public async Task Who_has_no_session_never_takes_all_that_tickets_need()
    {
        await ImportedAsync();
        var articles = Host.Services.GetRequiredService<PublicArticles>();
        var open = RestService.ForGenerated<IPublicKnowledgeApi>(Host.ClientOf(null), new RefitSettings());
        var id = (await open.ListAsync(Cancel))[0].Id;
        var reading = new List<RateLimitLease>();
        for (var n = 0; n < PublicArticles.AtOnce; n++)
            reading.Add(await articles.TurnAsync(Cancel));
        var waiting = Enumerable.Range(0, PublicArticles.Waiting).Select(_ => articles.TurnAsync(Cancel).AsTask()).ToList();
        Assert.All(waiting, one => Assert.False(one.IsCompleted));

        var refused = await Assert.ThrowsAnyAsync<ApiException>(() => open.ReadAsync(id, Cancel));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("too-many-readers", refused.Content, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(5), refused.Headers.RetryAfter?.Delta);
        // Whoever is known reads on.
        Assert.NotEmpty((await Reader.ReadAsync(id, Cancel)).Markdown);

        reading.ForEach(one => one.Dispose());
        foreach (var one in waiting)
            (await one).Dispose();
        // Each reader gives back what was taken.
        for (var n = 0; n <= PublicArticles.AtOnce; n++)
            Assert.NotEmpty((await open.ReadAsync(id, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel)).Markdown);
    }

    [Fact]
    public async Task A_silent_store_is_asked_for_the_list_once_in_five_seconds_however_many_ask()
    {
        await ImportedAsync();
        var store = new SometimesSilent(Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>()) { IsSilent = true };
        using var articles = new PublicArticles(store, Clock);

        for (var n = 0; n < 20; n++)
            await Assert.ThrowsAnyAsync<TimeoutException>(() => articles.ListAsync(Cancel));
        Assert.Equal(1, store.Asked);
        Clock.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAnyAsync<TimeoutException>(() => articles.ListAsync(Cancel));
        Assert.Equal(2, store.Asked);

        store.IsSilent = false;
        await Assert.ThrowsAnyAsync<TimeoutException>(() => articles.ListAsync(Cancel));
        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.NotEmpty(await articles.ListAsync(Cancel));
    }

    [Fact]
    public async Task What_came_with_the_service_is_there_once_for_each_topic_and_names_nobody()
    {
        await ImportedAsync();
        // A second start finds them.
        using (var again = new ShippedArticles(Host.Services.GetRequiredService<ArticleWriting>(), Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<ShippedArticles>.Instance))
        {
            await again.StartAsync(Cancel);
            await again.ExecuteTask!;
        }

        var listed = await Reader.ListAsync(Cancel);
        Assert.Equal(ShippedArticles.All.Count, listed.Count);
        Assert.Equal(Enum.GetValues<ArticleTopic>(), listed.Select(line => line.Topic).Distinct());
        Assert.All(ShippedArticles.All.Values, text => Assert.Null(ArticleWriting.Refuse(text)));
        Assert.All(listed, line => Assert.True(line is { Votes: null, State: ArticleState.Published }));
        Assert.Equal(listed.Count, listed.Select(line => line.Title).Distinct().Count());
        Assert.Contains("AME", (await Reader.ReadAsync(listed.First(line => line.Title.Contains("(AME)", StringComparison.Ordinal)).Id, Cancel)).Markdown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_cannot_sign_in_reads_what_is_published_and_nothing_else()
    {
        await ImportedAsync();
        var draft = await Writer.WriteAsync(Text("Xylophone en panne"), Cancel);
        var withdrawn = await Writer.WriteAsync(Text("Clavecin en panne"), Cancel);
        await Writer.PublishAsync(withdrawn.Id, new ArticlePublication(1, 1, true), Cancel);
        await Writer.WithdrawAsync(withdrawn.Id, Cancel);
        var changed = await Writer.WriteAsync(Text("Épinette en panne"), Cancel);
        await Writer.PublishAsync(changed.Id, new ArticlePublication(1, 1, true), Cancel);
        await Writer.EditAsync(changed.Id, Text("Épinette réparée") with { Latest = 1 }, Cancel);
        foreach (var token in new[] { null, Token(CdrRoles.Hotline, "hotline-1"), Token(CdrRoles.Clerk, kind: SubjectKinds.Service) })
        {
            var open = RestService.ForGenerated<IPublicKnowledgeApi>(Host.ClientOf(token), new RefitSettings());
            var listed = await open.ListAsync(Cancel);
            Assert.Equal((await Reader.ListAsync(Cancel)).Select(line => line.Id), listed.Select(line => line.Id));
            Assert.All(listed, line => Assert.Null(line.Votes));
            var one = await open.ReadAsync(listed[0].Id, Cancel);
            Assert.Equal((listed[0].Title, (bool?)null), (one.Title, one.Helped));
            Assert.NotEmpty(one.Markdown);
            Assert.Contains(listed, line => line.Title == "Épinette en panne");
            var old = await open.ReadAsync(changed.Id, Cancel);
            Assert.Equal(("Épinette en panne", 1, 1), (old.Title, old.Version, old.Latest));
            foreach (var hidden in new[] { draft.Id, withdrawn.Id })
                Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAnyAsync<ApiException>(() => open.ReadAsync(hidden, Cancel))).StatusCode);
        }
    }

    [Theory]
    [InlineData("carte bloquée", "bloqué")]
    [InlineData("LECTEURS", "lecteur")]
    [InlineData("medecin traitant papier", "médecin traitant")]
    [InlineData("c2s", "C2S")]
    [InlineData("l’attestation diffère, où signaler ?", "attestation")]
    public async Task Words_are_found_without_their_accents_and_in_another_form(string words, string title)
    {
        await ImportedAsync();
        var found = await Reader.SearchAsync(new ArticleSearch(words), Cancel);
        Assert.Contains(title, found[0].Title, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("zzyzx")]
    [InlineData("de la le")]
    [InlineData("carte zzyzx")]
    [InlineData("& | ! ( : * '")]
    public async Task What_is_in_no_article_finds_none(string words)
    {
        await ImportedAsync();
        Assert.Empty(await Reader.SearchAsync(new ArticleSearch(words), Cancel));
    }

    [Fact]
    public async Task A_draft_and_what_was_withdrawn_are_the_hotlines_alone_and_found_by_nobody()
    {
        await ImportedAsync();
        var draft = await Writer.WriteAsync(Text("Xylophone en panne"), Cancel);
        Assert.Equal((ArticleState.Draft, 1, 1), (draft.State, draft.Version, draft.Latest));
        await UnknownAsync(() => Reader.ReadAsync(draft.Id, Cancel));
        Assert.Empty(await Writer.SearchAsync(new ArticleSearch("xylophone"), Cancel));
        Assert.Contains(await Writer.ListAsync(Cancel), line => line.Id == draft.Id);
        Assert.DoesNotContain(await Reader.ListAsync(Cancel), line => line.Id == draft.Id);

        await Writer.PublishAsync(draft.Id, new ArticlePublication(1, 1, true), Cancel);
        Assert.Equal(draft.Id, Assert.Single(await Reader.SearchAsync(new ArticleSearch("xylophones"), Cancel)).Id);
        await Writer.WithdrawAsync(draft.Id, Cancel);
        await UnknownAsync(() => Reader.ReadAsync(draft.Id, Cancel));
        using var vote = await Reader.VoteAsync(draft.Id, new ArticleVote(1, true), Cancel);
        Assert.Equal(HttpStatusCode.NotFound, vote.StatusCode);
        Assert.Empty(await Reader.SearchAsync(new ArticleSearch("xylophone"), Cancel));
        Assert.Equal([ArticleAction.Withdrawn, ArticleAction.Published, ArticleAction.Written], (await Writer.HistoryAsync(draft.Id, Cancel)).Acts.Select(act => act.Action));
    }

    [Fact]
    public async Task Each_edit_is_a_version_and_an_earlier_one_is_published_anew()
    {
        var article = await PublishedAsync("Premier texte.");
        var edited = await Writer.EditAsync(article.Id, Text("Un titre", "Second texte.") with { Latest = 1 }, Cancel);
        Assert.Equal((1, 2, "Premier texte."), (edited.Version, edited.Latest, edited.Markdown));
        Assert.Equal("Premier texte.", (await Reader.ReadAsync(article.Id, Cancel)).Markdown);
        Assert.Equal(1, (await Reader.ReadAsync(article.Id, Cancel)).Latest);

        // Two at one article: the second is told.
        Assert.Equal("article-changed", await RefusedAsync(() => Writer.EditAsync(article.Id, Text("Un titre", "Troisième.") with { Latest = 1 }, Cancel), HttpStatusCode.Conflict));
        Assert.Equal("article-changed", await RefusedAsync(() => Writer.PublishAsync(article.Id, new ArticlePublication(1, 1, true), Cancel), HttpStatusCode.Conflict));
        await Writer.PublishAsync(article.Id, new ArticlePublication(2, 2, true), Cancel);
        Assert.Equal("Second texte.", (await Reader.ReadAsync(article.Id, Cancel)).Markdown);

        var restored = await Knowing(CdrRoles.Hotline, "hotline-2").PublishAsync(article.Id, new ArticlePublication(1, 2, true), Cancel);
        Assert.Equal((3, 3, "Premier texte."), (restored.Version, restored.Latest, restored.Markdown));
        var history = await Writer.HistoryAsync(article.Id, Cancel);
        Assert.Equal([(3, "hotline-2", 1), (2, "hotline-1", null), (1, "hotline-1", (int?)null)], history.Versions.Select(one => (one.Number, one.By, one.Restores)));
        Assert.Equal(["Premier texte.", "Second texte.", "Premier texte."], history.Versions.Select(one => one.Markdown));
    }

    [Fact]
    public async Task Nothing_is_published_that_was_not_read()
    {
        var draft = await Writer.WriteAsync(Text("Un titre"), Cancel);
        Assert.Equal("article-unread", await RefusedAsync(() => Writer.PublishAsync(draft.Id, new ArticlePublication(1, 1, false), Cancel), HttpStatusCode.BadRequest));
        await UnknownAsync(() => Reader.ReadAsync(draft.Id, Cancel));
    }

    [Theory]
    [InlineData("Un titre", "Première ligne.\nLe 2 84 05 75 112 901 54.", "markdown", "holds-nir", "Ligne 2")]
    [InlineData("Un titre", "Le 284057511290154 a été refusé.", "markdown", "holds-nir", "Ligne 1")]
    [InlineData("Un titre", "Le 1-85-03-2A-123-456 de Corse", "markdown", "holds-nir", "Ligne 1")]
    [InlineData("Le 2840575112901", "Un texte.", "title", "holds-nir", "Ligne 1")]
    [InlineData("Un titre", "Écrire à jeanne.durand@hopital.example.", "markdown", "holds-email", "Ligne 1")]
    [InlineData("", "Un texte.", "title", "title-invalid", "")]
    [InlineData("Un titre", "  ", "markdown", "markdown-invalid", "")]
    public async Task A_text_that_looks_as_if_it_named_somebody_is_refused_with_its_place(string title, string markdown, string field, string code, string where)
    {
        var refused = await Assert.ThrowsAnyAsync<ApiException>(() => Writer.WriteAsync(Text(title, markdown), Cancel));
        var problem = JsonDocument.Parse(refused.Content!).RootElement;
        Assert.Equal((HttpStatusCode.BadRequest, field, code), (refused.StatusCode, problem.GetProperty("field").GetString(), problem.GetProperty("code").GetString()));
        Assert.Contains(where, problem.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("durand", refused.Content, StringComparison.Ordinal);
        Assert.DoesNotMatch("75 ?112|12-?3-?456", refused.Content);
    }

    [Theory]
    [InlineData("Appelez le 0 825 852 000, à toute heure.")]
    [InlineData("Écrivez à support@exemple.fr avec le numéro 123 456 782.")]
    [InlineData("SIRET 180 036 055 00017, version 5.0.42 du 2018-01-26, FINESS 750712184.")]
    public async Task What_names_nobody_is_kept(string markdown) =>
        Assert.Equal(markdown, (await Writer.WriteAsync(Text("Un titre", markdown), Cancel)).Markdown);

    [Fact]
    public async Task A_vote_is_one_a_person_and_version_may_change_and_is_shown_to_the_hotline_alone()
    {
        var article = await PublishedAsync("Texte.");
        foreach (var (who, helped) in new[] { ("clerk-1", true), ("clerk-2", true), ("clerk-1", false), ("clerk-1", false) })
        {
            using var said = await Knowing(CdrRoles.Clerk, who).VoteAsync(article.Id, new ArticleVote(1, helped), Cancel);
            Assert.Equal(HttpStatusCode.NoContent, said.StatusCode);
        }

        Assert.False((await Reader.ReadAsync(article.Id, Cancel)).Helped);
        Assert.Null((await Writer.ReadAsync(article.Id, Cancel)).Helped);
        Assert.Equal(new ArticleVotes(1, 1), (await Writer.ListAsync(Cancel)).Single(line => line.Id == article.Id).Votes);

        await Writer.EditAsync(article.Id, Text("Un titre", "Mieux.") with { Latest = 1 }, Cancel);
        await Writer.PublishAsync(article.Id, new ArticlePublication(2, 2, true), Cancel);
        using var late = await Reader.VoteAsync(article.Id, new ArticleVote(1, true), Cancel);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Null((await Reader.ReadAsync(article.Id, Cancel)).Helped);
        Assert.Equal(new ArticleVotes(0, 0), (await Writer.ListAsync(Cancel)).Single(line => line.Id == article.Id).Votes);
    }

    [Fact]
    public async Task A_ticket_is_offered_what_may_answer_it_before_it_is_sent()
    {
        await ImportedAsync();
        var technical = await Reader.SuggestAsync(new ArticleHint { Kind = TicketKind.Technical, Title = "Le lecteur ne répond plus", Text = "Depuis ce matin, carte non vue." }, Cancel);
        Assert.Contains("lecteur", technical[0].Title, StringComparison.Ordinal);
        Assert.InRange(technical.Count, 1, 3);
        var inconsistent = await Reader.SuggestAsync(new ArticleHint { Kind = TicketKind.DataInconsistency, Text = "La C2S n'est pas sur la carte" }, Cancel);
        Assert.Contains("C2S", inconsistent[0].Title, StringComparison.Ordinal);
        Assert.Empty(await Reader.SuggestAsync(new ArticleHint { Kind = TicketKind.Technical, Title = "", Text = null }, Cancel));
    }

    [Fact]
    public async Task A_solved_ticket_becomes_a_draft_of_what_was_replied_and_of_nothing_else()
    {
        var ticket = await Referent.OpenAsync(Technical(send: true) with { Title = "TITREDUCLERC", Text = "MOTSDUCLERC" }, Cancel);
        Assert.Equal("ticket-not-solved", await RefusedAsync(() => Writer.DraftAsync(new ArticleOfTicket(ticket.Id), Cancel), HttpStatusCode.Conflict));
        await MoveAsync(Hotline, ticket, TicketAction.Take);
        await MoveAsync(Hotline, ticket, TicketAction.Note, "NOTEINTERNE");
        await MoveAsync(Referent, ticket, TicketAction.Reply, "ENCOREDUCLERC");
        await MoveAsync(Hotline, ticket, TicketAction.Reply, "Passez le lecteur en PC/SC.\nPour jeanne.durand@hopital.example.");
        await MoveAsync(Hotline, ticket, TicketAction.Solve);

        var draft = await Writer.DraftAsync(new ArticleOfTicket(ticket.Id), Cancel);
        Assert.True(draft is { State: ArticleState.Draft, OfTicket: true, Topic: ArticleTopic.Prerequisites });
        Assert.Contains("Passez le lecteur en PC/SC.\n[…]", draft.Markdown, StringComparison.Ordinal);
        Assert.DoesNotMatch("TITREDUCLERC|MOTSDUCLERC|NOTEINTERNE|ENCOREDUCLERC|durand", draft.Title + draft.Markdown);
        Assert.Equal(draft.Id, (await Writer.DraftAsync(new ArticleOfTicket(ticket.Id), Cancel)).Id);
        Assert.Equal("ticket-not-found", await RefusedAsync(() => Writer.DraftAsync(new ArticleOfTicket(Guid.CreateVersion7(Clock.GetUtcNow())), Cancel), HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task The_store_lets_nobody_change_a_version_or_an_act()
    {
        var article = await PublishedAsync("Texte.");
        await using var scope = Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Cdr.Support.Store.SupportDb>();
        var version = await db.ArticleVersions.FirstAsync(row => row.Article == article.Id, Cancel);
        await Assert.ThrowsAnyAsync<Exception>(() => db.ArticleVersions.Where(row => row.Article == version.Article).ExecuteDeleteAsync(Cancel));
        await Assert.ThrowsAnyAsync<Exception>(() => db.ArticleActs.Where(row => row.Article == version.Article).ExecuteDeleteAsync(Cancel));
    }

    private IKnowledgeApi Knowing(string role, string subject) => RestService.ForGenerated<IKnowledgeApi>(Host.ClientOf(Token(role, subject)), new RefitSettings());

    private static ArticleText Text(string title, string markdown = "Un texte.") => new() { Topic = ArticleTopic.Reader, Title = title, Markdown = markdown };

    private async Task<Article> PublishedAsync(string markdown)
    {
        var draft = await Writer.WriteAsync(Text("Un titre", markdown), Cancel);
        return await Writer.PublishAsync(draft.Id, new ArticlePublication(1, 1, true), Cancel);
    }

    private Task ImportedAsync() => Deadline.UntilAsync("the first articles are there", TimeSpan.FromSeconds(60), async () =>
    {
        Clock.Advance(TimeSpan.FromSeconds(5));
        return (await Reader.ListAsync(Cancel)).Count >= ShippedArticles.All.Count;
    }, Cancel);

    private static async Task UnknownAsync(Func<Task> call) => Assert.Equal("article-not-found", await RefusedAsync(call, HttpStatusCode.NotFound));

    private sealed class SometimesSilent(IDbContextFactory<SupportDb> store) : IDbContextFactory<SupportDb>
    {
        public bool IsSilent { get; set; }

        public int Asked { get; private set; }

        public SupportDb CreateDbContext()
        {
            Asked++;
            return IsSilent ? throw new TimeoutException() : store.CreateDbContext();
        }
    }
}
