using System.Net;
using Cdr.Portal.Tests.Fakes;

namespace Cdr.Portal.Tests;

public sealed partial class SignInTests : IAsyncLifetime
{
    private FakePlatform platform = null!;
    private readonly ClockAhead clock = new();
    private PortalHost portal = null!;

    public async ValueTask InitializeAsync()
    {
        platform = await FakePlatform.StartAsync();
        portal = await PortalHost.StartAsync(platform, clock: clock);
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await platform.DisposeAsync();
    }

    [Fact]
    public async Task A_stranger_is_brought_to_the_sign_in_page()
    {
        var response = await portal.Browser().GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/connexion", response.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/regimes", "/regimes")]
    [InlineData("/postes?on=2026-07-01", "/postes")]
    [InlineData("/consultations/019aa000-0000-7000-8000-000000000001", "/consultations/019aa000-0000-7000-8000-000000000001")]
    [InlineData("/?consultation=019aa000-0000-7000-8000-000000000001", "/?consultation=019aa000-0000-7000-8000-000000000001")]
    // Whoever opens it makes a statement: back to the answer.
    [InlineData("/consultations/019aa000-0000-7000-8000-000000000001/releve", "/consultations/019aa000-0000-7000-8000-000000000001")]
    // What is no page, or may be personal, is not carried along.
    [InlineData("/?nir=2550814168025", "/")]
    [InlineData("/postes.csv", "/")]
    public async Task A_page_that_was_asked_for_without_a_session_is_where_one_is_brought_after_it(string asked, string to)
    {
        using var browser = portal.Browser();
        using var away = await browser.GetAsync(asked, TestContext.Current.CancellationToken);
        Assert.Equal("/connexion", away.Headers.Location?.OriginalString);
        Assert.DoesNotContain("019aa000", string.Concat(away.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);

        using var signedIn = await PortalHost.PostAsync(browser, "card", ("card", "cpe-admissions-nord"), ("pin", "1234"));

        Assert.Equal(to, signedIn.Headers.Location?.OriginalString.Replace(portal.Address, "", StringComparison.Ordinal));
        // Once.
        Assert.Equal(to != "/", signedIn.Headers.GetValues("Set-Cookie").Any(cookie => cookie.StartsWith("cdr-way-back=;", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("p-1", "/consultations/019aa000-0000-7000-8000-000000000001")]
    [InlineData("p-2", "/")]
    public async Task What_somebody_looked_at_when_their_session_ended_is_for_nobody_else(string next, string to)
    {
        using var browser = await portal.SignedInAsync();
        platform.Sessions.EndedBecause = "expired";
        clock.Advance(TimeSpan.FromMinutes(1));
        using var away = await browser.GetAsync("/consultations/019aa000-0000-7000-8000-000000000001", TestContext.Current.CancellationToken);
        Assert.Equal("/connexion?fin=expired", away.Headers.Location?.OriginalString);
        platform.Sessions.EndedBecause = null;
        platform.Sessions.Subject = next;

        using var signedIn = await PortalHost.PostAsync(browser, "card", ("card", "cpe-admissions-nord"), ("pin", "1234"));

        Assert.Equal(to, signedIn.Headers.Location?.OriginalString.Replace(portal.Address, "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_mistyped_the_pin_types_it_again_at_once()
    {
        using var browser = portal.Browser();
        Assert.DoesNotContain("autofocus", await browser.GetStringAsync("/connexion", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var wrong = await PortalHost.PostAsync(browser, "card", ("card", "cpe-admissions-nord"), ("pin", "9876"));
        Assert.Matches("<input id=\"pin\"[^>]* autofocus", await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_drawer_shows_the_cards_that_open_and_those_that_are_refused()
    {
        var page = await portal.Browser().GetStringAsync("/connexion", TestContext.Current.CancellationToken);
        Assert.All(FakeSessions.Cards, card => Assert.Contains($"data-testid=\"drawer-card-{card.Id}\"", page, StringComparison.Ordinal));
        Assert.Contains("Ces cartes ouvrent une session", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("autocomplete=\"off\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_hears_whose_browser_signs_in()
    {
        using var browser = portal.Browser();
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");
        await PortalHost.PostAsync(browser, "card", ("card", "cpe-admissions-nord"), ("pin", "1234"));
        Assert.Equal("192.0.2.1,127.0.0.1", platform.Clients["/api/sessions"].Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_card_and_its_pin_set_a_cookie_that_only_the_server_reads()
    {
        var response = await PortalHost.PostAsync(portal.Browser(), "card", ("card", "cpe-admissions-nord"), ("pin", "1234"));
        Assert.Equal("/", response.Headers.Location?.OriginalString.Replace(portal.Address, "", StringComparison.Ordinal));
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), c => c.StartsWith("cdr-session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("renewal-secret", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_signed_in_person_gets_the_page_and_it_has_no_secret()
    {
        var browser = await portal.SignedInAsync();
        var page = await browser.GetStringAsync("/", TestContext.Current.CancellationToken);
        Assert.Contains("blazor.web", page, StringComparison.Ordinal);
        Assert.DoesNotContain("renewal-secret", page, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", page.Split("Blazor-Server-Component-State")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_pin_says_how_many_tries_are_left_and_is_not_given_back()
    {
        var page = await (await PortalHost.PostAsync(portal.Browser(), "card", ("card", "cpe-admissions-nord"), ("pin", "9876"))).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("data-code=\"pin-wrong\"", page, StringComparison.Ordinal);
        Assert.Contains("Il reste 2", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("9876", page, StringComparison.Ordinal);
        Assert.DoesNotContain(platform.Seen, seen => seen.Contains("9876", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_blocked_card_can_be_renewed()
    {
        var browser = portal.Browser();
        string page = "";
        for (var turn = 0; turn < 3; turn++)
            page = await (await PortalHost.PostAsync(browser, "card", ("card", "cpe-admissions-nord"), ("pin", "0000"))).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("card-renew", page, StringComparison.Ordinal);
        var words = Read(page);
        Assert.All((string[])["code de déblocage", "Cryptolib CPS", "0 825 852 000", "Ni CDR ni sa hotline ne demandent jamais ce code"], word => Assert.Contains(word, words, StringComparison.Ordinal));

        var renewed = await PortalHost.PostAsync(browser, "renew", ("card", "cpe-admissions-nord"));
        Assert.Contains("card-renewed", await renewed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await PortalHost.PostAsync(browser, "card", ("card", "cpe-admissions-nord"), ("pin", "1234"))).StatusCode);
    }

    [Fact]
    public async Task A_refusal_of_the_service_keeps_its_words_and_what_to_do()
    {
        var page = WebUtility.HtmlDecode(await (await PortalHost.PostAsync(portal.Browser(), "card", ("card", "cps-liberal"), ("pin", "1234"))).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("L'exercice libéral n'ouvre pas ce service.", page, StringComparison.Ordinal);
        Assert.Contains("praticiens libéraux", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fr", "Code à donner à la hotline\u00a0: liberal-practice")]
    [InlineData("en", "Code to give the hotline: liberal-practice")]
    public async Task The_code_that_the_hotline_asks_for_is_read_on_the_page(string language, string said)
    {
        using var response = await PortalHost.PostAsync(portal.Browser(language), "card", ("card", "cps-liberal"), ("pin", "1234"));
        Assert.Contains(said, Read(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9876")]
    [InlineData("98")]
    public async Task Whoever_mistyped_the_pin_is_not_sent_to_the_hotline(string typed)
    {
        using var response = await PortalHost.PostAsync(portal.Browser(), "card", ("card", "cpe-admissions-nord"), ("pin", typed));
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("sign-in-error", page, StringComparison.Ordinal);
        Assert.DoesNotContain("hotline-code", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_had_an_opposed_card_is_told_which_one_opens_and_whom_to_call()
    {
        var page = Read(await portal.Browser().GetStringAsync("/connexion?fin=card-opposed", TestContext.Current.CancellationToken));
        Assert.Contains("Votre carte est en opposition", page, StringComparison.Ordinal);
        Assert.Contains("0 825 852 000", page, StringComparison.Ordinal);
    }

    /// <summary>What a person reads.</summary>
    private static string Read(string page) => WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Replace(page, "<[^>]*>", ""));

    [Fact]
    public async Task Several_activities_are_a_list_to_choose_from_and_the_ticket_stays_sealed()
    {
        var browser = portal.Browser();
        var page = await (await PortalHost.PostAsync(browser, "card", ("card", "cps-two-places"), ("pin", "1234"))).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("data-testid=\"activity-1\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("t-two", page, StringComparison.Ordinal);
        // Sessions heard that a choice is under way, and gives the ticket the time for it.
        Assert.Single(platform.Seen, seen => seen == "POST /api/sessions");

        var box = System.Text.RegularExpressions.Regex.Match(page, "name=\"box\" value=\"([^\"]+)\"").Groups[1].Value;
        var chosen = await PortalHost.PostFromAsync(browser, page, "activity", ("box", box), ("activity", "01930000-0000-7000-8000-000000000002"));
        Assert.Equal(HttpStatusCode.Redirect, chosen.StatusCode);
    }

    [Fact]
    public async Task A_form_from_elsewhere_signs_nobody_in()
    {
        var response = await portal.Browser().PostAsync("/connexion", new FormUrlEncodedContent([new("_handler", "card"), new("card", "cpe-admissions-nord"), new("pin", "1234")]), TestContext.Current.CancellationToken);
        Assert.Equal("/connexion?fin=outdated-form", response.Headers.Location?.OriginalString);
        Assert.False(response.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("cdr-session=", StringComparison.Ordinal)));
        Assert.Empty(platform.Sessions.Pins);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task The_cookie_goes_over_TLS_only_unless_the_installation_says_otherwise(bool? setting, bool secure)
    {
        await using var one = await PortalHost.StartAsync(platform, secureCookie: setting);
        using var browser = one.Browser();

        var signedIn = await PortalHost.PostAsync(browser, "card", ("card", "cpe-admissions-nord"), ("pin", "1234"));
        var language = await browser.GetAsync("/langue/en", TestContext.Current.CancellationToken);

        Assert.Equal(secure, IsSecure(signedIn, "cdr-session="));
        Assert.Equal(secure, IsSecure(language, "cdr-language="));
    }

    private static bool IsSecure(HttpResponseMessage response, string cookie) =>
        Assert.Single(response.Headers.GetValues("Set-Cookie"), one => one.StartsWith(cookie, StringComparison.Ordinal)).Contains("; secure", StringComparison.OrdinalIgnoreCase);

    [Fact]
    public async Task An_ended_session_is_brought_back_with_the_reason()
    {
        var browser = await portal.SignedInAsync();
        platform.Sessions.EndedBecause = "withdrawn";
        // The word of Sessions is kept for a second.
        clock.Advance(TimeSpan.FromSeconds(1));
        var response = await browser.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal("/connexion?fin=withdrawn", response.Headers.Location?.OriginalString);
        Assert.Contains("Votre carte a été retirée", WebUtility.HtmlDecode(await browser.GetStringAsync("/connexion?fin=withdrawn", TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_drawer_the_page_says_to_insert_the_card()
    {
        await using var bare = await PortalHost.StartAsync(platform, drawer: false);
        var page = await bare.Browser().GetStringAsync("/connexion", TestContext.Current.CancellationToken);
        Assert.Contains("without-drawer", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"pin\"", page, StringComparison.Ordinal);
        // What to click, and what it means when nothing follows.
        var words = Read(page);
        Assert.Contains("Cliquez sur «\u00a0Ouvrir l’agent de ce poste\u00a0»", words, StringComparison.Ordinal);
        Assert.Contains("Rien ne s’ouvre\u00a0? L’agent CDR n’est pas installé sur ce poste", words, StringComparison.Ordinal);
        Assert.Contains("href=\"/aide#carte\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_drawer_is_said_and_nothing_is_broken()
    {
        using var browser = portal.Browser();
        await platform.DisposeAsync();
        var page = WebUtility.HtmlDecode(await browser.GetStringAsync("/connexion", TestContext.Current.CancellationToken));
        Assert.Contains("Le tiroir de cartes ne répond pas", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_in_English_gets_English()
    {
        var page = await portal.Browser("en-GB,en").GetStringAsync("/connexion", TestContext.Current.CancellationToken);
        Assert.Contains("<html lang=\"en\"", page, StringComparison.Ordinal);
        Assert.Contains("Card PIN", page, StringComparison.Ordinal);
    }
}
