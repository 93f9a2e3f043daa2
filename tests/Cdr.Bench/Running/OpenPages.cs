using System.Globalization;
using Cdr.Bench.Load;
using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.HandOver;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cdr.Bench.Running;

/// <summary>Pages open in front of people: each has a browser profile and a session of its own, and was signed in as the agent of a post does it.</summary>
internal sealed class OpenPages : IAsyncDisposable
{
    private const float Patience = 30_000;
    private const string Browser = "cdr:sign-in?browser=";

    // When the page's own document saw what it showed go, kept over the way to the next page of its tab.
    private const string Observer = """
        () => {
          sessionStorage.removeItem('hidden');
          const look = () => {
            const nir = document.querySelector('[data-testid=nir]');
            if ((!nir || nir.closest('[hidden]')) && !sessionStorage.hidden) sessionStorage.hidden = Date.now();
          };
          new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
        }
        """;

    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];
    private readonly SessionsPlatform sessions;
    private readonly IPlaywright driver;
    private readonly IBrowser chromium;
    private readonly List<IPage> pages = [];

    private OpenPages(SessionsPlatform sessions, IPlaywright driver, IBrowser chromium) => (this.sessions, this.driver, this.chromium) = (sessions, driver, chromium);

    public static async Task<OpenPages> StartAsync(SessionsPlatform sessions, int count)
    {
        var program = Environment.GetEnvironmentVariable("CDR_TEST_CHROMIUM") ?? Programs.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("Chromium is not installed. Install it: apt-get install -y chromium");
        var driver = await Playwright.CreateAsync();
        var opened = new OpenPages(sessions, driver, await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
        }));
        SetDefaultExpectTimeout(Patience);
        for (var n = 0; n < count; n++)
        {
            var context = await opened.chromium.NewContextAsync(new BrowserNewContextOptions { BaseURL = sessions.Door.AbsoluteUri, ReducedMotion = ReducedMotion.Reduce });
            context.SetDefaultTimeout(Patience);
            opened.pages.Add(await context.NewPageAsync());
        }

        return opened;
    }

    /// <summary>All sign in; then their cards leave, one after the other. Milliseconds of each from its agent's word until its page showed nothing any more.</summary>
    /// <param name="perSecond">Cards that leave.</param>
    public async Task<double[]> WithdrawAsync(double perSecond)
    {
        var agents = new CardAgent[pages.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, pages.Count), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (n, _) => agents[n] = await SignInAsync(pages[n], n));
        var hidden = new double[pages.Count];
        await OpenLoop.RunAsync(perSecond, pages.Count, async n =>
        {
            var began = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            await sessions.SayAsync(agents[n], AgentStatements.Withdrawn);
            await Expect(pages[n].GetByTestId("ended-because")).ToBeVisibleAsync();
            hidden[n] = long.Parse(await pages[n].EvaluateAsync<string>("() => sessionStorage.hidden"), CultureInfo.InvariantCulture) - began;
        });
        return hidden;
    }

    public async ValueTask DisposeAsync()
    {
        await chromium.DisposeAsync();
        driver.Dispose();
    }

    private async Task<CardAgent> SignInAsync(IPage page, int n)
    {
        await page.GotoAsync("connexion");
        var link = await page.GetByTestId("agent-link").GetAttributeAsync("href");
        var (agent, opening) = await sessions.PresentAsync(n);
        var ticket = BrowserTicket.Seal(link![Browser.Length..], opening)!;
        // The page of this address goes on by itself.
        await page.GotoAsync(BrowserOpener.Landing(sessions.Door, ticket).AbsoluteUri, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        await Expect(page.GetByTestId("nir")).ToBeVisibleAsync();
        await page.EvaluateAsync(Observer);
        return agent;
    }
}
