using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>An installation with terms of use: read, refused, accepted once, at the drawer's door and at a provider's.</summary>
public sealed class TermsJourneyTests(Browser browser)
{
    private const string Card = "cpe-admissions-nord";

    [Fact]
    public async Task Terms_of_use_are_read_and_accepted_once_at_every_door()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TestFolder("terms");
        var file = folder.File("terms.txt");
        await File.WriteAllTextAsync(file, "Article 1. Les droits ne sont consultés que pour la prise en charge du patient.\nArticle 2. Chaque consultation est tracée.", cancellation);
        var port = FreePort.Take();
        await using var provider = await TestProvider.StartAsync(returnAddress: $"http://127.0.0.1:{port}/connexion/retour", cancellationToken: cancellation);
        provider.Person = new() { ["sub"] = "f:nurse", ["SubjectNameID"] = "881990000226", ["SubjectRole"] = new[] { "60" }, ["given_name"] = "Thomas", ["family_name"] = "Quenelle" };
        var settings = provider.Settings("pro-sante-connect", "Pro Santé Connect", ("Acr:0", "eidas1")).Select(one => new KeyValuePair<string, string?>(one.Key, one.Value));
        await using var platform = new EmbeddedPlatform(port, [.. settings, new("Sessions:Terms:Version", "2026-01"), new("Sessions:Terms:File", file)]);
        await platform.StartAsync(cancellation);

        var page = await browser.OpenAsync(platform);
        await Browser.SignInAsync(page, Card);
        await Expect(page.GetByTestId("terms-text")).ToContainTextAsync("Chaque consultation est tracée.");
        Accessibility.None(await Accessibility.ViolationsAsync(page, "terms"));
        await page.EvaluateAsync("() => { window.printed = 0; window.print = () => window.printed++; }");
        await page.GetByTestId("terms-print").ClickAsync();
        Assert.Equal(1, await page.EvaluateAsync<int>("() => window.printed"));

        await page.GetByTestId("terms-refuse").ClickAsync();
        await Expect(page.GetByTestId("terms-declined")).ToContainTextAsync("référent");
        Accessibility.None(await Accessibility.ViolationsAsync(page, "terms"));
        await page.GotoAsync("/");
        await Expect(page.GetByTestId("pin")).ToBeVisibleAsync();

        await Browser.SignInAsync(page, Card);
        await page.GetByTestId("terms-accept").ClickAsync();
        await Expect(page.GetByTestId("nir")).ToBeVisibleAsync();

        // Once a version: the next sign-in asks nothing.
        await SignOutAsync(page);
        await Browser.SignInAsync(page, Card);
        await Expect(page.GetByTestId("nir")).ToBeVisibleAsync();
        await SignOutAsync(page);

        await page.GetByTestId("provider-pro-sante-connect").ClickAsync();
        await page.GetByTestId("terms-accept").ClickAsync();
        await Expect(page.GetByTestId("who")).ToContainTextAsync("Quenelle");
        await page.Context.CloseAsync();
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.GetByTestId("sign-out").ClickAsync();
        await Expect(page.GetByTestId("ended-because")).ToBeVisibleAsync();
    }
}
