using System.Net;
using System.Text.RegularExpressions;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Tests.Fakes;

namespace Cdr.Portal.Tests;

/// <summary>A referent without a card obtains the package with a browser alone.</summary>
public sealed partial class PackagePageTests : IAsyncLifetime
{
    private FakePlatform platform = null!;
    private PortalHost portal = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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

    [Fact]
    public async Task Asked_for_its_licence_accepted_its_files_are_there()
    {
        var browser = portal.Browser();
        var page = await AskAsync(browser, "590780193");
        Assert.Equal(new PackageRequest("Hôpital Saint-Roch", "590780193", "public", "Alix Bernard, DSI", "dsi@saint-roch.test"), Assert.Single(platform.Package.Requests));
        Assert.Contains($"data-testid=\"package-access\">{FakePackage.Access}", page, StringComparison.Ordinal);
        Assert.Contains("package-secret", page, StringComparison.Ordinal);
        Assert.Contains("/api/sessions/package/files/read-first/prerequis.pdf", page, StringComparison.Ordinal);
        Assert.Contains("Licence &lt;texte&gt;.", page, StringComparison.Ordinal);
        // Behind the licence.
        Assert.DoesNotContain("agent.msi", page, StringComparison.Ordinal);

        page = await PostAsync(browser, page, "package-licence", ("access", FakePackage.Access.ToString()), ("secret", "package-secret"), ("version", Version().Match(page).Groups[1].Value));
        Assert.Equal("2026-1", platform.Package.Accepted);
        Assert.Contains("href=\"/api/sessions/package/files/windows/cdr%20agent.msi\"", page, StringComparison.Ordinal);

        // Another day, with the credentials.
        page = await PostAsync(browser, await browser.GetStringAsync("/paquet", Cancellation), "package-open", ("access", FakePackage.Access.ToString()), ("secret", " package-secret "));
        Assert.Contains("cdr agent.msi", page, StringComparison.Ordinal);
        Assert.DoesNotContain(platform.Seen, seen => seen.Contains("package-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_there_is_no_package_the_page_says_so_and_asks_nothing()
    {
        platform.Package.IsAbsent = true;
        var page = WebUtility.HtmlDecode(await portal.Browser().GetStringAsync("/paquet", Cancellation));
        Assert.Matches("data-testid=\"package-absent\">[^<]*ne propose pas de paquet", page);
        Assert.Matches("<form[^>]*hidden[^>]*data-testid=\"package-ask\"", page);
        Assert.Matches("<form[^>]*hidden[^>]*data-testid=\"package-open\"", page);
        Assert.DoesNotContain("Vous avez déjà des identifiants", page, StringComparison.Ordinal);

        platform.Package.IsAbsent = false;
        page = await portal.Browser().GetStringAsync("/paquet", Cancellation);
        Assert.DoesNotMatch("<form[^>]*hidden[^>]*data-testid=\"package-ask\"", page);
        Assert.DoesNotContain("sign-in-error", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_said_and_what_was_typed_stays()
    {
        var browser = portal.Browser();
        var page = WebUtility.HtmlDecode(await AskAsync(browser, "000000000"));
        Assert.Contains("data-code=\"package-establishment-unknown\"", page, StringComparison.Ordinal);
        Assert.Contains("Code à donner à la hotline\u00a0: <code>package-establishment-unknown</code>", page, StringComparison.Ordinal);
        Assert.Contains("value=\"Hôpital Saint-Roch\"", page, StringComparison.Ordinal);
        page = await PostAsync(browser, await browser.GetStringAsync("/paquet", Cancellation), "package-open", ("access", "x"), ("secret", "wrong"));
        Assert.Contains("data-code=\"package-credentials-wrong\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong\" ", page.Replace("credentials-wrong", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_that_failed_is_a_ticket_and_one_that_passed_says_to_deploy()
    {
        var browser = portal.Browser();
        var page = await AskAsync(browser, "590780193");
        Assert.Contains("Lecteur bi-mode A", page, StringComparison.Ordinal);
        // Before the licence there is nothing to try.
        Assert.Matches("<form[^>]*hidden[^>]*data-testid=\"package-trial\"", page);
        page = await PostAsync(browser, page, "package-licence", ("access", FakePackage.Access.ToString()), ("secret", "package-secret"), ("version", "2026-1"));
        Assert.DoesNotMatch("<form[^>]*hidden[^>]*data-testid=\"package-trial\"", page);

        page = WebUtility.HtmlDecode(await TellAsync(browser, page, "failed", "card", "pin"));
        Assert.Equal(("Urgences 1", "emergencies", false, "card pin"), Told(platform.Package.Trials[0]));
        Assert.Matches("data-testid=\"trial-ticket\">\\s*Essai d'un poste en échec\\s+Poste : Urgences 1\\s+La carte n'est pas reconnue.", page);
        Assert.Contains("cdr agent.msi", page, StringComparison.Ordinal);

        page = await TellAsync(browser, page, "passed");
        Assert.Equal(("Urgences 1", "emergencies", true, ""), Told(platform.Package.Trials[1]));
        Assert.Contains("data-testid=\"trial-passed\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("trial-ticket", page, StringComparison.Ordinal);

        // Refused: said, and what was typed stays.
        page = WebUtility.HtmlDecode(await TellAsync(browser, page, "failed"));
        Assert.Contains("data-code=\"trial-failure-missing\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"Urgences 1\"", page, StringComparison.Ordinal);
        Assert.Contains("cdr agent.msi", page, StringComparison.Ordinal);
        Assert.DoesNotContain(platform.Seen, seen => seen.Contains("package-secret", StringComparison.Ordinal));
    }

    private static (string, string, bool, string) Told(PostTrial trial) => (trial.Post, trial.Function, trial.Passed, string.Join(' ', trial.Failed ?? []));

    private static Task<string> TellAsync(HttpClient browser, string page, string outcome, params string[] failed) => PostAsync(
        browser, page, "package-trial",
        [("access", FakePackage.Access.ToString()), ("secret", "package-secret"), ("post", " Urgences 1 "), ("function", "emergencies"), ("outcome", outcome), .. failed.Select(check => ("failed", check))]);

    private static async Task<string> AskAsync(HttpClient browser, string finess) => await PostAsync(
        browser, await browser.GetStringAsync("/paquet", Cancellation), "package-ask",
        ("establishment", "Hôpital Saint-Roch"), ("finess", finess), ("type", "public"), ("requester", "Alix Bernard, DSI"), ("email", "dsi@saint-roch.test"));

    private static async Task<string> PostAsync(HttpClient browser, string page, string form, params (string Name, string Value)[] fields) =>
        await (await PortalHost.PostFromAsync(browser, page, form, "/paquet", fields)).Content.ReadAsStringAsync(Cancellation);

    [GeneratedRegex("name=\"version\" value=\"([^\"]+)\"")]
    private static partial Regex Version();
}
