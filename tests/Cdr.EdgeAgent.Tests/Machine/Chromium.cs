using Microsoft.Playwright;

namespace Cdr.EdgeAgent.Tests.Machine;

/// <summary>The machine's own Chromium with one profile: pages share their cookies, as tabs of one person do.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const float Patience = 30_000;
    private static readonly string[] Programs = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];
    private readonly IPlaywright driver;
    private readonly IBrowser browser;
    private readonly IBrowserContext tabs;

    private Chromium(IPlaywright driver, IBrowser browser, IBrowserContext tabs) => (this.driver, this.browser, this.tabs) = (driver, browser, tabs);

    public static async Task<Chromium> StartAsync()
    {
        var program = Environment.GetEnvironmentVariable("CDR_TEST_CHROMIUM") ?? Programs.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("Chromium is not installed. Install it: apt-get install -y chromium-headless-shell");
        var driver = await Playwright.CreateAsync();
        var browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"] });
        var tabs = await browser.NewContextAsync(new BrowserNewContextOptions { Locale = "fr-FR", ReducedMotion = ReducedMotion.Reduce });
        tabs.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        return new Chromium(driver, browser, tabs);
    }

    public async Task<IPage> OpenAsync(Uri address)
    {
        var page = await tabs.NewPageAsync();
        await page.GotoAsync(address.AbsoluteUri);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        driver.Dispose();
    }
}
