using Cdr.EndToEnd.Tests.Journeys;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>The card stays in its reader, and the next patient stands at the desk.</summary>
public sealed class CoverTests(Platforms platforms, Browser browser)
{
    [Fact]
    public async Task A_page_that_shows_a_person_is_covered_when_nobody_touches_it_and_comes_back_as_it_was()
    {
        var platform = await platforms.RunningAsync(PlatformKind.Embedded);
        var page = await browser.OpenAsync(platform);
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await Expect(page.GetByTestId("nir")).ToBeFocusedAsync();
        Assert.Equal("120", await page.GetByTestId("cover").GetAttributeAsync("data-after"));
        await page.EvaluateAsync("() => { document.getElementById('cover').dataset.after = 0.3; dispatchEvent(new Event('pageshow')); }");

        // An empty form shows nobody.
        await page.Keyboard.PressAsync("Shift");
        Assert.True(await page.EvaluateAsync<bool>("() => new Promise(seen => setTimeout(() => seen(document.getElementById('cover').hidden), 1500))"));
        await page.EvaluateAsync("() => { document.getElementById('cover').dataset.after = 120; dispatchEvent(new Event('pageshow')); }");
        await page.Keyboard.PressAsync("Shift");
        await page.GetByTestId("nir").FillAsync(Person.Cnam.Nir);
        await page.GetByTestId("reason-emergency").CheckAsync();
        await page.GetByTestId("ask").ClickAsync();
        await Expect(page.GetByTestId("answer")).ToHaveCountAsync(1);

        await page.EvaluateAsync("() => { document.getElementById('cover').dataset.after = 0.3; dispatchEvent(new Event('pageshow')); }");
        await page.Keyboard.PressAsync("Shift");
        await Expect(page.GetByTestId("cover")).ToBeVisibleAsync();
        Assert.Equal("cover", await page.EvaluateAsync<string>("() => document.elementFromPoint(400, 300).closest('[data-testid]').dataset.testid"));
        Assert.True(await page.EvaluateAsync<bool>("() => document.querySelector('.shell').inert"));

        // Loaded again by a deployment, or by itself: nobody touched it.
        var at = page.Url;
        await page.EvaluateAsync("() => location.reload()");
        await Expect(page.GetByTestId("answer")).ToHaveCountAsync(1);
        await Expect(page.GetByTestId("cover")).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => document.querySelector('.shell').inert"));

        // The key, or the click, that shows it again does nothing else.
        await page.GetByTestId("new-question").FocusAsync();
        await page.Keyboard.DownAsync("Enter");
        await Expect(page.GetByTestId("cover")).ToBeVisibleAsync();
        await page.Keyboard.UpAsync("Enter");
        await Expect(page.GetByTestId("cover")).ToBeHiddenAsync();
        await Expect(page.GetByTestId("headline")).ToBeVisibleAsync();
        Assert.Equal(at, page.Url);
        await page.EvaluateAsync("() => { document.getElementById('cover').dataset.after = 0.3; dispatchEvent(new Event('pageshow')); }");
        await page.Keyboard.PressAsync("Shift");
        await Expect(page.GetByTestId("cover")).ToBeVisibleAsync();
        await page.EmulateMediaAsync(new() { Media = Microsoft.Playwright.Media.Print });
        await Expect(page.GetByTestId("answer")).ToBeHiddenAsync();
        await page.EmulateMediaAsync(new() { Media = Microsoft.Playwright.Media.Screen });
        await page.Mouse.DownAsync();
        await page.Mouse.UpAsync();
        await Expect(page.GetByTestId("cover")).ToBeHiddenAsync();
        await Expect(page.GetByTestId("answer")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_birth_date_that_no_calendar_has_is_remarked_and_asked_as_it_is()
    {
        var platform = await platforms.RunningAsync(PlatformKind.Embedded);
        var page = await browser.OpenAsync(platform);
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await page.GetByTestId("by-names").CheckAsync();

        await page.GetByTestId("birth-date").FillAsync("31/02/1950");
        await Expect(page.GetByTestId("birth-date-remark")).ToContainTextAsync("n’existe pas au calendrier");
        await page.GetByTestId("birth-date").FillAsync("28/02/1950");
        await Expect(page.GetByTestId("birth-date-remark")).ToBeHiddenAsync();
        await page.Context.CloseAsync();
    }
}
