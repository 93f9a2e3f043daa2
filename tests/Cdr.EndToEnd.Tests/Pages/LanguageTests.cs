using Cdr.EndToEnd.Tests.Journeys;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>Another language is another look at the same page.</summary>
public sealed class LanguageTests(Platforms platforms, Browser browser)
{
    [Fact]
    public async Task What_is_typed_and_the_answer_stay_when_the_language_changes()
    {
        var page = await browser.OpenAsync(await platforms.RunningAsync(PlatformKind.Embedded));
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await page.GetByTestId("nir").FillAsync(Person.Cnam.Nir);
        await Expect(page.GetByTestId("nir-remark")).ToContainTextAsync(Person.Cnam.Nir[^2..]);

        await page.GetByTestId("language").ClickAsync();

        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await Expect(page.GetByTestId("nir")).ToHaveValueAsync(Person.Cnam.Nir);
        await page.GetByTestId("reason-emergency").CheckAsync();
        await page.GetByTestId("ask").ClickAsync();
        await Expect(page.GetByTestId("answer")).ToBeVisibleAsync();
        var answer = await page.GetByTestId("answer").GetAttributeAsync("data-consultation");

        await page.GetByTestId("language").ClickAsync();

        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "fr");
        await Expect(page.GetByTestId("answer")).ToHaveAttributeAsync("data-consultation", answer!);
        await page.Context.CloseAsync();
    }
}
