using Cdr.EndToEnd.Tests.Journeys;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>What a hand does next, and what is said when nothing can be done.</summary>
public sealed class DeskHabitsTests(Platforms platforms, Browser browser)
{
    [Fact]
    public async Task Whoever_takes_a_card_with_the_mouse_types_its_pin_next_and_comes_back_to_the_page_they_wanted()
    {
        var page = await browser.OpenAsync(await platforms.RunningAsync(PlatformKind.Embedded));
        await page.GotoAsync("/regimes");
        await page.GetByTestId("drawer-card-" + Clerk.Uncounted).ClickAsync();
        await Expect(page.GetByTestId("pin")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("0000");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("tries-left")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("pin")).ToBeFocusedAsync();

        await page.Keyboard.TypeAsync(Clerk.Pin);
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByTestId("regimes-board")).ToBeVisibleAsync();
        Assert.Equal("/regimes", new Uri(page.Url).PathAndQuery);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_arrow_keys_walk_through_the_cards()
    {
        var page = await browser.OpenAsync(await platforms.RunningAsync(PlatformKind.Embedded));
        await PageJourneyTests.TabToAsync(page, "input[name=card]");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.matches('input[name=card]:checked') && document.activeElement === document.querySelectorAll('input[name=card]')[2]"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_connection_that_stays_lost_says_what_to_do_next()
    {
        var page = await browser.OpenAsync(await platforms.RunningAsync(PlatformKind.Embedded));
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await Expect(page.GetByTestId("nir")).ToBeFocusedAsync();
        Task TellAsync(string detail) => page.EvaluateAsync("detail => document.getElementById('components-reconnect-modal').dispatchEvent(new CustomEvent('components-reconnect-state-changed', { detail: JSON.parse(detail) }))", detail);

        await TellAsync("""{"state":"show"}""");
        await TellAsync("""{"state":"retrying","currentAttempt":2,"secondsToNextAttempt":1}""");
        await Expect(page.Locator(".reconnect-trying")).ToBeVisibleAsync();
        await Expect(page.Locator(".reconnect-slow")).ToBeHiddenAsync();
        await Expect(page.Locator("#reconnect-reload")).ToBeHiddenAsync();
        await TellAsync("""{"state":"retrying","currentAttempt":4,"secondsToNextAttempt":5}""");
        await Expect(page.Locator(".reconnect-slow")).ToContainTextAsync("Vérifiez le câble ou le réseau du poste");
        await Expect(page.Locator("#reconnect-reload")).ToBeVisibleAsync();
        await TellAsync("""{"state":"failed"}""");
        await Expect(page.Locator(".reconnect-lost")).ToContainTextAsync("appelez la hotline");
        await Expect(page.Locator(".reconnect-trying")).ToBeHiddenAsync();
        await Expect(page.Locator(".reconnect-slow")).ToBeHiddenAsync();
        await Expect(page.Locator("#reconnect-retry")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
