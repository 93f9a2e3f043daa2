using Bunit;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Portal.Identity;
using Cdr.Portal.Incidents;
using Cdr.Portal.Information;
using Cdr.Portal.Questions;
using Cdr.Portal.Tests.Fakes;
using Cdr.Portal.Tickets;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Cdr.Portal.Tests;

public sealed class InformationPagesTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("2026-07-01T08:30", "2026-07-01T06:30:00Z")]
    [InlineData("2026-12-01T08:30", "2026-12-01T07:30:00Z")]
    [InlineData("2026-10-25T02:30", "2026-10-25T00:30:00Z")]
    [InlineData("2026-12-01T08:30:00", "2026-12-01T07:30:00Z")]
    [InlineData("2026-03-29T02:30", null)]
    [InlineData("demain", null)]
    public void A_time_is_that_of_Paris_and_one_that_does_not_exist_is_refused(string typed, string? instant)
    {
        Assert.Equal(instant is not null, ParisTime.TryRead(typed, out var read));
        if (instant is not null)
            Assert.Equal(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), read);
    }

    [Fact]
    public void The_question_page_says_what_concerns_now_and_no_more()
    {
        var now = Clock.GetUtcNow();
        Platform.Information.Announcements.AddRange(
        [
            FakeInformation.Downtime(now.AddHours(-1), now.AddHours(1)),
            FakeInformation.Downtime(now.AddHours(3)) with { Id = Guid.CreateVersion7(now), Title = "Ce soir", Regime = null },
            FakeInformation.Downtime(now.AddDays(4)) with { Id = Guid.CreateVersion7(now), Title = "Dans quatre jours" },
            FakeInformation.Downtime(now.AddDays(-1)) with { Id = Guid.CreateVersion7(now), Kind = AnnouncementKind.News, Title = "Une actualité" },
        ]);
        Platform.Information.Open.Add(FakeInformation.Sample(IncidentState.Identified));
        Known(CdrRoles.Clerk);
        var page = Render<AskRights>();
        var banner = page.WaitForElement("[data-testid=service-banner]", Patience);
        page.WaitForAssertion(() => Assert.Contains("Cnam", page.Find("[data-testid=banner-downtime]").TextContent, StringComparison.OrdinalIgnoreCase), Patience);
        var downtimes = page.FindAll("[data-testid=banner-downtime]").Select(line => line.TextContent).ToList();
        Assert.Equal(2, downtimes.Count);
        Assert.Contains("en cours", downtimes[0], StringComparison.Ordinal);
        Assert.Contains("heure de Paris", downtimes[0], StringComparison.Ordinal);
        Assert.Contains("annoncée", downtimes[1], StringComparison.Ordinal);
        Assert.Contains("Un régime ne répond plus", banner.QuerySelector("[data-testid=banner-incident]")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("quatre jours", banner.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("actualité", banner.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_say_is_nothing_shown()
    {
        Known(CdrRoles.Clerk);
        var banner = Render<ServiceBanner>(parameters => parameters.Add(one => one.Names, new Dictionary<string, string>()));
        banner.WaitForAssertion(() => Assert.Contains(Platform.Seen, seen => seen.Contains("/api/support/information", StringComparison.Ordinal)), Patience);
        Assert.Empty(banner.FindAll("[data-testid=service-banner]"));
    }

    [Theory]
    [InlineData(CdrRoles.Clerk, 0)]
    [InlineData(CdrRoles.RegimeAgent, 1)]
    [InlineData(CdrRoles.Hotline, 1)]
    public void Everybody_reads_what_is_announced_and_who_may_announces(string role, int writers)
    {
        Platform.Information.Announcements.Add(FakeInformation.Downtime(Clock.GetUtcNow().AddHours(2), Clock.GetUtcNow().AddHours(4)));
        Platform.Information.Open.Add(FakeInformation.Sample(IncidentState.Watching));
        Known(role);
        var page = Render<InformationPage>();
        var announced = page.WaitForElement($"[data-testid=announcement-{FakeInformation.AnnouncementId}]", Patience);
        Assert.Equal("Deux heures.", announced.QuerySelector("strong")!.TextContent);
        Assert.Contains("Annoncée", announced.TextContent, StringComparison.Ordinal);
        Assert.Contains("La cause est connue.", page.Find($"[data-testid=incident-{FakeInformation.IncidentId}]").TextContent, StringComparison.Ordinal);
        Assert.Equal(writers, page.FindAll("[data-testid=to-announcements]").Count);
        Assert.Equal(role == CdrRoles.Hotline ? 1 : 0, page.FindAll("[data-testid=to-new-incident]").Count);
    }

    [Fact]
    public void What_a_caisse_announces_is_called_that_caisses_and_it_knows_for_whom_it_speaks()
    {
        Platform.Information.Announcements.Add(FakeInformation.Downtime(Clock.GetUtcNow().AddHours(2), Clock.GetUtcNow().AddHours(4)) with { Organism = "01751" });
        Known(CdrRoles.RegimeAgent, "01751");
        var announced = Render<InformationPage>().WaitForElement($"[data-testid=announcement-{FakeInformation.AnnouncementId}]", Patience);
        Assert.Contains(", caisse 01751 ·", announced.TextContent, StringComparison.Ordinal);
        var page = Render<AnnouncementsPage>();
        Assert.Contains(", caisse 01751", page.WaitForElement($"[data-testid=announced-{FakeInformation.AnnouncementId}]", Patience).TextContent, StringComparison.Ordinal);
        Assert.Contains("pour votre caisse (01751)", page.Find("[data-testid=announcement-editor]").TextContent, StringComparison.Ordinal);
        var banner = Render<ServiceBanner>(parameters => parameters.Add(one => one.Names, new Dictionary<string, string>()));
        Assert.Contains(", caisse 01751", banner.WaitForElement("[data-testid=banner-downtime]", Patience).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_announced_says_so()
    {
        Known(CdrRoles.Clerk);
        Render<InformationPage>().WaitForElement("[data-testid=information-empty]", Patience);
    }

    [Fact]
    public async Task A_regimes_staff_announce_in_the_time_of_Paris_without_choosing_a_regime()
    {
        Known(CdrRoles.RegimeAgent);
        var page = Render<AnnouncementsPage>();
        page.WaitForElement("[data-testid=announcements-empty]", Patience);
        Assert.Empty(page.FindAll("[data-testid=announcement-regime]"));
        await page.Find("[data-testid=announcement-kind]").ChangeAsync(new() { Value = "Downtime" });
        await page.Find("[data-testid=announcement-title]").ChangeAsync(new() { Value = "Maintenance" });
        await page.Find("[data-testid=announcement-from]").ChangeAsync(new() { Value = "2026-12-01T22:00" });
        await page.Find("[data-testid=announcement-to]").ChangeAsync(new() { Value = "2026-12-01T21:00" });
        await page.Find("form").SubmitAsync();
        Assert.Contains("avant le début", page.Find("[data-testid=announcement-fault]").TextContent, StringComparison.Ordinal);
        Assert.Empty(Platform.Information.Said);

        await page.Find("[data-testid=announcement-to]").ChangeAsync(new() { Value = "2026-12-02T02:00" });
        Platform.Information.Refuses = true;
        await page.Find("form").SubmitAsync();
        page.WaitForElement("[data-testid=trouble]", Patience);
        Assert.Equal("Maintenance", page.Find("[data-testid=announcement-title]").GetAttribute("value"));
        Assert.Contains("n’est pas interrogé", page.Find("[data-testid=announcement-closes]").TextContent, StringComparison.Ordinal);
        await page.Find("[data-testid=announcement-closes-long]").ChangeAsync(new() { Value = true });
        Platform.Information.Refuses = false;
        await page.Find("form").SubmitAsync();
        page.WaitForElement("[data-testid=announced]", Patience);
        var (first, again) = (Platform.Information.Said[0], Platform.Information.Said[1]);
        Assert.Equal(first.Id, again.Id);
        Assert.Equal((false, true), (first.ClosesLong, again.ClosesLong));
        Assert.Equal((AnnouncementKind.Downtime, null, new DateTimeOffset(2026, 12, 1, 21, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 12, 2, 1, 0, 0, TimeSpan.Zero)), (again.Kind, again.Regime, again.From, again.To));
        Assert.Equal("", page.Find("[data-testid=announcement-title]").GetAttribute("value") ?? "");
    }

    [Fact]
    public async Task One_is_changed_from_what_it_says_and_withdrawn()
    {
        Platform.Information.Announcements.Add(FakeInformation.Downtime(new DateTimeOffset(2026, 12, 1, 21, 0, 0, TimeSpan.Zero)));
        Known(CdrRoles.Hotline);
        var page = Render<AnnouncementsPage>();
        await page.WaitForElement($"[data-testid=change-{FakeInformation.AnnouncementId}]", Patience).ClickAsync(new());
        Assert.Equal("2026-12-01T22:00", page.Find("[data-testid=announcement-from]").GetAttribute("value"));
        await page.Find("form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Equal((3, null), Platform.Information.Said.Select(text => (text.Version, text.Id)).Single()), Patience);
        // What is tried again is what failed, whatever is half written meanwhile.
        await page.Find("[data-testid=announcement-title]").ChangeAsync(new() { Value = "À moitié" });
        Platform.Information.Fails = true;
        await page.WaitForElement($"[data-testid=withdraw-{FakeInformation.AnnouncementId}]", Patience).ClickAsync(new());
        var retry = page.WaitForElement("[data-testid=retry]", Patience);
        Platform.Information.Fails = false;
        await retry.ClickAsync(new());
        page.WaitForElement("[data-withdrawn=true]", Patience);
        Assert.Equal([FakeInformation.AnnouncementId, FakeInformation.AnnouncementId], Platform.Information.Withdrawn);
        Assert.Single(Platform.Information.Said);
    }

    [Fact]
    public void Who_may_not_announce_is_told_and_nothing_is_asked_for()
    {
        Known(CdrRoles.Referent);
        Render<AnnouncementsPage>().WaitForElement("[data-testid=announcements-not-yours]", Patience);
        Render<NewIncidentPage>().WaitForElement("[data-testid=incident-not-yours]", Patience);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/support", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_hotline_groups_chosen_tickets_under_an_incident()
    {
        Known(CdrRoles.Hotline);
        var page = Render<NewIncidentPage>();
        await page.WaitForElement("[data-testid=pick-123456782]", Patience).ChangeAsync(new() { Value = true });
        await page.Find("form").SubmitAsync();
        page.WaitForElement("[data-testid=incident-missing]", Patience);
        await page.Find("[data-testid=incident-title]").ChangeAsync(new() { Value = "Panne" });
        await page.Find("[data-testid=incident-text]").ChangeAsync(new() { Value = "Nous cherchons." });
        await page.Find("form").SubmitAsync();
        var opened = Assert.Single(Platform.Information.Opened);
        Assert.Equal(("Panne", "Nous cherchons.", null), (opened.Title, opened.Text, opened.Regime));
        Assert.Equal([FakeSupport.Id], opened.Tickets);
        Assert.EndsWith($"/incidents/{FakeInformation.IncidentId}", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hotline_says_where_it_is_and_solves_its_tickets_once_it_is_over()
    {
        Platform.Information.One = Platform.Information.One with { Tickets = [new IncidentTicket(FakeSupport.Id, "123456782", TicketState.New, "590780193")], Acts = [] };
        Known(CdrRoles.Hotline);
        var page = Render<IncidentPage>(parameters => parameters.Add(one => one.Id, FakeInformation.IncidentId));
        page.WaitForElement("[data-testid=incident-ticket-123456782]", Patience);
        Assert.Empty(page.FindAll("[data-testid=incident-solve]"));
        await page.Find("[data-testid=note-state]").ChangeAsync(new() { Value = "Resolved" });
        await page.Find("form").SubmitAsync();
        Assert.Empty(Platform.Information.Notes);
        await page.Find("[data-testid=note-text]").ChangeAsync(new() { Value = "C'est fini." });
        await page.Find("form").SubmitAsync();
        Assert.Equal(new IncidentNoteText(IncidentState.Resolved, "C'est fini.", 1), Assert.Single(Platform.Information.Notes));
        await page.WaitForElement("[data-testid=incident-solve]", Patience).ClickAsync(new());
        page.WaitForElement("[data-testid=incident-solved]", Patience);
        Assert.Equal(1, Platform.Information.Solved);
        await page.Find("[data-testid=detach-123456782]").ClickAsync(new());
        page.WaitForElement("[data-testid=incident-no-tickets]", Patience);
        Assert.Equal([FakeSupport.Id], Platform.Information.Grouped.Single().Detach!);
    }

    [Fact]
    public void A_clerk_sees_the_known_incident_of_their_ticket_and_no_tools()
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.New) with { Kind = TicketKind.Technical };
        Platform.Information.Known = FakeInformation.Sample(IncidentState.Identified);
        Known(CdrRoles.Clerk);
        var page = Render<OneTicketPage>(parameters => parameters.Add(one => one.Id, FakeSupport.Id));
        Assert.Contains("La cause est connue.", page.WaitForElement("[data-testid=known-incident]", Patience).TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-testid=attach-incident]"));
        var incident = Render<IncidentPage>(parameters => parameters.Add(one => one.Id, FakeInformation.IncidentId));
        incident.WaitForElement("[data-testid=incident-notes]", Patience);
        Assert.Empty(incident.FindAll("[data-testid=incident-desk]"));
    }

    [Fact]
    public async Task The_hotline_groups_a_ticket_from_its_own_page()
    {
        Platform.Support.One = FakeSupport.Sample(TicketState.New) with { Kind = TicketKind.Technical };
        Platform.Information.Open.Add(FakeInformation.Sample(IncidentState.Investigating));
        Known(CdrRoles.Hotline);
        var page = Render<OneTicketPage>(parameters => parameters.Add(one => one.Id, FakeSupport.Id));
        await page.WaitForElement("[data-testid=attach-incident]", Patience).SubmitAsync();
        page.WaitForElement("[data-testid=known-incident]", Patience);
        Assert.Equal([FakeSupport.Id], Platform.Information.Grouped.Single().Attach!);
    }

    private void Known(string role, string? organism = null) => Services.AddSingleton<AuthenticationStateProvider>(new KnownAs(SignedIn.Principal(Grant(role, organism))));

    private sealed class KnownAs(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
