using System.Net;
using System.Text.RegularExpressions;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Tests.Fakes;

namespace Cdr.Portal.Tests;

public sealed class ProviderSignInTests : IAsyncLifetime
{
    private FakePlatform platform = null!;
    private PortalHost portal = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        platform = await FakePlatform.StartAsync();
        portal = await PortalHost.StartAsync(platform);
        platform.Providers.All.Add(new ProviderView("pro-sante-connect", "Pro Santé Connect"));
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await platform.DisposeAsync();
    }

    [Fact]
    public async Task The_door_is_shown_only_where_there_is_one()
    {
        var page = WebUtility.HtmlDecode(await portal.Browser().GetStringAsync("/connexion", Cancellation));
        Assert.Contains("Se connecter avec Pro Santé Connect", page, StringComparison.Ordinal);
        Assert.Contains("name=\"provider\" value=\"pro-sante-connect\"", page, StringComparison.Ordinal);
        platform.Providers.All.Clear();
        Assert.DoesNotContain("other-doors", await portal.Browser().GetStringAsync("/connexion", Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_browser_is_sent_away_with_a_secret_that_only_comes_back_here(bool secure)
    {
        await using var one = await PortalHost.StartAsync(platform, secureCookie: secure);
        var response = await GoAsync(one.Browser());
        // A page that goes on by itself: a form may be redirected nowhere else.
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains($"<meta http-equiv=\"refresh\" content=\"0;url={FakeProviders.Provider}\"", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        var cookie = CookieOf(response, "cdr-provider");
        Assert.Contains("binding-1", cookie, StringComparison.Ordinal);
        Assert.All((string[])["httponly", "samesite=lax", "path=/connexion"], part => Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(secure, cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_return_signs_in_and_the_page_goes_on_by_itself_so_that_the_strict_cookie_goes_with_it()
    {
        var browser = portal.Browser();
        await GoAsync(browser);
        var response = await browser.GetAsync("/connexion/retour?code=one&state=state-1&iss=https%3A%2F%2Fprovider.test", Cancellation);
        var page = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("<meta http-equiv=\"refresh\" content=\"0;url=/\"", page, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", CookieOf(response, "cdr-session"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("expires=Thu, 01 Jan 1970", CookieOf(response, "cdr-provider"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(new ProviderAnswer("one", "state-1", "binding-1", "https://provider.test"), Assert.Single(platform.Providers.Answers));
        Assert.Contains("blazor.web", await browser.GetStringAsync("/", Cancellation), StringComparison.Ordinal);
        Assert.Empty(platform.Cookies);
    }

    [Fact]
    public async Task A_return_that_this_browser_did_not_begin_signs_nobody_in()
    {
        var browser = portal.Browser();
        var page = WebUtility.HtmlDecode(await browser.GetStringAsync("/connexion/retour?code=one&state=state-1", Cancellation));
        Assert.Contains("data-code=\"provider-other-browser\"", page, StringComparison.Ordinal);
        Assert.Contains("commencée dans un autre navigateur", page, StringComparison.Ordinal);
        Assert.Equal("", Assert.Single(platform.Providers.Answers).Binding);
        Assert.Equal("/connexion", (await browser.GetAsync("/", Cancellation)).Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_return_counts_once()
    {
        var browser = portal.Browser();
        await GoAsync(browser);
        await browser.GetAsync("/connexion/retour?error=access_denied&state=state-1", Cancellation);
        var page = await browser.GetStringAsync("/connexion/retour?code=one&state=state-1", Cancellation);
        Assert.Contains("provider-other-browser", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/connexion/retour")]
    [InlineData("/connexion/retour?error=access_denied&error_description=%3Cscript%3E&state=state-1")]
    [InlineData("/connexion/retour?code=one")]
    public async Task Whoever_is_sent_back_without_a_proof_is_told_so_and_asks_nothing(string path)
    {
        var page = await portal.Browser().GetStringAsync(path, Cancellation);
        Assert.Contains("data-code=\"provider-not-confirmed\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Empty(platform.Providers.Answers);
    }

    [Fact]
    public async Task Several_activities_are_chosen_from_as_with_a_card()
    {
        var browser = portal.Browser();
        await GoAsync(browser);
        var page = await browser.GetStringAsync("/connexion/retour?code=two&state=state-1", Cancellation);
        Assert.Contains("data-testid=\"activity-1\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("t-two", page, StringComparison.Ordinal);
        var chosen = await browser.PostAsync(new Uri("/connexion/retour?code=two&state=state-1", UriKind.Relative), new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", Regex.Match(page, "__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value), new("_handler", "activity"),
            new("box", Regex.Match(page, "name=\"box\" value=\"([^\"]+)\"").Groups[1].Value), new("activity", "01930000-0000-7000-8000-000000000002"),
        ]), Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, chosen.StatusCode);
        Assert.Contains("cdr-session=", CookieOf(chosen, "cdr-session"), StringComparison.Ordinal);
        Assert.Single(platform.Providers.Answers);
    }

    [Fact]
    public async Task An_unknown_door_and_a_silent_one_lead_to_words()
    {
        var response = await GoAsync(portal.Browser(), "nobody");
        Assert.Contains("data-code=\"provider-not-confirmed\"", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain(CookiesOf(response), cookie => cookie.StartsWith("cdr-provider=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_sites_page_sends_nobody_to_a_provider()
    {
        var browser = portal.Browser();
        // An address that began one once.
        var link = await browser.GetAsync("/connexion/avec/pro-sante-connect", Cancellation);
        Assert.Equal("/connexion", link.Headers.Location?.OriginalString);
        Assert.DoesNotContain(CookiesOf(link), cookie => cookie.StartsWith("cdr-provider=", StringComparison.Ordinal));
        var forged = await browser.PostAsync("/connexion", new FormUrlEncodedContent([new("_handler", "provider"), new("provider", "pro-sante-connect")]), Cancellation);
        Assert.Equal("/connexion?fin=outdated-form", forged.Headers.Location?.OriginalString);
        Assert.DoesNotContain(platform.Seen, call => call.Contains("/requests", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_signed_out_leaves_their_provider_by_a_form_and_never_by_an_address()
    {
        var browser = portal.Browser();
        await GoAsync(browser);
        await browser.GetAsync("/connexion/retour?code=one&state=state-1", Cancellation);
        platform.Sessions.EndedBecause = "signed-out";
        platform.Providers.Logout = new ProviderLogout("https://provider.test/leave", "an-id-token", "cdr", "https://cdr.test/connexion/sortie");
        var response = await LeaveAsync(browser);
        var page = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("action=\"https://provider.test/leave\"", page, StringComparison.Ordinal);
        Assert.All((string[])["name=\"id_token_hint\" value=\"an-id-token\"", "name=\"client_id\" value=\"cdr\"", "name=\"post_logout_redirect_uri\" value=\"https://cdr.test/connexion/sortie\""],
            field => Assert.Contains(field, page, StringComparison.Ordinal));
        Assert.Contains("form-action *", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("expires=Thu, 01 Jan 1970", CookieOf(response, "cdr-session"), StringComparison.OrdinalIgnoreCase);
        // Sent back: nobody is there any more.
        var back = await browser.GetAsync("/connexion/sortie", Cancellation);
        Assert.Equal("/connexion?fin=signed-out", back.Headers.Location?.PathAndQuery);
        Assert.Contains("form-action 'self'", (await browser.GetAsync("/connexion", Cancellation)).Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_had_no_provider_goes_straight_to_the_sign_in_page_and_a_live_session_is_not_left()
    {
        var browser = await portal.SignedInAsync();
        platform.Providers.Logout = null;
        Assert.Equal("/", (await browser.GetAsync("/connexion/sortie", Cancellation)).Headers.Location?.PathAndQuery);
        Assert.Contains("blazor.web", await browser.GetStringAsync("/", Cancellation), StringComparison.Ordinal);
        platform.Providers.Logout = new ProviderLogout(null);
        platform.Sessions.EndedBecause = "signed-out";
        Assert.Equal("/connexion?fin=signed-out", (await LeaveAsync(browser)).Headers.Location?.PathAndQuery);
    }

    private static Task<HttpResponseMessage> GoAsync(HttpClient browser, string provider = "pro-sante-connect") => PortalHost.PostAsync(browser, "provider", ("provider", provider));

    private static Task<HttpResponseMessage> LeaveAsync(HttpClient browser) => browser.GetAsync("/connexion/sortie", Cancellation);

    private static IEnumerable<string> CookiesOf(HttpResponseMessage response) => response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [];

    private static string CookieOf(HttpResponseMessage response, string name) =>
        Assert.Single(response.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith(name + "=", StringComparison.Ordinal));
}
