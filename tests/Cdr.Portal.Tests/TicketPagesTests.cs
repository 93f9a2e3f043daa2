using Bunit;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Portal.Identity;
using Cdr.Portal.Tests.Fakes;
using Cdr.Portal.Tickets;
using Microsoft.AspNetCore.Components.Authorization;

namespace Cdr.Portal.Tests;

public sealed class TicketPagesTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Two_of_the_hotline_at_one_ticket_are_told_and_what_changed_is_read_again()
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.InProgress, TicketAction.Reply);
        Platform.Support.Others.Add("hotline-2");
        Platform.Support.Version = 2;
        var page = Opened(CdrRoles.Hotline);
        Assert.Contains("hotline-2", page.WaitForElement("[data-testid=collision]", Patience).TextContent, StringComparison.Ordinal);

        Platform.Support.One = Platform.Support.One with { Version = 2, State = TicketState.Solved };
        await page.Find("[data-testid=read-again]").ClickAsync(new());

        page.WaitForElement("[data-testid=ticket][data-state=solved]", Patience);
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-testid=changed]")), Patience);
    }

    [Fact]
    public void The_hotline_reads_which_establishment_said_something_and_its_reference_after_that()
    {
        const string Reference = "q2S0mYp3k9T1wXcV7bN5hJ8rL4dF6gA0zE2uI1oPsQw";
        var sample = FakeSupport.Sample(TicketState.InProgress);
        Platform.Support.One = sample with
        {
            Entries =
            [
                sample.Entries[0] with { Actor = Reference }, new TicketEntry(2, Samples.Now, TicketAction.Take, CdrRoles.Hotline, "hotline-2", TicketState.New, TicketState.InProgress, null, null),
                new TicketEntry(3, Samples.Now, TicketAction.Transfer, CdrRoles.Hotline, "hotline-2", TicketState.InProgress, TicketState.Transferred, "01591", null, OrganismLabel: "CPAM des Flandres"),
            ],
        };
        var entries = Opened(CdrRoles.Hotline).WaitForElements("[data-testid=trail] li", Patience);

        Assert.Contains("Établissement 590780193", entries[0].QuerySelector("[data-testid=trail-who]")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(Reference, entries[0].QuerySelector("[data-testid=trail-who]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(Reference, entries[0].QuerySelector("[data-testid=trail-reference]")!.TextContent, StringComparison.Ordinal);
        // Who is of the hotline is of no establishment.
        Assert.DoesNotContain("590780193", entries[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("CPAM des Flandres (01591)", entries[2].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_organism_that_gives_a_ticket_back_sees_it_no_more_and_is_told_so()
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.Transferred, TicketAction.GiveBack);
        Platform.Support.GivesAway = true;
        var page = Opened(CdrRoles.RegimeAgent);
        await page.WaitForElement("[data-testid=move-giveBack]", Patience).ClickAsync(new());
        await page.Find("[data-testid=move-form]").SubmitAsync();
        Assert.Equal("Écrivez quelques mots.", page.Find("[data-testid=move-error]").TextContent);
        Assert.Empty(Platform.Support.Moves);
        await page.Find("[data-testid=move-text]").ChangeAsync(new() { Value = "Ce n'est pas nous." });
        await page.Find("[data-testid=move-form]").SubmitAsync();

        page.WaitForElement("[data-testid=ticket-gone]", Patience);
        Assert.Equal((TicketAction.GiveBack, "Ce n'est pas nous.", 1), Platform.Support.Moves.Select(move => (move.Action, move.Text, move.Version)).Single());
        Assert.Empty(page.FindAll("[data-testid=trail]"));
    }

    [Fact]
    public void Clocks_say_in_words_whether_they_run_wait_or_are_nearly_due()
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.InProgress);
        var page = Opened(CdrRoles.Clerk);
        var clocks = page.WaitForElements("[data-testid=clocks] li", Patience);
        Assert.Equal(["soon", "paused"], clocks.Select(clock => clock.GetAttribute("data-tone")));
        Assert.Contains("3\u00a0h\u00a020", clocks[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("En pause", clocks[1].TextContent, StringComparison.Ordinal);
        // A clerk sees nobody of the hotline come and go.
        Assert.Empty(page.FindAll("[data-testid=lookers]"));
    }

    [Theory]
    [InlineData("2 55 08 14 168 025 38", false)]
    [InlineData("123 456 782", true)]
    public async Task What_is_no_number_of_a_ticket_is_sent_nowhere(string typed, bool sent)
    {
        Known(CdrRoles.Hotline);
        var finder = Render<TicketFinder>();
        await finder.Find("[data-testid=ticket-number]").ChangeAsync(new() { Value = typed });
        await finder.Find("form").SubmitAsync();

        Assert.Equal(sent, Platform.Seen.Exists(seen => seen.Contains("/api/support/numbers", StringComparison.Ordinal)));
        Assert.Equal(sent ? 0 : 1, finder.FindAll("[data-testid=ticket-number-error]").Count);
    }

    [Theory]
    [InlineData(CdrRoles.Hotline, 8, "Console de la hotline")]
    [InlineData(CdrRoles.RegimeAgent, 3, "Dossiers transférés à votre organisme")]
    [InlineData(CdrRoles.GroupManager, 5, "Demandes du groupement")]
    [InlineData(CdrRoles.Clerk, 6, "Mes demandes")]
    public void Each_role_has_its_queues_and_what_is_late_is_said(string role, int queues, string title)
    {
        Known(role);
        var page = Render<TicketsPage>();
        var row = page.WaitForElement("[data-testid=ticket-123456782]", Patience);
        Assert.Equal(title, page.Find("h1").TextContent);
        Assert.Equal(queues, page.FindAll("[data-testid^=queue-]").Count);
        Assert.Contains("Dépassée", row.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("01591", "Dossiers transférés à CPAM des Flandres (01591)")]
    [InlineData("01751", "Dossiers transférés à 01751")]
    public void A_caisses_inbox_has_its_name_and_no_choice_of_others(string organism, string title)
    {
        Known(CdrRoles.RegimeAgent, organism);
        var page = Render<TicketsPage>();
        page.WaitForElement("[data-testid=ticket-123456782]", Patience);
        Assert.Equal(title, page.Find("h1").TextContent);
        Assert.Empty(page.FindAll("[data-testid=filter-organism]"));
        Assert.Single(page.FindAll("[data-testid=filter-kind]"));
    }

    [Theory]
    [InlineData(CdrRoles.Operations)]
    [InlineData(CdrRoles.DataProtection)]
    public void Others_are_told_that_tickets_are_not_theirs_and_none_is_asked_for(string role)
    {
        Known(role);
        Render<TicketsPage>().WaitForElement("[data-testid=tickets-not-yours]", Patience);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/support", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_bell_counts_what_is_unread_and_a_notice_that_is_opened_is_read()
    {
        Platform.Support.Notices.Add(new Notice(Guid.Parse("01930000-0000-7000-8000-0000000000e1"), FakeSupport.Id, "123456782", "answer", Samples.Now, null));
        Known(CdrRoles.Clerk);
        Assert.Equal("1", Render<Bell>().WaitForElement("[data-testid=bell][data-new='1']", Patience).GetAttribute("data-new"));
        var page = Render<NoticesPage>();
        await page.WaitForElement("[data-testid=notice-123456782] button", Patience).ClickAsync(new());

        Assert.NotNull(Platform.Support.Notices[0].ReadAt);
        Assert.EndsWith($"/demandes/{FakeSupport.Id}", Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().Uri, StringComparison.Ordinal);
    }

    private IRenderedComponent<OneTicketPage> Opened(string role)
    {
        Known(role);
        return Render<OneTicketPage>(parameters => parameters.Add(page => page.Id, FakeSupport.Id));
    }

    private void Known(string role, string? organism = null) => Services.AddSingleton<AuthenticationStateProvider>(new KnownAs(SignedIn.Principal(Grant(role, organism))));

    private sealed class KnownAs(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
