using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing.Platforms;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>Usage and deployment as operations, a referent and a clerk see them.</summary>
public sealed partial class FiguresJourneyTests(Platforms platforms, Browser browser)
{
    /// <summary>Set: the pictures of the documentation are taken again.</summary>
    private const string Pictures = "CDR_WRITE_PICTURES";

    private const int Narrow = 360;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operations_follow_usage_from_the_country_to_a_unit_and_a_link_keeps_its_filters()
    {
        var page = await OpenAsync("cpa-exploitation");
        await page.GetByTestId("menu-usage").ClickAsync();
        await ShownAsync(page, "usage-page");
        await Expect(page.Locator("figure[data-testid^=figure-] svg.drawing")).ToHaveCountAsync(3);
        await NoViolationAsync(page);
        await PictureAsync(page, "usage.png");

        // Filters, then into a part, and into a part of it.
        await page.GetByTestId("filter-department").SelectOptionAsync("59");
        await page.GetByTestId("filter-show").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/usage[?]department=59$"));
        await page.GetByTestId("by-establishment").ClickAsync();
        await Expect(page.GetByTestId("breakdown")).ToHaveAttributeAsync("data-by", "establishment");
        await page.GetByTestId("table-repartition").GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(page).ToHaveURLAsync(Unit());
        await Expect(page.Locator("[data-testid=table-repartition] tbody tr")).ToHaveCountAsync(3);
        await page.ReloadAsync();
        await ShownAsync(page, "usage-page");
        await Expect(page).ToHaveURLAsync(Unit());
        await Expect(page.GetByTestId("filters-kept")).ToContainTextAsync("59 Nord");

        var file = await DownloadAsync(page, "csv-repartition");
        Assert.Equal("Unité;Consultations;Part (%);Un an plus tôt", file[0]);
        Assert.Equal(3, file.Length - 1);

        file = await DownloadAsync(page, "raw-repartition-CSV");
        Assert.StartsWith("periode;departement;", file[0], StringComparison.Ordinal);
        Assert.All(file.Skip(1), line => Assert.Contains(";59;", line, StringComparison.Ordinal));

        // On paper there are no fields, and there is what was drawn.
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await Expect(page.GetByTestId("filters")).ToBeHiddenAsync();
        await Expect(page.Locator("[data-testid=figure-mois] svg.drawing")).ToBeVisibleAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Screen });

        await page.GotoAsync("/usage?from=2001-01-01&to=2001-01-31");
        await Expect(page.GetByTestId("usage-nothing")).ToBeVisibleAsync();
        await Expect(page.Locator("figure")).ToHaveCountAsync(0);
        await NoViolationAsync(page);
        await page.GetByTestId("usage-widen").ClickAsync();
        await Expect(page.GetByTestId("figure-mois")).ToBeVisibleAsync();

        await page.GotoAsync("/charge");
        await ShownAsync(page, "load-page");
        await Expect(page.GetByTestId("load-day")).Not.ToHaveTextAsync("0");
        await NoViolationAsync(page);
        await page.GotoAsync("/objectifs?department=59");
        await ShownAsync(page, "objectives-page");
        await Expect(page.GetByTestId("objectives-period")).ToContainTextAsync("59 Nord");
        await page.GetByTestId("filter-department").SelectOptionAsync("");
        await page.GetByTestId("filter-show").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/objectifs$"));
        await Expect(page.Locator("[data-testid=table-vitesses] tbody tr")).ToHaveCountAsync(4);
        await Expect(page.GetByTestId("objective-alert-cache")).Not.ToBeEmptyAsync();
        await NoViolationAsync(page);
        await PictureAsync(page, "objectives.png");
        file = await DownloadAsync(page, "csv-objectifs");
        Assert.Equal(["Disponibilité", "Réponse en une seconde", "Réponses complètes", "Réponses du cache"], file.Skip(1).Select(line => line.Split(';')[0]));
        file = await DownloadAsync(page, "raw-objectifs-JSON");
        Assert.Contains("\"availability\"", file[0], StringComparison.Ordinal);
        foreach (var (path, shown) in new[] { ("/objectifs", "objectives-page"), ("/charge", "load-page"), ("/usage", "usage-page"), ("/carte", "map-page"), ("/deploiement", "deployment-page") })
        {
            await page.SetViewportSizeAsync(Narrow, 740);
            await page.GotoAsync(path);
            await ShownAsync(page, shown);
            Assert.Equal((path, Narrow), (path, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")));
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_map_moves_along_the_months_with_the_keyboard_and_reads_in_grey()
    {
        var page = await OpenAsync("cpa-exploitation");
        await page.GotoAsync("/carte");
        await ShownAsync(page, "map-page");
        await Expect(page.Locator("path[data-department]")).ToHaveCountAsync(101);
        var now = await page.GetByTestId("map-page").GetAttributeAsync("data-month");

        await page.GetByTestId("map-month").FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");

        await Expect(page.GetByTestId("map-page")).Not.ToHaveAttributeAsync("data-month", now!);
        var before = DateOnly.ParseExact(now + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture).AddMonths(-1).ToString("yyyy-MM", CultureInfo.InvariantCulture);
        await Expect(page).ToHaveURLAsync(new Regex($"[?&]month={before}$"));
        await Expect(page.Locator("path[data-department='59']")).ToHaveClassAsync("shade-5");
        await Expect(page.Locator($"path[data-department='{CountedYear.Silent}']")).ToHaveClassAsync("shade-0");
        await Expect(page.GetByTestId("map-credit")).ToContainTextAsync("CC BY 4.0");
        await NoViolationAsync(page);
        await PictureAsync(page, "map.png");

        // Each shade darker than the one before it: what a grey printer makes of them.
        var lightness = await page.EvaluateAsync<double[]>(
            """
            () => [0, 1, 2, 3, 4, 5].map(n => {
              const path = document.querySelector('[data-testid=map] path');
              path.setAttribute('class', 'shade-' + n);
              const [r, g, b] = getComputedStyle(path).fill.match(/[0-9.]+/g).map(Number);
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            })
            """);
        for (var shade = 1; shade < lightness.Length; shade++)
            Assert.True(lightness[shade - 1] - lightness[shade] > 15, string.Join(" ", lightness));

        await page.GetByTestId("show-carte").ClickAsync();
        await Expect(page.Locator("[data-testid=table-carte] tbody tr")).ToHaveCountAsync(101);
        var file = await DownloadAsync(page, "csv-carte");
        Assert.Equal(101, file.Length - 1);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Deployment_shows_the_figures_of_2011_by_month_region_and_departement()
    {
        var page = await OpenAsync("cpa-exploitation");
        await page.GotoAsync("/deploiement");
        await ShownAsync(page, "deployment-page");
        await page.GetByTestId("deployment-month").SelectOptionAsync("2011-03");
        await page.GetByTestId("deployment-show").ClickAsync();

        await Expect(page.GetByTestId("phase-count-1")).ToHaveTextAsync("633 / 675");
        await Expect(page.GetByTestId("phase-rate-1")).ToHaveTextAsync("93,8\u00a0%");
        await Expect(page.GetByTestId("phase-count-2")).ToHaveTextAsync("100 / 134");
        await Expect(page.GetByTestId("phase-rate-2")).ToHaveTextAsync("74,6\u00a0%");
        await Expect(page).ToHaveURLAsync(new Regex("month=2011-03"));
        await Expect(page.Locator("[data-testid=table-reunions] tbody tr")).ToContainTextAsync("Lille");
        await NoViolationAsync(page);
        await PictureAsync(page, "deployment.png");
        var file = await DownloadAsync(page, "csv-deploiement");
        Assert.Contains("1 – groupes d’établissements publics;Ensemble;675;633;93,8", file);

        await page.GetByTestId("deployment-map").ClickAsync();
        await Expect(page.GetByTestId("map-page")).ToHaveAttributeAsync("data-measure", "equipment");
        await Expect(page.GetByTestId("map-page")).ToHaveAttributeAsync("data-month", "2011-03");
        await Expect(page.Locator("path[data-department='59']")).ToHaveClassAsync("shade-5");
        await NoViolationAsync(page);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_referent_sees_few_of_others_masked_and_a_clerk_is_told_that_figures_are_not_theirs()
    {
        var page = await OpenAsync("cpe-referent");
        await page.GotoAsync("/carte");
        await ShownAsync(page, "map-page");
        await page.GetByTestId("map-month").FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.Locator("path[data-department='05']")).ToHaveClassAsync("shade-masked");
        await page.GetByTestId("show-carte").ClickAsync();
        await Expect(page.Locator("[data-testid=table-carte] tr[data-row='05']")).ToContainTextAsync("masqué");
        await page.Context.CloseAsync();

        page = await OpenAsync(Clerk.Uncounted);
        await Expect(page.GetByTestId("menu-usage")).ToHaveCountAsync(0);
        foreach (var path in new[] { "/usage", "/carte", "/deploiement", "/charge", "/objectifs" })
        {
            await page.GotoAsync(path);
            await Expect(page.GetByTestId("figures-not-yours")).ToBeVisibleAsync();
        }

        await NoViolationAsync(page);
        await page.Context.CloseAsync();
    }

    private async Task<IPage> OpenAsync(string card)
    {
        var platform = await platforms.RunningAsync(PlatformKind.Embedded);
        await CountedYear.CountAsync(platform, Cancellation);
        var page = await browser.OpenAsync(platform);
        await Browser.SignInAsync(page, card);
        await Expect(page.GetByTestId("who")).ToBeVisibleAsync();
        return page;
    }

    private static Task ShownAsync(IPage page, string name) => Expect(page.GetByTestId(name)).ToHaveAttributeAsync("data-state", "shown");

    private static async Task<string[]> DownloadAsync(IPage page, string link)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId(link).ClickAsync());
        return await File.ReadAllLinesAsync((await download.PathAsync())!, Encoding.UTF8, Cancellation);
    }

    private static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable(Pictures) is { Length: > 0 })
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Repository.Root, "docs", "images", name), FullPage = true });
    }

    private static async Task NoViolationAsync(IPage page) =>
        Accessibility.None(await Accessibility.ViolationsAsync(page, page.Url));

    [GeneratedRegex("/usage[?]department=59&establishment=59[0-9]{7}&by=unit$")]
    private static partial Regex Unit();
}
