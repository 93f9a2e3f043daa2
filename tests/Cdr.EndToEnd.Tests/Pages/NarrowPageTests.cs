using Cdr.EndToEnd.Tests.Journeys;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>A telephone, or a screen enlarged four times: a table may scroll by itself, the page does not (WCAG 1.4.10).</summary>
public sealed class NarrowPageTests(Platforms platforms, Browser browser)
{
    private const int Width = 360;

    [Fact]
    public async Task No_page_of_a_clerk_is_wider_than_a_narrow_screen()
    {
        var page = await browser.OpenAsync(await platforms.RunningAsync(PlatformKind.Embedded));
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await page.GetByTestId("nir").FillAsync(Person.Cnam.Nir);
        await page.GetByTestId("reason-emergency").CheckAsync();
        await page.SetViewportSizeAsync(Width, 740);
        Assert.Equal(Width, await WidthAsync(page));
        Assert.InRange(await page.EvaluateAsync<int>("() => new Set([...document.querySelectorAll('.header nav a')].map(link => link.offsetTop)).size"), 1, 2);
        await page.GetByTestId("ask").ClickAsync();
        await Expect(page.GetByTestId("answer")).ToBeVisibleAsync();
        Assert.Equal(Width, await WidthAsync(page));

        foreach (var (path, shown) in new[] { ("/consultations", "open-0"), ("/regimes", "sign-out"), ("/aide", "sign-out") })
        {
            await page.GotoAsync(path);
            if (path != "/aide")
                await Expect(page.GetByTestId(shown)).ToBeVisibleAsync();
            Assert.Equal((path, Width), (path, await WidthAsync(page)));
        }

        await page.Context.CloseAsync();
    }

    private static Task<int> WidthAsync(IPage page) => page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
}
