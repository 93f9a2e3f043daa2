using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>The portal's keys of one letter, on a page whose form is as slow to open as over a bad line.</summary>
public sealed class KeysTests(Platforms platforms, Browser browser)
{
    private const string Slow = """
        <!doctype html><title>Keys</title><div data-keys></div>
        <button id="reply" aria-expanded="false" aria-keyshortcuts="r" onclick="setTimeout(() => { document.body.append(Object.assign(document.createElement('textarea'), { id: 'words' })); document.getElementById('words').focus(); }, 300)">r</button>
        <button id="take" aria-keyshortcuts="p" onclick="this.dataset.times = 1 + Number(this.dataset.times ?? 0)">p</button>
        <script src="/portal/keys.js"></script>
        """;

    [Fact]
    public async Task Letters_typed_before_a_form_is_there_do_nothing_else()
    {
        var page = await OpenAsync();
        await page.Keyboard.TypeAsync("rpp");
        await Expect(page.Locator("#words")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("pris");

        await Expect(page.Locator("#words")).ToHaveValueAsync("pris");
        Assert.Null(await page.Locator("#take").GetAttributeAsync("data-times"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_key_that_is_held_down_is_pressed_once()
    {
        var page = await OpenAsync();
        await page.Keyboard.DownAsync("p");
        // Longer than letters are held back.
        await page.WaitForFunctionAsync("start => performance.now() - start > 1100", await page.EvaluateAsync<double>("() => performance.now()"));
        await page.Keyboard.DownAsync("p");
        await page.Keyboard.UpAsync("p");

        Assert.Equal("1", await page.Locator("#take").GetAttributeAsync("data-times"));
        await page.Context.CloseAsync();
    }

    private async Task<IPage> OpenAsync()
    {
        var page = await browser.OpenAsync(await platforms.RunningAsync(PlatformKind.Embedded));
        await page.RouteAsync("**/slow-form", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = Slow }));
        await page.GotoAsync("/slow-form");
        return page;
    }
}
