using System.Globalization;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing;
using Cdr.Testing.Platforms;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>What everybody reads: written by the hotline, announced by a regime, found and seen by a clerk.</summary>
public sealed class KnowledgeJourneyTests(Platforms platforms, Browser browser)
{
    // Of axe, and what is wider than the narrowest screen: one page's do not hide another's.
    private readonly List<string> violations = [];

    [Fact]
    public async Task An_article_is_written_and_found_and_an_interruption_stands_above_the_question()
    {
        var platform = await platforms.RunningAsync(PlatformKind.Embedded);
        var hotline = await OpenAsync(platform, "cpa-hotline");
        await hotline.GotoAsync("/connaissances/nouveau");
        await hotline.GetByTestId("article-title-field").FillAsync("Xylophone muet");
        await hotline.GetByTestId("article-markdown").FillAsync("## Que faire\n\n1. Rebranchez le **xylophone**.\n\n| a | b |\n| - | - |\n| 1 | 2 |");
        await hotline.GetByTestId("article-markdown").BlurAsync();
        await Expect(hotline.GetByTestId("article-text").Locator("strong")).ToHaveTextAsync("xylophone");
        await LookAsync(hotline, "editor");
        await hotline.GetByTestId("article-save").ClickAsync();
        await Expect(hotline.GetByTestId("article")).ToHaveAttributeAsync("data-state", "draft");
        await hotline.GetByTestId("article-read").CheckAsync();
        await hotline.GetByTestId("article-publish").ClickAsync();
        await Expect(hotline.GetByTestId("article")).ToHaveAttributeAsync("data-state", "published");
        await LookAsync(hotline, "article of the hotline");

        var agent = await OpenAsync(platform, "cpa-regime");
        await agent.GetByTestId("menu-information").ClickAsync();
        await agent.GetByTestId("to-announcements").ClickAsync();
        await agent.GetByTestId("announcement-kind").SelectOptionAsync("Downtime");
        await agent.GetByTestId("announcement-title").FillAsync("Maintenance du xylophone");
        await agent.GetByTestId("announce").ClickAsync();
        await Expect(agent.GetByTestId("announced")).ToBeVisibleAsync();
        await LookAsync(agent, "announcements");

        var desk = await OpenAsync(platform, Clerk.Uncounted);
        await Expect(desk.GetByTestId("banner-downtime").Filter(new LocatorFilterOptions { HasText = "xylophone" })).ToBeVisibleAsync();
        await LookAsync(desk, "question with a banner");
        await desk.GetByTestId("to-information").First.ClickAsync();
        await Expect(desk.GetByTestId("information")).ToContainTextAsync("Maintenance du xylophone");
        await LookAsync(desk, "information");
        await desk.GetByTestId("to-knowledge").ClickAsync();
        await Expect(desk.GetByTestId("knowledge")).ToContainTextAsync("AME");
        await desk.GetByTestId("article-words").FillAsync("xylophones");
        await desk.GetByTestId("article-search").ClickAsync();
        await Expect(desk.GetByTestId("articles-found")).ToBeVisibleAsync();
        await LookAsync(desk, "knowledge");
        await desk.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Xylophone muet" }).ClickAsync();
        await desk.GetByTestId("vote-yes").ClickAsync();
        await Expect(desk.GetByTestId("voted")).ToBeVisibleAsync();
        await LookAsync(desk, "article");
        await desk.GotoAsync("/demandes/nouvelle");
        await desk.GetByTestId("new-title").FillAsync("Xylophone");
        await desk.GetByTestId("new-title").BlurAsync();
        await Expect(desk.GetByTestId("suggestions")).ToContainTextAsync("Xylophone muet");
        await LookAsync(desk, "suggestions");

        // Whose card does not work reads the same, by addresses of its own.
        var stranger = await browser.OpenAsync(platform);
        await stranger.GotoAsync("/aide");
        var question = stranger.Locator("li[data-testid^=faq-] a").First;
        await Expect(question).ToBeVisibleAsync();
        await LookAsync(stranger, "help");
        await question.ClickAsync();
        await Expect(stranger.GetByTestId("faq-article")).ToBeVisibleAsync();
        await LookAsync(stranger, "article of the help");
        await stranger.GotoAsync($"/aide/{Clerk.NewId()}");
        await Expect(stranger.GetByTestId("faq-none")).ToBeVisibleAsync();
        await LookAsync(stranger, "article that is not published");

        // Not left above other journeys' questions.
        await agent.Locator("[data-testid^=withdraw-]").First.ClickAsync();
        await Expect(agent.Locator("[data-withdrawn=true]").First).ToBeVisibleAsync();
        await hotline.GetByTestId("article-withdraw").ClickAsync();
        await Expect(hotline.GetByTestId("article")).ToHaveAttributeAsync("data-state", "withdrawn");
        foreach (var page in new[] { hotline, agent, desk, stranger })
            await page.Context.CloseAsync();
        Accessibility.None(violations);
    }

    [Theory]
    [InlineData(PlatformKind.Embedded)]
    [InlineData(PlatformKind.Distributed)]
    public async Task An_interruption_that_a_regime_announces_is_known_of_it_before_the_click_until_it_is_withdrawn(PlatformKind kind)
    {
        var platform = await platforms.RunningAsync(kind);
        // Days away: no other journey asks this regime then.
        var from = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow().AddDays(20), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"));
        var title = "Maintenance " + Clerk.NewId().ToString("N", CultureInfo.InvariantCulture)[^8..];
        var agent = await OpenAsync(platform, "cpa-regime");
        await agent.GotoAsync("/informations/annonces");
        await agent.GetByTestId("announcement-kind").SelectOptionAsync("Downtime");
        await agent.GetByTestId("announcement-title").FillAsync(title);
        await agent.GetByTestId("announcement-from").FillAsync(from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T22:00");
        await agent.GetByTestId("announcement-to").FillAsync(from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T23:00");
        await agent.GetByTestId("announce").ClickAsync();
        await Expect(agent.GetByTestId("announced")).ToBeVisibleAsync();

        var desk = await OpenAsync(platform, Clerk.Uncounted);
        Task KnownAsync(int count) => Deadline.UntilAsync($"{count} is known of", TimeSpan.FromSeconds(60), async () =>
        {
            await desk.GotoAsync("/regimes");
            await Expect(desk.GetByTestId("sign-out")).ToBeVisibleAsync();
            await Expect(desk.Locator("tbody tr").First).ToBeVisibleAsync();
            return await desk.GetByTestId("downtime").Filter(new LocatorFilterOptions { HasText = from.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture) + " 22:00" }).CountAsync() == count;
        }, TestContext.Current.CancellationToken);
        await KnownAsync(1);
        await agent.Locator("li[data-testid^=announced-]").Filter(new LocatorFilterOptions { HasText = title }).Locator("[data-testid^=withdraw-]").ClickAsync();
        await Expect(agent.Locator("li[data-testid^=announced-]").Filter(new LocatorFilterOptions { HasText = title })).ToHaveAttributeAsync("data-withdrawn", "true");
        await KnownAsync(0);
        await agent.Context.CloseAsync();
        await desk.Context.CloseAsync();
    }

    private async Task<IPage> OpenAsync(IPlatform platform, string card)
    {
        var page = await browser.OpenAsync(platform);
        await Browser.SignInAsync(page, card);
        await Expect(page.GetByTestId("who")).ToBeVisibleAsync();
        return page;
    }

    private async Task LookAsync(IPage page, string name)
    {
        violations.AddRange(await Accessibility.ViolationsAsync(page, name));
        var size = page.ViewportSize!;
        await page.SetViewportSizeAsync(360, size.Height);
        if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth") > 360)
            violations.Add($"{name}: wider than 360");
        await page.SetViewportSizeAsync(size.Width, size.Height);
    }
}
