using System.Net;
using System.Text.RegularExpressions;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Tests.Fakes;

namespace Cdr.Portal.Tests;

/// <summary>The step between a card and a session, whichever door the card or the identity came through.</summary>
public sealed partial class TermsTests : IAsyncLifetime
{
    private FakePlatform platform = null!;
    private PortalHost portal = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        platform = await FakePlatform.StartAsync();
        platform.Sessions.Terms = new TermsOfUse("2026-01", "Article 1.\nRien que <b>pour le soin</b>.");
        portal = await PortalHost.StartAsync(platform);
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await platform.DisposeAsync();
    }

    [Fact]
    public async Task They_are_shown_with_their_version_and_accepting_them_signs_in()
    {
        var browser = portal.Browser();
        var page = await PresentAsync(browser, "cpe-admissions-nord");
        Assert.Contains("Rien que &lt;b&gt;pour le soin&lt;/b&gt;.", page, StringComparison.Ordinal);
        Assert.Contains("Version 2026-01", page, StringComparison.Ordinal);
        Assert.Contains("data-print", page, StringComparison.Ordinal);
        Assert.DoesNotContain("t-clerk", page, StringComparison.Ordinal);
        // Nothing else is to be done on that page.
        Assert.DoesNotContain("name=\"pin\"", page, StringComparison.Ordinal);

        var signedIn = await AnswerAsync(browser, page, "true");
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        Assert.Contains(signedIn.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("cdr-session=", StringComparison.Ordinal));
        Assert.Equal(["2026-01"], platform.Sessions.Accepted);
    }

    [Fact]
    public async Task An_activity_is_chosen_first()
    {
        var browser = portal.Browser();
        var page = await PresentAsync(browser, "cps-two-places");
        var chosen = await PortalHost.PostFromAsync(browser, page, "activity", ("box", BoxOf(page)), ("activity", "01930000-0000-7000-8000-000000000002"));
        page = await chosen.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("terms-text", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await AnswerAsync(browser, page, "true")).StatusCode);
    }

    [Fact]
    public async Task Refusing_them_spends_the_ticket_and_says_where_to_go()
    {
        var browser = portal.Browser();
        var page = await PresentAsync(browser, "cpe-admissions-nord");
        var response = await AnswerAsync(browser, page, "false");
        var declined = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Contains("terms-declined", declined, StringComparison.Ordinal);
        Assert.Contains("carte Vitale", declined, StringComparison.Ordinal);
        Assert.Contains("référent", declined, StringComparison.Ordinal);
        Assert.False(response.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith("cdr-session=", StringComparison.Ordinal)));
        Assert.Equal(["t-clerk"], platform.Sessions.Withdrawn);
        Assert.Empty(platform.Sessions.Accepted);
    }

    [Fact]
    public async Task What_changed_while_it_was_being_read_is_shown_again_and_not_accepted_unread()
    {
        var browser = portal.Browser();
        var page = await PresentAsync(browser, "cpe-admissions-nord");
        platform.Sessions.Terms = new TermsOfUse("2026-02", "Article 2.");
        page = await (await AnswerAsync(browser, page, "true")).Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("Article 2.", page, StringComparison.Ordinal);
        Assert.Empty(platform.Sessions.Accepted);
        await AnswerAsync(browser, page, "true");
        Assert.Equal(["2026-02"], platform.Sessions.Accepted);
    }

    [Fact]
    public async Task A_provider_s_door_leads_through_them_too()
    {
        platform.Providers.All.Add(new ProviderView("pro-sante-connect", "Pro Santé Connect"));
        var browser = portal.Browser();
        await PortalHost.PostAsync(browser, "provider", ("provider", "pro-sante-connect"));
        var page = await browser.GetStringAsync("/connexion/retour?code=one&state=state-1", Cancellation);
        Assert.Contains("terms-text", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv=\"refresh\"", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await AnswerAsync(browser, page, "true", "/connexion/retour")).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("CfDJ8")]
    public async Task A_ticket_that_this_portal_did_not_seal_is_none(string box)
    {
        var browser = portal.Browser();
        var page = await PresentAsync(browser, "cps-two-places");
        // Nor is one that was sealed for the choice of an activity.
        foreach (var sealedBox in (string[])[box, BoxOf(page)])
        {
            var answer = await PortalHost.PostFromAsync(browser, page, "terms", ("box", sealedBox), ("accepted", "true"));
            Assert.Contains("data-code=\"ticket-unreadable\"", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task They_can_be_read_at_any_time()
    {
        var page = await portal.Browser().GetStringAsync("/conditions", Cancellation);
        Assert.Contains("Article 1.", page, StringComparison.Ordinal);
        Assert.Contains("Version 2026-01", page, StringComparison.Ordinal);
    }

    private static async Task<string> PresentAsync(HttpClient browser, string card) =>
        await (await PortalHost.PostAsync(browser, "card", ("card", card), ("pin", "1234"))).Content.ReadAsStringAsync(Cancellation);

    private static Task<HttpResponseMessage> AnswerAsync(HttpClient browser, string page, string accepted, string path = "/connexion") =>
        PortalHost.PostFromAsync(browser, page, "terms", path, [("box", BoxOf(page)), ("accepted", accepted)]);

    private static string BoxOf(string page) => Box().Match(page).Groups[1].Value;

    [GeneratedRegex("name=\"box\" value=\"([^\"]+)\"")]
    private static partial Regex Box();
}
