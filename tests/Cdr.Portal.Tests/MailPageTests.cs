using Bunit;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Portal.Identity;
using Cdr.Portal.Notifications;
using Cdr.Portal.Tests.Fakes;
using Cdr.Portal.Tickets;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Portal.Tests;

public sealed class MailPageTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_address_is_given_and_confirmed_by_its_code_and_forgotten()
    {
        var page = Opened(CdrRoles.Clerk);
        page.WaitForElement("[data-testid=mail-none]", Patience);
        await page.Find("[data-testid=mail-address]").ChangeAsync(new() { Value = "claire@chu.example" });
        await page.Find("[data-testid=mail-address-form]").SubmitAsync();
        page.WaitForElement("[data-testid=mail-waiting]", Patience);
        await page.Find("[data-testid=mail-code]").ChangeAsync(new() { Value = "00000000" });
        await page.Find("[data-testid=mail-code-form]").SubmitAsync();
        Assert.Equal("code-wrong", page.WaitForElement("[data-testid=trouble]", Patience).GetAttribute("data-code"));
        await page.Find("[data-testid=mail-code]").ChangeAsync(new() { Value = "12345678" });
        await page.Find("[data-testid=mail-code-form]").SubmitAsync();
        Assert.Contains("claire@chu.example", page.WaitForElement("[data-testid=mail-confirmed]", Patience).TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-testid=trouble]"));

        await page.Find("[data-testid=mail-forget]").ClickAsync(new());
        page.WaitForElement("[data-testid=mail-none]", Patience);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("claire", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_chosen_is_kept()
    {
        var page = Opened(CdrRoles.Hotline);
        await page.WaitForElement("[data-testid=mail-words]", Patience).ChangeAsync(new() { Value = "never" });
        await page.Find("[data-testid=mail-news]").ChangeAsync(new() { Value = "digest" });
        await page.Find("[data-testid=mail-hour]").ChangeAsync(new() { Value = "17" });
        await page.Find("[data-testid=mail-choices]").SubmitAsync();

        page.WaitForElement("[data-testid=mail-kept]", Patience);
        Assert.Equal((MailWhen.Never, MailWhen.Digest, MailWhen.Digest, 17), (Platform.Mail.Mine.Words, Platform.Mail.Mine.Progress, Platform.Mail.Mine.News, Platform.Mail.Mine.DigestHour));
    }

    [Fact]
    public void Where_no_e_mail_is_sent_nothing_is_asked()
    {
        Platform.Mail.Mine = Platform.Mail.Mine with { Available = false };
        var page = Opened(CdrRoles.Clerk);
        page.WaitForElement("[data-testid=mail-off]", Patience);
        Assert.Empty(page.FindAll("form"));
    }

    [Fact]
    public async Task A_silence_is_said_and_may_be_asked_again()
    {
        Platform.Mail.Down = true;
        var page = Opened(CdrRoles.Clerk);
        var again = page.WaitForElement("[data-testid=retry]", Patience);
        Platform.Mail.Down = false;
        await again.ClickAsync(new());
        page.WaitForElement("[data-testid=mail-none]", Patience);
    }

    [Fact]
    public void Others_are_told_that_it_is_not_theirs()
    {
        Opened(CdrRoles.Operations).WaitForElement("[data-testid=tickets-not-yours]", Patience);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/support", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Words_are_searched_in_a_body_and_never_in_an_address()
    {
        Known(CdrRoles.Hotline);
        var page = Render<TicketsPage>();
        await page.WaitForElement("[data-testid=ticket-words]", Patience).ChangeAsync(new() { Value = "lecteur lefèvre" });
        await page.Find("[data-testid=ticket-search]").SubmitAsync();
        Assert.Equal("1", page.WaitForElement("[data-testid=ticket-found]", Patience).GetAttribute("data-count"));
        // Two lists on one page, each by a name of its own.
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("[data-testid=ticket-rows]").Count), Patience);
        Assert.Distinct(page.FindAll("[role=region], section[aria-label]").Select(one => one.GetAttribute("aria-label")));
        await page.Find("[data-testid=ticket-words]").ChangeAsync(new() { Value = "rien" });
        await page.Find("[data-testid=ticket-search]").SubmitAsync();
        page.WaitForElement("[data-testid=ticket-found-none]", Patience);

        Assert.Equal(["lecteur lefèvre", "rien"], Platform.Mail.Searched);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("lef", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Who_reads_no_words_is_offered_no_search()
    {
        Known(CdrRoles.GroupManager);
        var page = Render<TicketsPage>();
        page.WaitForElement("[data-testid=ticket-rows]", Patience);
        Assert.Empty(page.FindAll("[data-testid=ticket-search]"));
    }

    private IRenderedComponent<MailPage> Opened(string role)
    {
        Known(role);
        return Render<MailPage>();
    }

    private void Known(string role) => Services.AddSingleton<AuthenticationStateProvider>(new KnownAs(SignedIn.Principal(Grant(role))));

    private sealed class KnownAs(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
