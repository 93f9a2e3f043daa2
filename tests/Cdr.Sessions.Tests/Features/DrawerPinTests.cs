using System.Net.Http.Json;
using System.Text.Json;
using Cdr.Contracts.Drawer;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Features;

public sealed class DrawerPinTests(PrintedCards cards) : IDisposable
{
    private const string Card = "cps-infirmier";
    private readonly SessionsHost host = new(cards);

    [Fact]
    public async Task Three_wrong_pins_in_a_row_block_the_card_and_a_new_one_opens_again()
    {
        Assert.Equal(2, TriesLeft(await SignInAsync("0000"), "pin-wrong"));
        Assert.Equal(1, TriesLeft(await SignInAsync("0000"), "pin-wrong"));
        Assert.Equal(0, TriesLeft(await SignInAsync("0000"), "card-blocked"));
        Assert.Equal("card-blocked", (await SignInAsync(Deck.Pin)).Code);
        // Another program on the same folder: the state belongs to the card.
        using var restarted = host.NewDrawer("Development");
        Assert.Equal("card-blocked", (await SignInAsync(Deck.Pin, restarted.CreateClient())).Code);
        using var renewed = await host.Drawer.PostAsync(new Uri($"/drawer/cards/{Card}/renew", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal(204, (int)renewed.StatusCode);
        Assert.Equal(200, (await SignInAsync(Deck.Pin)).Status);
    }

    [Fact]
    public async Task A_right_pin_gives_the_three_tries_back()
    {
        await SignInAsync("0000");
        await SignInAsync("0000");
        Assert.Equal(200, (await SignInAsync(Deck.Pin)).Status);
        Assert.Equal(2, TriesLeft(await SignInAsync("0000"), "pin-wrong"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("12345")]
    [InlineData("12a4")]
    public async Task A_pin_that_is_not_four_digits_costs_no_try(string pin)
    {
        var answer = await SignInAsync(pin);
        Assert.Equal((400, "pin-malformed"), (answer.Status, answer.Code));
        Assert.Equal(200, (await SignInAsync(Deck.Pin)).Status);
    }

    [Fact]
    public async Task A_card_that_is_not_in_the_drawer_is_unknown()
    {
        using var response = await host.Drawer.PostAsJsonAsync("/drawer/cards/../cards/none/sign-in", new PinRequest(Deck.Pin), TestContext.Current.CancellationToken);
        Assert.Equal("card-unknown", (await Answer.ReadAsync<Opening>(response)).Code);
    }

    [Fact]
    public async Task While_sessions_is_silent_the_drawer_says_so()
    {
        using var drawer = host.NewDrawer("Development");
        using var alone = drawer.WithWebHostBuilder(builder => builder.ConfigureTestServices(services =>
            services.AddHttpClient(DrawerModule.Client).ConfigurePrimaryHttpMessageHandler(() => new Silent())));
        var answer = await SignInAsync(Deck.Pin, alone.CreateClient());
        Assert.Equal((502, "sessions-silent"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_renewed_card_is_the_same_person()
    {
        var agent = new TestAgent(host);
        var before = await agent.SignInAsync(Card);
        using var renewed = await host.Drawer.PostAsync(new Uri($"/drawer/cards/{Card}/renew", UriKind.Relative), null, TestContext.Current.CancellationToken);
        var after = await agent.SignInAsync(Card);
        Assert.Equal(Subject(before), Subject(after));
    }

    public void Dispose() => host.Dispose();

    private static string Subject(SessionGrant grant) => new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(grant.Token.Value).Subject;

    private static int TriesLeft(Answer<Opening> answer, string code)
    {
        Assert.Equal((403, code), (answer.Status, answer.Code));
        using var problem = JsonDocument.Parse(answer.Body);
        return problem.RootElement.GetProperty("triesLeft").GetInt32();
    }

    private sealed class Silent : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new HttpRequestException("silent");
    }

    private async Task<Answer<Opening>> SignInAsync(string pin, HttpClient? drawer = null)
    {
        using var response = await (drawer ?? host.Drawer).PostAsJsonAsync($"/drawer/cards/{Card}/sign-in", new PinRequest(pin), TestContext.Current.CancellationToken);
        return await Answer.ReadAsync<Opening>(response);
    }
}
