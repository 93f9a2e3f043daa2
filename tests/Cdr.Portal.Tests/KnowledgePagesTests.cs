using Bunit;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Portal.Identity;
using Cdr.Portal.Knowledge;
using Cdr.Portal.Tests.Fakes;
using Cdr.Portal.Tickets;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Cdr.Portal.Tests;

public sealed class KnowledgePagesTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("<script>alert(1)</script>", "<script")]
    [InlineData("avant <img src=x onerror=alert(1)> après", "<img")]
    [InlineData("![une image](https://ailleurs.example/x.png)", "<img")]
    [InlineData("[x](javascript:alert(1))", "href")]
    [InlineData("[x](JaVaScRiPt&#58;alert(1))", "href")]
    [InlineData("[x](data:text/html;base64,PHNjcmlwdD4=)", "href")]
    [InlineData("[x](//ailleurs.example)", "href")]
    [InlineData("[x](/\\ailleurs.example)", "href")]
    [InlineData("[x](</&#9;/ailleurs.example>)", "href")]
    [InlineData("[x](vbscript:a \"onmouseover=alert(1)\")", "href")]
    [InlineData("<javascript:alert(1)>", "href")]
    [InlineData("<jeanne@hopital.example>", "href")]
    [InlineData("[x][y]\n\n[y]: file:///etc/passwd", "href")]
    public void What_a_text_could_do_is_shown_as_text(string markdown, string never)
    {
        var shown = Render<ArticleView>(parameters => parameters.Add(view => view.Markdown, markdown));
        Assert.DoesNotContain(never, shown.Markup, StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(shown.Find(".article").TextContent.Trim());
    }

    [Fact]
    public void What_is_allowed_is_there_and_its_headings_stand_under_the_pages_own()
    {
        var shown = Render<ArticleView>(parameters => parameters.Add(view => view.Markdown, "# Un\n\n### Trois\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n[ici](/regimes) [là](https://ailleurs.example/a?b=1) **fort**"));
        Assert.Equal(["/regimes", "https://ailleurs.example/a?b=1"], shown.FindAll("a").Select(link => link.GetAttribute("href")));
        Assert.Equal([null, "noopener noreferrer"], shown.FindAll("a").Select(link => link.GetAttribute("rel")));
        Assert.Equal(["Un", "fort", "2"], new[] { shown.Find("h2").TextContent, shown.Find("strong").TextContent, shown.FindAll("td")[1].TextContent });
        Assert.Empty(shown.FindAll("h1"));
        // Deeper than anybody writes: not a broken page.
        Assert.NotEmpty(Render<ArticleView>(parameters => parameters.Add(view => view.Markdown, new string('>', 5000) + " x")).Markup);
    }

    [Fact]
    public async Task Articles_are_listed_by_topic_and_found_without_their_words_in_an_address()
    {
        Known(CdrRoles.Clerk);
        var page = Render<KnowledgePage>();
        Assert.Contains("Le lecteur ne répond pas", page.WaitForElement($"[data-testid=article-{FakeKnowledge.Id}]", Patience).TextContent, StringComparison.Ordinal);
        Assert.Equal("Lecteur", page.Find("h2").TextContent);
        Assert.Empty(page.FindAll("[data-testid=article-line-facts], [data-testid=new-article]"));

        await page.Find("[data-testid=article-words]").InputAsync(new() { Value = "lecteur DUPONT" });
        await page.Find("form").SubmitAsync();
        page.WaitForElement("[data-testid=articles-found]", Patience);
        Assert.Equal("lecteur DUPONT", Assert.Single(Platform.Knowledge.Searches).Words);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("DUPONT", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("DUPONT", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Nothing_found_says_what_to_do_next()
    {
        Platform.Knowledge.IsEmpty = true;
        Known(CdrRoles.Clerk);
        var page = Render<KnowledgePage>();
        page.WaitForElement("[data-testid=articles-empty]", Patience);
        await page.Find("[data-testid=article-words]").InputAsync(new() { Value = "rien" });
        await page.Find("form").SubmitAsync();
        Assert.Equal("/demandes/nouvelle", page.WaitForElement("[data-testid=article-ask]", Patience).GetAttribute("href"));
    }

    [Fact]
    public async Task A_reader_says_whether_it_helped_and_may_change_their_mind()
    {
        Known(CdrRoles.Clerk);
        var page = Render<ArticlePage>(parameters => parameters.Add(one => one.Id, FakeKnowledge.Id));
        await page.WaitForElement("[data-testid=vote-no]", Patience).ClickAsync(new());
        Assert.Contains("hotline", page.WaitForElement("[data-testid=voted]", Patience).TextContent, StringComparison.Ordinal);
        await page.Find("[data-testid=vote-yes]").ClickAsync(new());
        page.WaitForAssertion(() => Assert.Equal("true", page.Find("[data-testid=vote-yes]").GetAttribute("aria-pressed")), Patience);

        Assert.Equal([new ArticleVote(1, false), new ArticleVote(1, true)], Platform.Knowledge.Votes);
        Assert.Empty(page.FindAll("[data-testid=article-desk]"));
    }

    [Fact]
    public void One_that_is_not_there_says_so()
    {
        Known(CdrRoles.Clerk);
        var page = Render<ArticlePage>(parameters => parameters.Add(one => one.Id, Guid.Parse("01930000-0000-7000-8000-0000000000af")));
        Assert.Equal("article-not-found", page.WaitForElement("[data-testid=trouble]", Patience).GetAttribute("data-code"));
        // No sign-in's refusal: nothing here sends to the hotline with it.
        Assert.Empty(page.FindAll("[data-testid=hotline-code]"));
    }

    [Fact]
    public async Task A_draft_is_published_only_once_it_was_read()
    {
        Platform.Knowledge.One = Platform.Knowledge.One with { State = ArticleState.Draft, OfTicket = true };
        Known(CdrRoles.Hotline);
        var page = Render<ArticlePage>(parameters => parameters.Add(one => one.Id, FakeKnowledge.Id));
        await page.WaitForElement("[data-testid=article-publish]", Patience).ClickAsync(new());
        page.WaitForElement("[data-testid=article-unread]", Patience);
        Assert.Empty(Platform.Knowledge.Published);

        await page.Find("[data-testid=article-read]").ChangeAsync(new() { Value = true });
        await page.Find("[data-testid=article-publish]").ClickAsync(new());
        page.WaitForElement("[data-testid=article][data-state=published]", Patience);
        Assert.Equal(new ArticlePublication(1, 1, true), Assert.Single(Platform.Knowledge.Published));
        // What is published is not offered again; its votes are said.
        page.WaitForElement("[data-testid=article-ratio]", Patience);
        Assert.Empty(page.FindAll("[data-testid=article-publish]"));
        Assert.Contains("3 sur 4", page.Find("[data-testid=article-ratio]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_earlier_version_is_read_and_published_anew()
    {
        Platform.Knowledge.Versions.Insert(0, new ArticleVersion(2, ArticleTopic.Reader, "Plus récent", "Texte.", Samples.Now, "hotline-1", null, new ArticleVotes(0, 0)));
        Platform.Knowledge.One = Platform.Knowledge.One with { Version = 2, Latest = 2 };
        Known(CdrRoles.Hotline);
        var page = Render<ArticlePage>(parameters => parameters.Add(one => one.Id, FakeKnowledge.Id));
        await page.WaitForElement("select[data-testid=article-version]", Patience).ChangeAsync(new() { Value = "1" });
        Assert.Contains("Rebranchez-le", page.Find("[data-testid=article-desk] [data-testid=article-text]").TextContent, StringComparison.Ordinal);
        await page.Find("[data-testid=article-read]").ChangeAsync(new() { Value = true });
        await page.Find("[data-testid=article-publish]").ClickAsync(new());
        Assert.Equal(new ArticlePublication(1, 2, true), Assert.Single(Platform.Knowledge.Published));
    }

    [Fact]
    public async Task An_edit_is_seen_before_it_is_saved_and_a_refusal_keeps_what_was_typed()
    {
        Platform.Knowledge.Refuses = true;
        Known(CdrRoles.Hotline);
        var page = Render<ArticleEditorPage>(parameters => parameters.Add(one => one.Id, FakeKnowledge.Id));
        await page.WaitForElement("[data-testid=article-markdown]", Patience).ChangeAsync(new() { Value = "Un **autre** texte." });
        Assert.Equal("autre", page.Find("[data-testid=article-text] strong").TextContent);
        await page.Find("form").SubmitAsync();
        Assert.Equal("holds-nir", page.WaitForElement("[data-testid=trouble]", Patience).GetAttribute("data-code"));
        Assert.Equal("Un **autre** texte.", page.Find("[data-testid=article-markdown]").GetAttribute("value"));

        Platform.Knowledge.Refuses = false;
        await page.Find("form").SubmitAsync();
        Assert.Equal([1, 1], Platform.Knowledge.Written.Select(text => text.Latest));
        Assert.EndsWith($"/connaissances/{FakeKnowledge.Id}", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_not_of_the_hotline_writes_nothing()
    {
        Known(CdrRoles.Referent);
        Render<ArticleEditorPage>().WaitForElement("[data-testid=article-not-yours]", Patience);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/knowledge", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Before_a_ticket_is_sent_articles_that_may_answer_it_are_offered()
    {
        Known(CdrRoles.Referent);
        var page = Render<NewTicketPage>();
        await page.WaitForElement("[data-testid=new-title]", Patience).ChangeAsync(new() { Value = "Lecteur muet de DUPONT" });
        page.WaitForElement($"[data-testid=suggestion-{FakeKnowledge.Id}]", Patience);
        Assert.Equal("Lecteur muet de DUPONT", Platform.Knowledge.Hints[^1].Title);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("DUPONT", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(Platform.Support.Opened);
    }

    [Fact]
    public async Task A_solved_ticket_becomes_a_draft_in_one_step_for_the_hotline_alone()
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.Solved);
        Known(CdrRoles.Hotline);
        var page = Render<OneTicketPage>(parameters => parameters.Add(one => one.Id, FakeSupport.Id));
        await page.WaitForElement("[data-testid=make-article]", Patience).ClickAsync(new());
        Assert.Equal(FakeSupport.Id, Assert.Single(Platform.Knowledge.Drafted).Ticket);
        Assert.EndsWith($"/connaissances/{FakeKnowledge.Id}/modifier", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    private void Known(string role) => Services.AddSingleton<AuthenticationStateProvider>(new KnownAs(SignedIn.Principal(Grant(role))));

    private sealed class KnownAs(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
