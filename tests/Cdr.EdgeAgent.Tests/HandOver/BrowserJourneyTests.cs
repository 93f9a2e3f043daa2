using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Cdr.EdgeAgent.Tests.Machine;
using Cdr.EdgeAgent.Tests.VirtualCards;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Cdr.EdgeAgent.Tests.Machine.AgentProcess;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EdgeAgent.Tests.HandOver;

/// <summary>The pages of a platform without a drawer in a real browser, the real agent on their link, a card behind a real card service.</summary>
public sealed class BrowserJourneyTests : IAsyncLifetime
{
    private const string Clerk = "cpe-admissions-nord";

    // What the page's own document saw, and when: the driver looks once a second. Kept over the way to the next page of the tab.
    private const string Observer = """
        () => {
          sessionStorage.seen = '';
          const say = what => { if (!sessionStorage.seen.includes(what + '@')) sessionStorage.seen += `${what}@${Date.now()},`; };
          const look = () => {
            const nir = document.querySelector('[data-testid=nir]');
            if (document.querySelector('[data-testid=session-ended]')) say('told');
            else if (!nir || nir.closest('[hidden]')) say('hidden');
          };
          new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
          addEventListener('pagehide', () => say('left'));
        }
        """;
    private const string Policy = """
        [{ "code": "agent-to-renew", "title": "L'agent de ce poste est à remplacer.", "next": "Demandez à votre référent la version 999.", "agentBelow": "999", "refuseFrom": "2999-07-01" }]
        """;
    private readonly RunningPlatform platform;
    private readonly string folder = Directory.CreateTempSubdirectory("cdr-post-policy-").FullName;
    private readonly PrivatePcscd pcscd = new();
    private Chromium browser = null!;
    private AgentProcess agent = null!;
    private VirtualCard card = null!;

    public BrowserJourneyTests() => platform = new([new("Services:Drawer", ""), new("Sessions:Posts:PolicyFile", Path.Combine(folder, "post-policy.json"))]);

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "post-policy.json"), Policy, TestContext.Current.CancellationToken);
        await pcscd.StartAsync();
        agent = new AgentProcess(pcscd, await platform.DoorAsync());
        card = await platform.CardAsync(Clerk);
        browser = await Chromium.StartAsync();
        agent.Stay("watch");
        await agent.SaysAsync("watching");
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        await agent.DisposeAsync();
        card.Dispose();
        await pcscd.DisposeAsync();
        await platform.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_link_of_the_page_signs_in_a_doubt_hides_the_page_the_card_brings_it_back_and_fifteen_seconds_end_it()
    {
        IPage page;
        var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        using (inserted)
        {
            await agent.SeesAsync(1);
            page = await SignInAsync();
            await Expect(page.GetByTestId("who")).ToContainTextAsync("Vermersch");
            // The address that brought the ticket is not the one that the page has now.
            await Expect(page).ToHaveURLAsync((await platform.DoorAsync()).AbsoluteUri);
            await page.GetByTestId("nir").FillAsync("2 84 05 75");
            await Expect(page.GetByTestId("session-doubtful")).ToHaveCountAsync(0);

            var began = Stopwatch.StartNew();
            await pcscd.KillAsync();
            await Expect(page.GetByTestId("session-doubtful")).ToBeVisibleAsync();
            TestContext.Current.SendDiagnosticMessage($"The page was hidden {began.ElapsedMilliseconds} ms after its card service was killed.");
            await Expect(page.GetByTestId("nir")).ToBeHiddenAsync();
            await Expect(page.GetByTestId("who")).ToBeHiddenAsync();
            Assert.True(began.Elapsed < TimeSpan.FromSeconds(10), $"Hidden after {began.Elapsed}.");
        }

        await pcscd.StartAsync();
        using (InsertedCard.Insert(card, pcscd.PortOf(0)))
        {
            // The same card: the page is back, as it was.
            await Expect(page.GetByTestId("nir")).ToBeVisibleAsync();
            await Expect(page.GetByTestId("nir")).ToHaveValueAsync("2 84 05 75");
            await Expect(page.GetByTestId("session-doubtful")).ToHaveCountAsync(0);
            await pcscd.KillAsync();
            await Expect(page.GetByTestId("session-doubtful")).ToBeVisibleAsync();
        }

        await Expect(page.GetByTestId("ended-because")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("agent-link")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_card_withdrawn_hides_its_page_and_brings_the_sign_in_page_back()
    {
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        await agent.SeesAsync(1);
        var page = await SignInAsync();
        await Expect(page.GetByTestId("nir")).ToBeVisibleAsync();
        await page.EvaluateAsync(Observer);
        var began = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        inserted.Withdraw();
        await agent.SaysAsync("session-ended");
        var told = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - began;
        await Expect(page.GetByTestId("ended-because")).ToContainTextAsync("carte a été retirée");
        var seen = (await page.EvaluateAsync<string>("() => sessionStorage.seen")).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('@')).ToList();
        TestContext.Current.SendDiagnosticMessage($"After a card's withdrawal: the platform had heard of it {told} ms later; {string.Join(", ", seen.Select(one => $"{one[0]} {long.Parse(one[1], CultureInfo.InvariantCulture) - began} ms"))}.");
        // Hidden before anybody was asked why, and not by the way to the next page.
        Assert.Equal(["hidden", "told", "left"], seen.Select(one => one[0]));
    }

    [Fact]
    public async Task What_will_be_refused_of_the_post_stands_above_the_page_until_it_is_read()
    {
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        await agent.SeesAsync(1);
        var page = await SignInAsync();
        var told = page.GetByTestId("own-post-warning");
        await Expect(told).ToHaveAttributeAsync("data-code", "agent-to-renew");
        await Expect(told).ToContainTextAsync("Attention : L'agent de ce poste est à remplacer. Demandez à votre référent la version 999. À faire avant le");
        await Expect(told).ToContainTextAsync("2999");
        var described = (await page.RunAxe()).Violations.Select(violation => $"{violation.Id} {violation.Help}: {string.Join(", ", violation.Nodes.Select(node => node.Target))}");
        Assert.Empty(described);
        await page.SetViewportSizeAsync(360, 740);
        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, 360);
        await page.GetByTestId("nir").FillAsync("2 84 05 75");

        // By the keyboard alone; what was typed below it stays.
        await page.GetByTestId("own-post-warnings-read").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(told).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("nir")).ToHaveValueAsync("2 84 05 75");
        await Expect(page.Locator("#main")).ToBeFocusedAsync();
        await page.ReloadAsync();
        await Expect(page.GetByTestId("who")).ToBeVisibleAsync();
        await Expect(told).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_ticket_for_anothers_link_opens_nothing_in_the_browser_that_it_is_brought_to()
    {
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        await agent.SeesAsync(1);
        // This browser has a key of its own; the link that its person followed bears another's.
        var page = await browser.OpenAsync(await platform.DoorAsync());
        await Expect(page.GetByTestId("agent-link")).ToBeVisibleAsync();
        using var attacker = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("signed-in", CodeOf((await agent.RunAsync("open", "cdr:sign-in?browser=" + Base64Url.EncodeToString(attacker.ExportSubjectPublicKeyInfo()))).Reply));
        var landed = await browser.OpenAsync(await BroughtAsync());
        await Expect(landed.GetByTestId("sign-in-error")).ToHaveAttributeAsync("data-code", "ticket-foreign");
        await landed.GotoAsync((await platform.DoorAsync()).AbsoluteUri);
        await Expect(landed.GetByTestId("agent-link")).ToBeVisibleAsync();
    }

    /// <summary>As the system does with a link of the page, and the browser with what the agent brings it.</summary>
    private async Task<IPage> SignInAsync()
    {
        var page = await browser.OpenAsync(await platform.DoorAsync());
        var link = (await page.GetByTestId("agent-link").GetAttributeAsync("href"))!;
        Assert.Equal("signed-in", CodeOf((await agent.RunAsync("open", link)).Reply));
        return await browser.OpenAsync(await BroughtAsync());
    }

    private async Task<Uri> BroughtAsync()
    {
        await agent.LandingAsync();
        return new Uri(agent.Opened[^1]);
    }
}
