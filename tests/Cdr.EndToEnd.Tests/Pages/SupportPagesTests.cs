using Cdr.EndToEnd.Tests.Journeys;
using Deque.AxeCore.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>Each page of Support of each role, for who sees little or reads it on a telephone: axe has nothing to say, and none is wider than the narrowest screen.</summary>
public sealed class SupportPagesTests(Platforms platforms, Browser browser)
{
    [Theory]
    [InlineData("cpa-hotline", "/demandes:tickets", "/demandes/nouvelle:new-ticket-page", "/demandes/chiffres:ticket-figures", "/modeles:templates", "/causes:causes", "/organismes:organisms", "/incidents/nouveau:incident-title", "/informations/annonces:announcements", "/avis:notices")]
    [InlineData("cpe-referent", "/demandes:tickets", "/demandes/chiffres:ticket-figures", "/avis:notices", "/avis/courriel:mail")]
    [InlineData("cpa-regime", "/demandes:tickets", "/demandes/chiffres:ticket-figures", "/avis/programmes:webhooks", "/informations/annonces:announcements")]
    [InlineData(Clerk.Uncounted, "/demandes:tickets", "/demandes/nouvelle:new-ticket-page", "/avis:notices")]
    public async Task Nothing_is_wrong_with_a_page_and_none_is_wider_than_a_narrow_screen(string card, params string[] pages)
    {
        var page = await browser.OpenAsync(await platforms.RunningAsync(PlatformKind.Embedded));
        await Browser.SignInAsync(page, card);
        await Expect(page.GetByTestId("who")).ToBeVisibleAsync();
        List<string> violations = [];
        foreach (var one in pages)
        {
            var (path, shown) = (one.Split(':')[0], one.Split(':')[1]);
            await page.GotoAsync(path);
            await Expect(page.GetByTestId(shown)).ToBeVisibleAsync();
            await Expect(page.Locator($"[data-testid={shown}][data-state=loading]")).ToHaveCountAsync(0);
            violations.AddRange((await page.RunAxe()).Violations.Select(violation => $"{path}: {violation.Id} {violation.Help}: {string.Join(", ", violation.Nodes.Select(node => node.Target))}"));
            var size = page.ViewportSize!;
            await page.SetViewportSizeAsync(360, size.Height);
            if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth") is > 360 and var width)
                violations.Add($"{path}: {width} wide");
            await page.SetViewportSizeAsync(size.Width, size.Height);
        }

        await page.Context.CloseAsync();
        Assert.True(violations.Count == 0, string.Join('\n', violations));
    }
}
