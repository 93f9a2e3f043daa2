using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Cdr.Contracts.Rights;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing.Platforms;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>A statement is printed by a clerk, and verified by somebody who has nothing but the paper.</summary>
public sealed partial class StatementJourneyTests(Platforms platforms, Browser browser)
{
    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task A_printed_statement_is_verified_by_its_code_and_one_letter_changed_is_refused(PlatformKind kind)
    {
        var platform = await platforms.RunningAsync(kind);
        var page = await browser.OpenAsync(platform);
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await page.GetByTestId("nir").FillAsync(Person.Cnam.Nir);
        await page.GetByTestId("regime").SelectOptionAsync("cnam");
        await page.GetByTestId("reason-emergency").CheckAsync();
        await page.GetByTestId("ask").ClickAsync();
        await Expect(page.GetByTestId("answer")).ToHaveAttributeAsync("data-outcome", "found");

        // With the keyboard alone.
        await page.GetByTestId("make-statement").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("paper")).ToContainTextAsync("ne vaut ni attestation de droits ni accord de prise en charge");
        await Expect(page).ToHaveURLAsync(StatementAddress());
        var code = (await page.GetByTestId("statement-code").TextContentAsync())!;
        Accessibility.None(await Accessibility.ViolationsAsync(page, "statement"));

        // Folded on the screen, whole on paper.
        var folded = page.Locator("[data-folded=true] .lines");
        await Expect(folded).ToHaveCountAsync(5);
        await Expect(folded.First).ToBeHiddenAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        for (var index = 0; index < 5; index++)
            await Expect(folded.Nth(index)).ToBeVisibleAsync();
        await Expect(page.GetByTestId("statement-print")).ToBeHiddenAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Screen });

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("statement-pdf").ClickAsync());
        Assert.Matches("^releve-[0-9a-f-]{36}[.]pdf$", download.SuggestedFilename);
        var file = await File.ReadAllBytesAsync((await download.PathAsync())!, TestContext.Current.CancellationToken);
        Assert.StartsWith("%PDF-", Encoding.Latin1.GetString(file), StringComparison.Ordinal);
        await page.Context.CloseAsync();

        await VerifiedAsync(platform, code);
    }

    private async Task VerifiedAsync(IPlatform platform, string code)
    {
        var page = await browser.OpenAsync(platform);
        await page.GotoAsync("/verify");
        Accessibility.None(await Accessibility.ViolationsAsync(page, "statement"));
        await page.GetByTestId("code").FillAsync(code.ToLowerInvariant().Replace('-', ' '));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("verification")).ToHaveAttributeAsync("data-outcome", "genuine");
        await Expect(page.GetByTestId("verification")).ToContainTextAsync("Europe/Paris");
        Accessibility.None(await Accessibility.ViolationsAsync(page, "statement"));

        await page.GetByTestId("code").FillAsync(code[..^1] + (code[^1] == '7' ? '8' : '7'));
        await page.GetByTestId("verify").ClickAsync();
        await Expect(page.GetByTestId("verification")).ToHaveAttributeAsync("data-outcome", "refused");
        await page.Context.CloseAsync();

        using var software = new HttpClient { BaseAddress = platform.Door };
        Assert.True((await software.GetFromJsonAsync<StatementVerification>("verify/" + code, TestContext.Current.CancellationToken))!.Genuine);
    }

    [GeneratedRegex("/consultations/[0-9a-f-]{36}/releve$")]
    private static partial Regex StatementAddress();
}
