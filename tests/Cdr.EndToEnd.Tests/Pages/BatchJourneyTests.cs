using System.Text;
using System.Text.RegularExpressions;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing.Platforms;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>A file of people of docs/people.md is handed in, and each of its lines has its outcome; operations see who was stopped.</summary>
public sealed partial class BatchJourneyTests(Platforms platforms, Browser browser)
{
    private const string Heading = "reference;nir;regime";
    private static readonly (string Reference, string Nir, string Outcome, string Words)[] People =
    [
        ("F-001", Person.Cnam.Nir, "found", "Droits ouverts"),
        ("F-002", Person.Nobody.Nir, "notFound", "À vérifier"),
        // Twins: nobody picks from a list in a file.
        ("F-003", "2 89 03 51 454 901 59", "candidates", "Choisissez la personne"),
        // Closed in 2021.
        ("F-004", "1 88 08 75 114 901 90", "found", "À vérifier"),
    ];

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task A_file_is_handed_in_after_its_wrong_line_was_named_and_each_line_has_its_outcome(PlatformKind kind)
    {
        var page = await browser.OpenAsync(await platforms.RunningAsync(kind));
        await page.GotoAsync("/lots");
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await Expect(page.GetByTestId("batch-file")).ToBeVisibleAsync();
        await NoViolationAsync(page);
        await page.GetByTestId("batch-reason").SelectOptionAsync("patient-absent");

        await page.GetByTestId("batch-file").SetInputFilesAsync(File("first.csv", People[0], ("F-005", Person.Cnam.Nir[..^2] + "55", "", "")));
        await Expect(page.GetByTestId("batch-file-taken")).ToContainTextAsync("first.csv");
        await page.GetByTestId("batch-send").ClickAsync();
        await Expect(page.GetByTestId("batch-fault")).ToHaveCountAsync(1);
        await Expect(page.GetByTestId("batch-fault")).ToContainTextAsync("3");
        await NoViolationAsync(page);

        // With the keyboard alone; the reason is still there.
        await page.GetByTestId("batch-file").SetInputFilesAsync(File("corrected.csv", People));
        await Expect(page.GetByTestId("batch-file-taken")).ToContainTextAsync("corrected.csv");
        await page.GetByTestId("batch-file").FocusAsync();
        await PageJourneyTests.TabToAsync(page, "[data-testid=batch-send]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(BatchAddress());
        await Expect(page.GetByTestId("batch")).ToHaveAttributeAsync("data-state", "ended");
        await NoViolationAsync(page);

        await page.GetByTestId("batch-print").FocusAsync();
        await PageJourneyTests.TabToAsync(page, "[data-testid=batch-show-lines]");
        await page.Keyboard.PressAsync("Enter");
        foreach (var (index, (reference, _, outcome, words)) in People.Index())
        {
            var line = page.GetByTestId($"line-{index + 1}");
            await Expect(line).ToHaveAttributeAsync("data-outcome", outcome);
            await Expect(line).ToContainTextAsync(reference);
            await Expect(line).ToContainTextAsync(words);
        }

        await NoViolationAsync(page);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await Expect(page.GetByTestId("line-1")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("batch-print")).ToBeHiddenAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Screen });

        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("[data-testid^=results-csv-]").ClickAsync());
        Assert.Matches("^lot-[0-9a-f-]{36}[.]csv$", download.SuggestedFilename);
        var results = await System.IO.File.ReadAllLinesAsync((await download.PathAsync())!, Encoding.UTF8, TestContext.Current.CancellationToken);
        Assert.Equal(People.Length + 1, results.Length);
        Assert.Contains(";trouvé;", results[1], StringComparison.Ordinal);

        // A line is a consultation like any other, and the list has the file.
        await page.GetByTestId("read-1").ClickAsync();
        await Expect(page.GetByTestId("headline")).ToHaveTextAsync("Droits ouverts");
        await page.GotoAsync("/lots");
        await Expect(page.Locator("tr[data-testid^=batch-][data-state=ended]").First).ToBeVisibleAsync();
        await NoViolationAsync(page);
        await page.Context.CloseAsync();
    }

    /// <summary>One card asks for everybody here, and nobody is ever stopped (OneCard): what the page shows of cases is for FishingPageTests and CaseTests.</summary>
    [Fact]
    public async Task Operations_reach_the_page_of_who_was_slowed_or_stopped_which_says_that_nobody_was()
    {
        var page = await browser.OpenAsync(await platforms.RunningAsync(PlatformKind.Embedded));
        await Browser.SignInAsync(page, "cpa-exploitation");
        await page.GetByTestId("to-fishing").ClickAsync();
        await Expect(page.GetByTestId("fishing-empty")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-testid^=case-]")).ToHaveCountAsync(0);
        await NoViolationAsync(page);
        await page.Context.CloseAsync();
    }

    private static FilePayload File(string name, params (string Reference, string Nir, string Outcome, string Words)[] lines) => new()
    {
        Name = name,
        MimeType = "text/csv",
        Buffer = Encoding.UTF8.GetBytes(string.Join("\r\n", [Heading, .. lines.Select(line => $"{line.Reference};{line.Nir};cnam")])),
    };

    private static async Task NoViolationAsync(IPage page) =>
        Accessibility.None(await Accessibility.ViolationsAsync(page, page.Url));

    [GeneratedRegex("/lots/[0-9a-f-]{36}$")]
    private static partial Regex BatchAddress();
}
