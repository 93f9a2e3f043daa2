using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing.Platforms;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>What a clerk sees when the network, or the platform, goes away in the middle of a question.</summary>
public sealed class CutTests(Platforms platforms, Browser browser) : IAsyncDisposable
{
    private readonly List<IDisposable> used = [];

    [Fact]
    public async Task A_network_cut_in_the_middle_of_a_question_is_told_and_the_answer_comes_when_it_is_back()
    {
        var platform = await platforms.RunningAsync(PlatformKind.Embedded);
        var simulator = Use(new HttpClient { BaseAddress = platform.Simulator });
        var line = Use(new CutLine(platform.Door));
        var page = await browser.OpenAsync(line.Address);
        await Browser.SignInAsync(page, Clerk.Uncounted);
        await page.GetByTestId("nir").FillAsync(Person.Cnam.Nir);
        await page.GetByTestId("regime").SelectOptionAsync("cnam");
        await page.GetByTestId("reason-emergency").CheckAsync();
        await page.GetByTestId("refresh").CheckAsync();
        using var slow = await simulator.PostAsJsonAsync("simulator/regimes/cnam/mode", new { mode = "slow" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, slow.StatusCode);
        var before = await CallsAsync(simulator);
        var waited = Browser.ShownAsync(page, "[data-testid=tile-cnam][data-outcome=pending]", 1);
        await page.GetByTestId("ask").ClickAsync();
        await waited;
        await page.EvaluateAsync("() => { window.before = true; }");

        line.Cut();
        await Expect(page.Locator("#reconnect-title")).ToHaveTextAsync("La connexion avec le service est interrompue");
        await Expect(page.Locator(".reconnect-trying")).ToContainTextAsync("une question posée se poursuit");
        line.Mend();

        await Expect(page.Locator("#reconnect-title")).ToBeHiddenAsync();
        await Expect(page.GetByTestId("answer")).ToHaveAttributeAsync("data-consultation", page.Url[^36..]);
        Assert.True(await page.EvaluateAsync<bool>("() => window.before === true"), "The page was loaded again.");
        Assert.Equal(before + 1, await CallsAsync(simulator));
        await page.Context.CloseAsync();
    }

    /// <summary>The regimes are as they were.</summary>
    public async ValueTask DisposeAsync()
    {
        if (used.OfType<HttpClient>().FirstOrDefault() is { } simulator)
            (await simulator.PostAsync("simulator/reset", null)).Dispose();
        used.ForEach(one => one.Dispose());
    }

    private T Use<T>(T one)
        where T : IDisposable
    {
        used.Add(one);
        return one;
    }

    private static async Task<long> CallsAsync(HttpClient simulator)
    {
        var regimes = await simulator.GetFromJsonAsync<JsonElement[]>("simulator/regimes", TestContext.Current.CancellationToken);
        return regimes!.Single(regime => regime.GetProperty("id").GetString() == "cnam").GetProperty("calls").GetInt64();
    }
}
