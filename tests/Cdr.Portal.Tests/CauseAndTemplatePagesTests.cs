using System.Net;
using Bunit;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Portal.Identity;
using Cdr.Portal.Resources;
using Cdr.Portal.Tests.Fakes;
using Cdr.Portal.Tickets;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Localization;
using TestContext = Xunit.TestContext;

namespace Cdr.Portal.Tests;

/// <summary>What a ticket came of, texts that are written often, and a list as a file.</summary>
public sealed class CauseAndTemplatePagesTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TicketTemplate Reply = new()
    {
        Id = Guid.Parse("01930000-0000-7000-8000-0000000000e1"), Use = TemplateUse.Reply, Kind = TicketKind.DataInconsistency, Topic = ArticleTopic.Card, Title = "Carte à mettre à jour", Text = "Mettez d’abord la carte à jour.", UpdatedAt = Samples.Now, Version = 1,
    };

    [Fact]
    public async Task A_ticket_is_not_held_for_solved_without_its_cause()
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.InProgress, TicketAction.Solve);
        var page = Opened(CdrRoles.Hotline);
        await page.WaitForElement("[data-testid=move-solve]", Patience).ClickAsync(new());
        var options = page.WaitForElements("[data-testid=move-cause] option", Patience).Select(one => one.GetAttribute("value"));
        // Of its kind, and of today.
        Assert.Equal(["", "file-wrong"], options);
        await page.Find("[data-testid=move-form]").SubmitAsync();
        Assert.StartsWith("Dites la cause", page.Find("[data-testid=move-error]").TextContent, StringComparison.Ordinal);
        Assert.Empty(Platform.Support.Moves);

        await page.Find("[data-testid=move-cause]").ChangeAsync(new() { Value = "file-wrong" });
        await page.Find("[data-testid=move-form]").SubmitAsync();
        page.WaitForAssertion(() => Assert.Equal((TicketAction.Solve, "file-wrong"), Platform.Support.Moves.Select(move => (move.Action, move.Cause)).Single()), Patience);
    }

    [Fact]
    public async Task Causes_that_are_not_given_are_asked_for_again()
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.InProgress, TicketAction.Solve);
        Platform.Support.CausesRefused = 1;
        var page = Opened(CdrRoles.Hotline);
        await page.WaitForElement("[data-testid=move-solve]", Patience).ClickAsync(new());
        await page.WaitForElement("[data-testid=move-form] [data-testid=retry]", Patience).ClickAsync(new());
        page.WaitForElement("[data-testid=move-cause]", Patience);
    }

    [Fact]
    public async Task A_template_is_added_to_what_is_written_and_offered_by_kind_to_the_hotline_alone()
    {
        Platform.Support.Templates.AddRange([Reply, Reply with { Id = Guid.CreateVersion7(Samples.Now), Title = "D’une autre nature", Kind = TicketKind.Technical }, Reply with { Id = Guid.CreateVersion7(Samples.Now), Title = "Retiré", Withdrawn = true }]);
        Platform.Support.One = FakeSupport.Sample(TicketState.InProgress, TicketAction.Reply);
        var page = Opened(CdrRoles.Hotline);
        await page.WaitForElement("[data-testid=move-reply]", Patience).ClickAsync(new());
        Assert.Equal(["", Reply.Id.ToString()], page.WaitForElements("[data-testid=move-template] option", Patience).Select(one => one.GetAttribute("value")));
        await page.Find("[data-testid=move-text]").ChangeAsync(new() { Value = "Bonjour." });
        await page.Find("[data-testid=move-template]").ChangeAsync(new() { Value = Reply.Id.ToString() });
        await page.Find("[data-testid=move-form]").SubmitAsync();
        page.WaitForAssertion(() => Assert.Equal("Bonjour.\n\nMettez d’abord la carte à jour.", Assert.Single(Platform.Support.Moves).Text), Patience);
    }

    [Fact]
    public async Task Nobody_else_is_offered_the_hotlines_templates()
    {
        Platform.Support.Templates.Add(Reply);
        Platform.Support.One = FakeSupport.Sample(TicketState.InProgress, TicketAction.Reply);
        var page = Opened(CdrRoles.Clerk);
        await page.WaitForElement("[data-testid=move-reply]", Patience).ClickAsync(new());
        Assert.Empty(page.FindAll("[data-testid=move-template]"));
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/support/templates", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_ticket_for_who_calls_is_prefilled()
    {
        Platform.Support.Templates.Add(Reply with { Use = TemplateUse.Ticket, Kind = TicketKind.Technical, Title = "Lecteur muet", Text = "Depuis quand ?" });
        Known(CdrRoles.Hotline);
        var page = Render<NewTicketPage>();
        await page.WaitForElement("[data-testid=new-template]", Patience).ChangeAsync(new() { Value = Reply.Id.ToString() });
        page.WaitForAssertion(() => Assert.Equal("Lecteur muet", page.Find("[data-testid=new-title]").GetAttribute("value")), Patience);
        await page.Find("[data-testid=ticket-form]").SubmitAsync();
        page.WaitForAssertion(() => Assert.Equal(("Lecteur muet", "Depuis quand ?"), Platform.Support.Opened.Select(one => (one.Title, one.Text)).Single()), Patience);
    }

    [Fact]
    public async Task Templates_are_written_changed_and_withdrawn()
    {
        Known(CdrRoles.Hotline);
        var page = Render<TemplatesPage>();
        page.WaitForElement("[data-testid=templates-empty]", Patience);
        await page.Find("[data-testid=template-editor] form").SubmitAsync();
        Assert.Equal("Donnez un titre et un texte.", page.Find("[data-testid=template-error]").TextContent);
        Assert.Empty(Platform.Support.Kept);

        await page.Find("[data-testid=template-title]").ChangeAsync(new() { Value = "Lecteur muet" });
        await page.Find("[data-testid=template-text]").ChangeAsync(new() { Value = "Rebranchez-le." });
        await page.Find("[data-testid=template-editor] form").SubmitAsync();
        page.WaitForElement("[data-testid=template-kept]", Patience);
        var id = Assert.Single(Platform.Support.Templates).Id;
        await page.WaitForElement($"[data-testid=change-{id}]", Patience).ClickAsync(new());
        Assert.Equal("Lecteur muet", page.Find("[data-testid=template-title]").GetAttribute("value"));
        await page.Find($"[data-testid=turn-{id}]").ClickAsync(new());
        page.WaitForElement($"[data-testid=template-{id}][data-withdrawn=true]", Patience);
        Assert.Equal([("Lecteur muet", 0), ("Lecteur muet", 1)], Platform.Support.Kept);
    }

    [Fact]
    public async Task A_cause_is_ended_on_a_day_that_does_not_come_before_its_first()
    {
        Known(CdrRoles.Hotline);
        var page = Render<CausesPage>();
        await page.WaitForElement("[data-testid=change-network]", Patience).ClickAsync(new());
        await page.Find("#cause-to").InputAsync(new() { Value = "2019-12-31" });
        await page.Find("[data-testid=cause-editor] form").SubmitAsync();
        Assert.StartsWith("Les jours", page.Find("[data-testid=cause-error]").TextContent, StringComparison.Ordinal);
        Assert.Empty(Platform.Support.Kept);
        await page.Find("#cause-to").InputAsync(new() { Value = "2026-12-31" });
        await page.Find("[data-testid=cause-editor] form").SubmitAsync();
        page.WaitForElement("[data-testid=cause-kept]", Patience);
        Assert.Equal([("network", 0)], Platform.Support.Kept);
        Assert.Equal(new DateOnly(2026, 12, 31), Platform.Support.Causes.Single(one => one.Code == "network").To);
    }

    [Fact]
    public async Task Tried_again_is_what_failed_and_not_what_is_half_written()
    {
        Platform.Support.Templates.Add(Reply);
        Platform.Support.KeepRefused.Enqueue(503);
        Known(CdrRoles.Hotline);
        var page = Render<TemplatesPage>();
        page.WaitForElement($"[data-testid=turn-{Reply.Id}]", Patience);
        await page.Find("[data-testid=template-title]").ChangeAsync(new() { Value = "À moitié" });
        await page.Find("[data-testid=template-text]").ChangeAsync(new() { Value = "Pas encore" });
        await page.Find($"[data-testid=turn-{Reply.Id}]").ClickAsync(new());
        await page.WaitForElement("[data-testid=retry]", Patience).ClickAsync(new());

        page.WaitForElement($"[data-testid=template-{Reply.Id}][data-withdrawn=true]", Patience);
        Assert.Equal([(Reply.Title, 1)], Platform.Support.Kept);
        Assert.Equal("À moitié", page.Find("[data-testid=template-title]").GetAttribute("value"));
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_read_again_and_what_is_typed_stays()
    {
        Platform.Support.Templates.Add(Reply);
        Platform.Support.KeepRefused.Enqueue(409);
        Known(CdrRoles.Hotline);
        var page = Render<TemplatesPage>();
        await page.WaitForElement($"[data-testid=change-{Reply.Id}]", Patience).ClickAsync(new());
        await page.Find("[data-testid=template-title]").ChangeAsync(new() { Value = "Le mien" });
        Platform.Support.Templates[0] = Reply with { Title = "Le leur", Version = 2 };
        await page.Find("[data-testid=template-editor] form").SubmitAsync();

        page.WaitForElement("[data-testid=trouble]", Patience);
        page.WaitForAssertion(() => Assert.Contains("Le leur", page.Find($"[data-testid=template-{Reply.Id}]").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal("Le mien", page.Find("[data-testid=template-title]").GetAttribute("value"));
        // Over theirs, of which one knows now.
        await page.Find("[data-testid=template-editor] form").SubmitAsync();
        page.WaitForElement("[data-testid=template-kept]", Patience);
        Assert.Equal([("Le mien", 2)], Platform.Support.Kept);
    }

    [Fact]
    public async Task What_somebody_else_made_of_another_one_is_not_written_over_unseen()
    {
        var other = Reply with { Id = Guid.Parse("01930000-0000-7000-8000-0000000000e2"), Title = "L’autre" };
        Platform.Support.Templates.AddRange([Reply, other]);
        Platform.Support.KeepRefused.Enqueue(409);
        Known(CdrRoles.Hotline);
        var page = Render<TemplatesPage>();
        await page.WaitForElement($"[data-testid=change-{Reply.Id}]", Patience).ClickAsync(new());
        await page.Find("[data-testid=template-title]").ChangeAsync(new() { Value = "Le mien" });
        (Platform.Support.Templates[0], Platform.Support.Templates[1]) = (Reply with { Title = "Le leur", Version = 2 }, other with { Version = 2 });
        await page.Find($"[data-testid=turn-{other.Id}]").ClickAsync(new());
        page.WaitForElement("[data-testid=trouble]", Patience);
        await page.Find("[data-testid=template-editor] form").SubmitAsync();
        page.WaitForElement("[data-testid=template-kept]", Patience);

        // Of the version that was seen: the service refuses it, as it does for whoever was slower.
        Assert.Equal([("Le mien", 1)], Platform.Support.Kept);
    }

    [Fact]
    public async Task Causes_that_were_not_given_to_their_page_are_asked_for_again_by_it()
    {
        Platform.Support.CausesRefused = 1;
        Known(CdrRoles.Hotline);
        var page = Render<CausesPage>();
        await page.WaitForElement("[data-testid=retry]", Patience).ClickAsync(new());
        page.WaitForElement("[data-testid=cause-network]", Patience);
        Assert.Empty(page.FindAll("[data-testid=cause-error], [data-testid=trouble]"));
    }

    [Fact]
    public async Task A_cause_that_somebody_else_changed_meanwhile_is_read_again_and_what_is_typed_stays()
    {
        Platform.Support.KeepRefused.Enqueue(409);
        Known(CdrRoles.Hotline);
        var page = Render<CausesPage>();
        await page.WaitForElement("[data-testid=change-network]", Patience).ClickAsync(new());
        await page.Find("#cause-label").InputAsync(new() { Value = "Le mien" });
        Platform.Support.Causes[1] = Platform.Support.Causes[1] with { Label = "Le leur", Version = 1 };
        await page.Find("[data-testid=cause-editor] form").SubmitAsync();

        page.WaitForAssertion(() => Assert.Contains("Le leur", page.Find("[data-testid=cause-network]").TextContent, StringComparison.Ordinal), Patience);
        await page.Find("[data-testid=cause-editor] form").SubmitAsync();
        page.WaitForElement("[data-testid=cause-kept]", Patience);
        Assert.Equal([("network", 1)], Platform.Support.Kept);
        Assert.Equal("Le mien", Platform.Support.Causes.Single(one => one.Code == "network").Label);
    }

    [Theory]
    [InlineData("284057511290154")]
    [InlineData("n284057511290154")]
    [InlineData("n-2-84-05-75-112-901")]
    public async Task A_number_that_was_pasted_for_a_code_is_in_no_address(string pasted)
    {
        Known(CdrRoles.Hotline);
        var page = Render<CausesPage>();
        page.WaitForElement("[data-testid=cause-network]", Patience);
        await page.Find("#cause-code").InputAsync(new() { Value = pasted });
        await page.Find("#cause-label").InputAsync(new() { Value = "Un libellé" });
        await page.Find("[data-testid=cause-editor] form").SubmitAsync();

        Assert.StartsWith("Le code a de 2 à 40", page.Find("[data-testid=cause-error]").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("PUT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(CdrRoles.Clerk)]
    [InlineData(CdrRoles.RegimeAgent)]
    public void What_the_hotline_keeps_is_nobody_elses(string role)
    {
        Known(role);
        Render<TemplatesPage>().WaitForElement("[data-testid=templates-not-yours]", Patience);
        Render<CausesPage>().WaitForElement("[data-testid=causes-not-yours]", Patience);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/support", StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_is_offered_as_a_file_by_its_queue_and_filters()
    {
        Known(CdrRoles.Hotline);
        Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().NavigateTo("/demandes?queue=late&team=niveau-2");
        var page = Render<TicketsPage>();
        Assert.Equal("/demandes/liste.csv?queue=late&team=niveau-2", page.WaitForElement("[data-testid=tickets-csv]", Patience).GetAttribute("href"));
    }

    [Fact]
    public async Task The_file_is_fetched_with_the_persons_token_as_its_queue_says_and_by_nobody_else()
    {
        var path = TicketListFile.Path + "?queue=solved&department=75&team=";
        using var stranger = Portal.Browser();
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Empty(Platform.Support.Exported);
        using var browser = await Portal.SignedInAsync();
        using var file = await browser.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "text/csv", "demandes.csv"), (file.StatusCode, file.Content.Headers.ContentType!.MediaType, file.Content.Headers.ContentDisposition!.FileNameStar));
        Assert.Contains("123456782", await file.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(["?state=solved&department=75"], Platform.Support.Exported);
    }

    [Fact]
    public void Figures_have_a_column_a_cause_and_are_crossed()
    {
        Platform.Support.Figures =
        [
            new SupportFigure("cnam", 12, 7, 2, []) { Department = "75", Causes = [new SupportCause("file-wrong", "Dossier erroné", 5), new SupportCause("other", "Autre", 1)] },
            new SupportFigure("msa", 3, 1, 0, []) { Department = "59", Causes = [new SupportCause("other", "Autre", 1)] },
        ];
        Known(CdrRoles.Hotline);
        Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().NavigateTo("/demandes/chiffres?by=regimeDepartment");
        var page = Render<TicketFiguresPage>();
        var rows = page.WaitForElements("[data-testid=table-demandes] tbody tr", Patience);
        Assert.Equal(["Régime", "Département"], page.FindAll("[data-testid=table-demandes] thead th").Take(2).Select(cell => cell.TextContent));
        Assert.Equal(["Cause\u00a0: Dossier erroné", "Cause\u00a0: Autre"], page.FindAll("[data-testid=table-demandes] thead th").TakeLast(2).Select(cell => cell.TextContent));
        Assert.Equal([["cnam", "75", "5", "1"], ["msa", "59", "0", "1"]], rows.Select(row => new[] { row.QuerySelector("th")!.TextContent, row.QuerySelector("td")!.TextContent, row.QuerySelectorAll("td")[^2].TextContent, row.QuerySelectorAll("td")[^1].TextContent }));
    }

    [Fact]
    public void A_table_sums_its_causes_once_however_many_rows_it_has()
    {
        var rows = new Counted([.. Enumerable.Range(0, 200).Select(n => new SupportFigure($"regime-{n}", 1, 1, 0, []) { Department = "75", Causes = [new SupportCause("other", "Autre", 1)] })]);
        var table = TicketFigureTables.Table(new SupportFigures(default, default, "regimeDepartment", rows), Services.GetRequiredService<IStringLocalizer<Texts>>());
        Assert.Equal(200, table.Rows.Count);
        Assert.Equal(2, rows.Times);
    }

    /// <summary>How often all of it is gone through.</summary>
    private sealed class Counted(IReadOnlyList<SupportFigure> rows) : IReadOnlyList<SupportFigure>
    {
        public int Times { get; private set; }

        public int Count => rows.Count;

        public SupportFigure this[int index] => rows[index];

        public IEnumerator<SupportFigure> GetEnumerator()
        {
            Times++;
            return rows.GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private IRenderedComponent<OneTicketPage> Opened(string role)
    {
        Known(role);
        return Render<OneTicketPage>(parameters => parameters.Add(page => page.Id, FakeSupport.Id));
    }

    private void Known(string role) => Services.AddSingleton<AuthenticationStateProvider>(new KnownAs(SignedIn.Principal(Grant(role))));

    private sealed class KnownAs(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
