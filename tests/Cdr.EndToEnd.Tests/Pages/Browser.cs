using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing.Platforms;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Cdr.EndToEnd.Tests.Pages.Browser))]

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>The machine's own Chromium, started when first asked for; each test has a context of its own.</summary>
public sealed class Browser : IAsyncDisposable
{
    // Slow machines build pages slowly; nothing here measures time.
    private const float Patience = 30_000;

    private static readonly string[] Programs = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];
    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Chromium)>> started = new(StartAsync);

    /// <summary>A page of a fresh context, at the platform's sign-in.</summary>
    public Task<IPage> OpenAsync(IPlatform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        return OpenAsync(platform.Door);
    }

    /// <summary>A page of a fresh context, at that address.</summary>
    public async Task<IPage> OpenAsync(Uri door)
    {
        ArgumentNullException.ThrowIfNull(door);
        var (_, chromium) = await started.Value;
        var context = await chromium.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = door.AbsoluteUri,
            Locale = "fr-FR",
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
        });
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        return page;
    }

    /// <summary>Signs in with the mouse.</summary>
    public static async Task SignInAsync(IPage page, string card, string pin = Clerk.Pin)
    {
        ArgumentNullException.ThrowIfNull(page);
        await page.GetByTestId("drawer-card-" + card).ClickAsync();
        await page.GetByTestId("pin").FillAsync(pin);
        await page.GetByTestId("pin-submit").ClickAsync();
    }

    /// <summary>
    /// Ends when so many elements have been on the page at once, however briefly: what is shown while regimes answer may be gone between
    /// two looks of an assertion. Called before what makes them appear, awaited after.
    /// </summary>
    public static Task ShownAsync(IPage page, string selector, int count)
    {
        ArgumentNullException.ThrowIfNull(page);
        return page.EvaluateAsync(
            """
            ([selector, count]) => new Promise((shown, never) => {
              new MutationObserver((_, self) => {
                if (document.querySelectorAll(selector).length === count) { self.disconnect(); shown(); }
              }).observe(document, { subtree: true, childList: true, attributes: true });
              setTimeout(() => never(new Error(`Never ${count} of ${selector}.`)), 30000);
            })
            """,
            new object[] { selector, count });
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!started.IsValueCreated || !started.Value.IsCompletedSuccessfully)
            return;
        var (driver, chromium) = await started.Value;
        await chromium.DisposeAsync();
        driver.Dispose();
    }

    private static async Task<(IPlaywright Driver, IBrowser Chromium)> StartAsync()
    {
        var program = Environment.GetEnvironmentVariable("CDR_TEST_CHROMIUM") ?? Programs.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("Chromium is not installed. Install it: apt-get install -y chromium-headless-shell");
        var driver = await Playwright.CreateAsync();
        var chromium = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return (driver, chromium);
    }
}
