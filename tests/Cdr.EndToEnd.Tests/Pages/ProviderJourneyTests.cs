using Cdr.Testing.Identity;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>A browser goes to a provider on another site and comes back signed in.</summary>
public sealed class ProviderJourneyTests(Browser browser)
{
    [Fact]
    public async Task A_professional_signs_in_at_their_provider_and_asks_without_a_card()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var port = FreePort.Take();
        await using var provider = await TestProvider.StartAsync(returnAddress: $"http://127.0.0.1:{port}/connexion/retour", cancellationToken: cancellation);
        // The drawer's nurse: one activity.
        provider.Person = new() { ["sub"] = "f:nurse", ["SubjectNameID"] = "881990000226", ["SubjectRole"] = new[] { "60" }, ["given_name"] = "Thomas", ["family_name"] = "Quenelle" };
        var settings = provider.Settings("pro-sante-connect", "Pro Santé Connect", ("Acr:0", "eidas1")).Select(one => new KeyValuePair<string, string?>(one.Key, one.Value));
        await using var platform = new EmbeddedPlatform(port, settings);
        await platform.StartAsync(cancellation);

        var page = await browser.OpenAsync(platform);
        Accessibility.None(await Accessibility.ViolationsAsync(page, "doors"));
        await page.GetByTestId("provider-pro-sante-connect").ClickAsync();
        await Expect(page.GetByTestId("who")).ToContainTextAsync("Quenelle");
        await Expect(page.GetByTestId("nir")).ToBeVisibleAsync();
        Assert.Equal(platform.Door.AbsoluteUri, page.Url);

        // Who signs out here is signed out there: the browser goes there with a form, and is sent back.
        Assert.True(provider.Remembers);
        await page.GetByTestId("sign-out").ClickAsync();
        await Expect(page.GetByTestId("ended-because")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Uri(platform.Door, "/connexion?fin=signed-out").AbsoluteUri);
        Assert.False(provider.Remembers);

        // Whoever sits down next at this post signs in as themselves, even where the one before did not sign out.
        await page.GetByTestId("provider-pro-sante-connect").ClickAsync();
        await Expect(page.GetByTestId("who")).ToContainTextAsync("Quenelle");
        await page.Context.ClearCookiesAsync(new() { Name = "cdr-session" });
        provider.Person = new() { ["sub"] = "f:doctor", ["SubjectNameID"] = "881990000119", ["SubjectRole"] = new[] { "10" }, ["given_name"] = "Hélène", ["family_name"] = "Aubriot" };
        await page.GotoAsync("/connexion");
        await page.GetByTestId("provider-pro-sante-connect").ClickAsync();
        await page.GetByTestId("activity-0").ClickAsync();
        await Expect(page.GetByTestId("who")).ToContainTextAsync("Aubriot");
        await page.Context.CloseAsync();
    }
}
