using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cdr.EndToEnd.Tests.Pages;

/// <summary>The interfaces' descriptions as a person browses them, at the address that the README and <c>./run</c> name.</summary>
public sealed class ApiPagesTests(Platforms platforms, Browser browser)
{
    private const string Asking = "Quels droits cette personne a-t-elle";

    private static readonly string[] Documents = ["rights", "sessions", "usage"];

    [Theory]
    [InlineData(PlatformKind.Embedded, "/docs", Asking)]
    [InlineData(PlatformKind.Embedded, "/docs/", Asking)]
    [InlineData(PlatformKind.Embedded, "/docs/rights", Asking)]
    [InlineData(PlatformKind.Embedded, "/docs/rights/", Asking)]
    [InlineData(PlatformKind.Embedded, "/docs/sessions", "Asks for 32 fresh bytes to sign")]
    [InlineData(PlatformKind.Embedded, "/docs/usage/", "Consultations counted a day")]
    [InlineData(PlatformKind.Distributed, "/docs", Asking)]
    [InlineData(PlatformKind.Distributed, "/docs/sessions/", "Asks for 32 fresh bytes to sign")]
    public async Task An_interface_is_browsed_and_nothing_is_asked_of_another_host(PlatformKind kind, string path, string operation)
    {
        var platform = await platforms.RunningAsync(kind);
        var page = await browser.OpenAsync(platform);
        var failed = new List<string>();
        var outside = new List<string>();
        page.RequestFailed += (_, request) => failed.Add($"{request.Url}: {request.Failure}");
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                failed.Add($"{response.Url}: {response.Status}");
        };
        page.Request += (_, request) =>
        {
            var asked = new Uri(request.Url);
            if (asked.Scheme is "http" or "https" && asked.Authority != platform.Door.Authority)
                outside.Add(request.Url);
        };

        await page.GotoAsync(path);

        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = operation }).First).ToBeVisibleAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.Empty(failed);
        Assert.Empty(outside);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Every_interface_is_offered_and_one_that_does_not_exist_is_not_found()
    {
        var platform = await platforms.RunningAsync(PlatformKind.Embedded);
        using var client = new HttpClient { BaseAddress = platform.Door };

        var page = await client.GetStringAsync("/docs/", TestContext.Current.CancellationToken);
        using var unknown = await client.GetAsync("/docs/unknown", TestContext.Current.CancellationToken);

        Assert.All(Documents, name => Assert.Contains($"openapi/{name}.json", page, StringComparison.Ordinal));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, unknown.StatusCode);
    }
}
