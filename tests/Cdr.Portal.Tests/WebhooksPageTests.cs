using Bunit;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Portal.Identity;
using Cdr.Portal.Notifications;
using Cdr.Portal.Tests.Fakes;
using Microsoft.AspNetCore.Components.Authorization;

namespace Cdr.Portal.Tests;

public sealed class WebhooksPageTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Guid Id = Guid.Parse("01930000-0000-7000-8000-0000000000f1");

    [Fact]
    public async Task One_is_registered_its_secret_said_once_and_removed_when_asked_twice()
    {
        var page = Opened(CdrRoles.RegimeAgent);
        page.WaitForElement("[data-testid=webhooks-empty]", Patience);
        await RegisterAsync(page, "http://exemple.fr");
        Assert.Equal("url-not-https", page.WaitForElement("[data-testid=trouble]", Patience).GetAttribute("data-code"));
        await RegisterAsync(page, "https://exemple.fr/cdr");
        Assert.Contains("c2VjcmV0", page.WaitForElement("[data-testid=webhook-secret]", Patience).TextContent, StringComparison.Ordinal);
        page.WaitForElement("[data-testid=webhook][data-state=well]", Patience);
        Assert.Empty(Render<WebhooksPage>().FindAll("[data-testid=webhook-secret]"));

        await page.Find("[data-testid=webhook-remove]").ClickAsync(new());
        Assert.Single(Platform.Webhooks.All);
        await page.Find("[data-testid=webhook-remove]").ClickAsync(new());
        page.WaitForElement("[data-testid=webhooks-empty]", Patience);
        Assert.Empty(Platform.Webhooks.All);
    }

    [Fact]
    public async Task What_failed_is_seen_enabled_and_replayed()
    {
        Platform.Webhooks.All.Add(new Webhook(Id, "https://exemple.fr/cdr", Samples.Now, Samples.Now, Samples.Now));
        Platform.Webhooks.Deliveries.Add(new WebhookDelivery(Guid.Parse("01930000-0000-7000-8000-0000000000f2"), FakeSupport.Id, "123456782", "answer", Samples.Now, DeliveryState.Failed, 9, 503, null, null));
        var page = Opened(CdrRoles.GroupManager);
        await page.WaitForElement("[data-testid=webhook][data-state=disabled] [data-testid=webhook-enable]", Patience).ClickAsync(new());
        page.WaitForElement("[data-testid=webhook][data-state=well]", Patience);
        await page.Find("[data-testid=webhook-log]").ClickAsync(new());
        Assert.Contains("503", page.WaitForElement("[data-testid=deliveries] tr[data-state=failed]", Patience).TextContent, StringComparison.Ordinal);
        await page.Find("[data-testid=webhook-replay]").ClickAsync(new());

        page.WaitForElement("[data-testid=deliveries] tr[data-state=waiting]", Patience);
        Assert.Single(Platform.Webhooks.Replayed);
    }

    [Fact]
    public async Task A_silence_is_said_and_may_be_asked_again()
    {
        Platform.Webhooks.Down = true;
        var page = Opened(CdrRoles.GroupManager);
        var again = page.WaitForElement("[data-testid=retry]", Patience);
        Platform.Webhooks.Down = false;
        await again.ClickAsync(new());
        page.WaitForElement("[data-testid=webhooks-empty]", Patience);
    }

    [Theory]
    [InlineData(CdrRoles.Clerk)]
    [InlineData(CdrRoles.Hotline)]
    public void Others_are_told_that_they_have_none(string role)
    {
        Opened(role).WaitForElement("[data-testid=webhooks-not-yours]", Patience);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/webhooks", StringComparison.Ordinal));
    }

    private static async Task RegisterAsync(IRenderedComponent<WebhooksPage> page, string url)
    {
        await page.Find("[data-testid=webhook-url]").ChangeAsync(new() { Value = url });
        await page.Find("[data-testid=webhook-form]").SubmitAsync();
    }

    private IRenderedComponent<WebhooksPage> Opened(string role)
    {
        Services.AddSingleton<AuthenticationStateProvider>(new KnownAs(SignedIn.Principal(Grant(role))));
        return Render<WebhooksPage>();
    }

    private sealed class KnownAs(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
