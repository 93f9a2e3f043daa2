using System.Net;
using System.Text.RegularExpressions;
using Cdr.Portal.Knowledge;
using Cdr.Portal.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Portal.Tests;

public sealed partial class PageTests : IAsyncLifetime
{
    private FakePlatform platform = null!;
    private PortalHost portal = null!;

    public async ValueTask InitializeAsync()
    {
        platform = await FakePlatform.StartAsync();
        portal = await PortalHost.StartAsync(platform);
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await platform.DisposeAsync();
    }

    [Theory]
    [InlineData("/connexion")]
    [InlineData("/aide")]
    [InlineData("/conditions")]
    [InlineData("/nulle-part")]
    [InlineData("/")]
    public async Task Every_page_is_closed_to_frames_scripts_and_caches_of_others(string path)
    {
        using var browser = await portal.SignedInAsync();
        using var response = await browser.GetAsync(path == "/connexion" ? "/connexion?fin=expired" : path, TestContext.Current.CancellationToken);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Contains("no-store", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/connexion?fin=expired")]
    public async Task Every_file_of_a_page_comes_from_this_host_and_is_not_empty(string path)
    {
        using var browser = await portal.SignedInAsync();
        var page = await browser.GetStringAsync(path, TestContext.Current.CancellationToken);
        var files = Linked().Matches(page).Select(match => match.Groups[1].Value).Where(file => file.Contains('.', StringComparison.Ordinal)).Distinct().ToArray();
        Assert.Contains(files, file => file.Contains("portal/portal", StringComparison.Ordinal));
        Assert.Contains(files, file => file.Contains("_content/MudBlazor", StringComparison.Ordinal));
        Assert.Equal(path == "/", files.Any(file => file.Contains("blazor.web", StringComparison.Ordinal)));
        foreach (var file in files)
        {
            Assert.DoesNotContain("//", file, StringComparison.Ordinal);
            using var response = await browser.GetAsync("/" + file, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.True((await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length > 100, file);
        }
    }

    [Fact]
    public async Task A_wrong_address_is_a_page_for_a_person_and_a_problem_for_a_program()
    {
        using var browser = await portal.SignedInAsync();
        using var page = await browser.GetAsync("/nulle-part", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("n’existe pas", WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);

        browser.DefaultRequestHeaders.Remove("Accept");
        browser.DefaultRequestHeaders.Add("Accept", "application/json");
        using var problem = await browser.GetAsync("/nulle-part", TestContext.Current.CancellationToken);
        Assert.Equal("application/problem+json", problem.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Help_and_terms_are_always_readable()
    {
        using var stranger = portal.Browser();
        var help = WebUtility.HtmlDecode(await stranger.GetStringAsync("/aide", TestContext.Current.CancellationToken));
        Assert.Contains("Du lundi au vendredi", help, StringComparison.Ordinal);
        Assert.Contains("ne justifie jamais un refus de soins", help, StringComparison.Ordinal);
        Assert.Contains("ni attestation de droits ni accord de prise en charge", WebUtility.HtmlDecode(await stranger.GetStringAsync("/conditions", TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whose_reader_does_not_work_reads_what_to_do_without_signing_in()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var stranger = portal.Browser();
        var help = WebUtility.HtmlDecode(await stranger.GetStringAsync("/aide", cancel));
        Assert.Contains($"<a href=\"/aide/{FakeKnowledge.Id}\" lang=\"fr\">Le lecteur ne répond pas</a>", help, StringComparison.Ordinal);
        var article = WebUtility.HtmlDecode(await stranger.GetStringAsync($"/aide/{FakeKnowledge.Id}", cancel));
        Assert.Contains("Rebranchez-le.", article, StringComparison.Ordinal);
        Assert.DoesNotContain("blazor.web", article, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.NotFound, "n’est plus publié")]
    [InlineData(true, HttpStatusCode.ServiceUnavailable, "ne peut pas être lu pour le moment")]
    public async Task An_article_that_is_not_shown_says_whether_it_is_gone_to_people_and_to_programs(bool isSilent, HttpStatusCode status, string said)
    {
        var cancel = TestContext.Current.CancellationToken;
        platform.Knowledge.IsSilent = isSilent;
        using var stranger = portal.Browser();
        using var page = await stranger.GetAsync($"/aide/{FakeSupport.Id}", cancel);
        Assert.Equal(status, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("no-store", page.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        var text = WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(cancel));
        Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.Contains("faq-back", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_Support_makes_one_reader_of_the_help_wait_and_takes_nothing_away_that_was_told()
    {
        var cancel = TestContext.Current.CancellationToken;
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var another = await PortalHost.StartAsync(platform, clock: clock);
        using var stranger = another.Browser();
        async Task<string> HelpAsync() => WebUtility.HtmlDecode(await stranger.GetStringAsync("/aide", cancel));

        platform.Knowledge.IsSilent = true;
        var help = await HelpAsync();
        Assert.Contains("faq-silent", help, StringComparison.Ordinal);
        Assert.Contains("ne justifie jamais un refus de soins", help, StringComparison.Ordinal);
        platform.Knowledge.IsSilent = false;
        clock.Advance(FrequentQuestion.Kept);
        Assert.Contains("Le lecteur ne répond pas", await HelpAsync(), StringComparison.Ordinal);

        platform.Knowledge.Hangs = true;
        clock.Advance(FrequentQuestion.Kept);
        Assert.Contains("Le lecteur ne répond pas", await HelpAsync(), StringComparison.Ordinal);
        var asked = platform.Knowledge.Listed;
        Assert.Equal(3, asked);
        Assert.Contains("Le lecteur ne répond pas", await HelpAsync(), StringComparison.Ordinal);
        Assert.Equal(asked, platform.Knowledge.Listed);
    }

    [Theory]
    [InlineData("help-agent", "Ouvrir l’agent de ce poste", "référent technique")]
    [InlineData("help-unread", "lecteur est branché", "sans contact")]
    [InlineData("help-pin", "quatre chiffres", "trois codes faux")]
    [InlineData("help-blocked", "gestionnaire de cartes de la Cryptolib CPS", "0 825 852 000")]
    [InlineData("help-lost", "opposition", "0 825 852 000")]
    [InlineData("help-diagnose", "cdr-agent diagnose", "aucune donnée personnelle")]
    public async Task Whoever_cannot_sign_in_reads_what_to_do_without_signing_in(string which, string one, string other)
    {
        var help = WebUtility.HtmlDecode(await portal.Browser().GetStringAsync("/aide", TestContext.Current.CancellationToken));
        Assert.Contains("id=\"carte\"", help, StringComparison.Ordinal);
        var words = Regex.Match(help, $"<p data-testid=\"{which}\">(.*?)</p>", RegexOptions.Singleline).Groups[1].Value;
        Assert.Contains(one, words, StringComparison.Ordinal);
        Assert.Contains(other, words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "Le téléphone et l’adresse de la hotline ne sont pas renseignés")]
    [InlineData(null, "aide@cdr.test", "Le numéro de téléphone de la hotline n’est pas renseigné")]
    [InlineData("01 23 45 67 89", null, "<a href=\"tel:0123456789\">01 23 45 67 89</a>")]
    public async Task The_hotlines_number_is_shown_or_that_there_is_none(string? phone, string? email, string said)
    {
        await using var own = await PortalHost.StartAsync(platform, configure: builder => (builder.Configuration["Portal:Hotline:Phone"], builder.Configuration["Portal:Hotline:Email"]) = (phone, email));
        var help = WebUtility.HtmlDecode(await own.Browser().GetStringAsync("/aide", TestContext.Current.CancellationToken));
        Assert.Contains(said, help, StringComparison.Ordinal);
        Assert.Equal(phone is null, help.Contains("hotline-no-phone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stranger_opens_no_circuit()
    {
        using var stranger = portal.Browser();
        using var response = await stranger.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task The_box_of_a_lost_connection_says_what_happens_and_what_to_do_in_the_readers_language()
    {
        using var browser = await portal.SignedInAsync();
        var page = WebUtility.HtmlDecode(await browser.GetStringAsync("/", TestContext.Current.CancellationToken));
        var box = page[page.IndexOf("<dialog id=\"components-reconnect-modal\"", StringComparison.Ordinal)..page.IndexOf("</dialog>", StringComparison.Ordinal)];
        Assert.All(
            (string[])["La connexion avec le service est interrompue", "une question posée se poursuit", "les essais continuent", "Vérifiez le câble ou le réseau du poste, puis réessayez", "admettez la personne comme d’habitude", "Réessayer", "Recharger la page"],
            words => Assert.Contains(words, box, StringComparison.Ordinal));
        Assert.DoesNotMatch("(?i)rejoin|reconnect to|attempt", System.Text.RegularExpressions.Regex.Replace(box, "<[^>]*>", ""));
    }

    [Fact]
    public async Task A_page_chosen_in_English_stays_so()
    {
        using var browser = portal.Browser();
        await browser.GetAsync("/langue/en", TestContext.Current.CancellationToken);
        Assert.Contains("Terms of use", await browser.GetStringAsync("/conditions", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/aide", "/aide")]
    [InlineData("/?consultation=019ac000-0000-7000-8000-000000000000", "/?consultation=019ac000-0000-7000-8000-000000000000")]
    [InlineData("//ailleurs.example/", "/")]
    [InlineData("/\\ailleurs.example/", "/")]
    [InlineData("https://ailleurs.example/", "/")]
    [InlineData("/langue/fr", "/")]
    [InlineData(null, "/")]
    public async Task Another_language_keeps_the_page_and_leads_nowhere_else(string? page, string leadsTo)
    {
        using var browser = portal.Browser();
        using var response = await browser.GetAsync("/langue/en" + (page is null ? "" : "?page=" + Uri.EscapeDataString(page)), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Redirect, leadsTo), (response.StatusCode, response.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task A_page_s_other_language_is_the_same_page()
    {
        using var browser = portal.Browser();
        Assert.Contains("/langue/en?page=%2Faide", await browser.GetStringAsync("/aide", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [GeneratedRegex("<(?:link|script)[^>]+(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Linked();
}
