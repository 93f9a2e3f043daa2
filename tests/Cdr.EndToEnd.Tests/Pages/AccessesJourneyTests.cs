using System.Text;
using Cdr.Contracts.Rights;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing.Platforms;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>Somebody wants to know who asked about them; data protection tells them, on a screen, on paper and in a file.</summary>
public sealed class AccessesJourneyTests(Platforms platforms, Browser browser)
{
    private const int Width = 360;

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task Who_asked_about_a_person_is_found_by_number_printed_and_given_as_a_file(PlatformKind kind)
    {
        var platform = await platforms.RunningAsync(kind);
        Guid consultation;
        using (var clerk = await Clerk.SignInAsync(platform, Clerk.Uncounted, TestContext.Current.CancellationToken))
        {
            consultation = Clerk.NewId();
            using var asked = await clerk.AskAsync(Person.Accents.Question() with { Id = consultation }, TestContext.Current.CancellationToken);
            Assert.True(asked.IsSuccessStatusCode, $"{(int)asked.StatusCode}");
        }

        var page = await browser.OpenAsync(platform);
        var addresses = new List<string>();
        page.Request += (_, request) => addresses.Add(request.Url);
        await Browser.SignInAsync(page, "cpa-donnees");
        await Expect(page.GetByTestId("to-accesses")).ToBeVisibleAsync();
        await page.GetByTestId("menu-accesses").ClickAsync();
        await Expect(page.GetByTestId("nir")).ToBeVisibleAsync();
        await NoViolationAsync(page);

        // With the keyboard alone, and first without the purpose: it is asked for, and waits for it.
        await page.GetByTestId("nir").FocusAsync();
        await page.Keyboard.TypeAsync(Person.Accents.Nir);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("purpose-error")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("purpose")).ToBeFocusedAsync();
        await NoViolationAsync(page);
        await page.GetByTestId("purpose").SelectOptionAsync(AccessPurposes.AccessRequest);
        await PageJourneyTests.TabToAsync(page, "[data-testid=accesses-search]");
        await page.Keyboard.PressAsync("Enter");

        var row = page.Locator("tr[data-act=answered]").Filter(new() { HasText = consultation.ToString() });
        await Expect(row).ToContainTextAsync("Réponse donnée");
        await Expect(page.Locator("#accesses-of")).ToBeFocusedAsync();
        await NoViolationAsync(page);

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("accesses-csv").ClickAsync());
        Assert.Matches("^acces-[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv$", download.SuggestedFilename);
        var bytes = await File.ReadAllBytesAsync((await download.PathAsync())!, TestContext.Current.CancellationToken);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var file = Encoding.UTF8.GetString(bytes);
        Assert.Contains(consultation.ToString(), file, StringComparison.Ordinal);
        // The list that was shown before is an access, too.
        Assert.Contains("Liste des accès demandée", file, StringComparison.Ordinal);
        await Expect(page.GetByTestId("accesses-saved")).ToBeVisibleAsync();

        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await Expect(row).ToBeVisibleAsync();
        await Expect(page.GetByTestId("nir")).ToBeHiddenAsync();
        await Expect(page.GetByTestId("accesses-print")).ToBeHiddenAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Screen });

        await page.SetViewportSizeAsync(Width, 740);
        Assert.Equal(Width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));

        await page.GetByTestId("accesses-another").ClickAsync();
        await page.GetByTestId("nir").FillAsync("1 99 12 75 115 778 96");
        await page.GetByTestId("purpose").SelectOptionAsync(AccessPurposes.Control);
        await page.GetByTestId("accesses-search").ClickAsync();
        await Expect(page.GetByTestId("accesses-empty")).ToBeVisibleAsync();
        Assert.Equal(Width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        await NoViolationAsync(page);

        var number = Person.Accents.Nir.Replace(" ", "", StringComparison.Ordinal)[..13];
        Assert.NotEmpty(addresses);
        Assert.DoesNotContain(addresses.Append(page.Url), address => Uri.UnescapeDataString(address).Replace(" ", "", StringComparison.Ordinal).Contains(number, StringComparison.Ordinal));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_clerk_has_no_way_there_and_is_told_so_at_its_address()
    {
        var page = await browser.OpenAsync(await platforms.RunningAsync(PlatformKind.Embedded));
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await Expect(page.GetByTestId("sign-out")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("menu-accesses")).ToHaveCountAsync(0);
        await page.GotoAsync("/acces");
        await Expect(page.GetByTestId("accesses-not-yours")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("nir")).ToHaveCountAsync(0);
        await NoViolationAsync(page);
        await page.Context.CloseAsync();
    }

    private static async Task NoViolationAsync(IPage page) =>
        Accessibility.None(await Accessibility.ViolationsAsync(page, page.Url));
}
