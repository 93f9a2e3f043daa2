using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Sessions.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cdr.Sessions.Tests.Features;

public sealed class KeyRotationTests(PrintedCards cards) : IDisposable
{
    private readonly SessionsHost host = new(cards, [new("Sessions:Tokens:KeyLifetime", "01:00:00"), new("Sessions:Tokens:KeyAnnounced", "00:10:00")]);

    [Fact]
    public async Task A_rotation_publishes_first_signs_later_and_signs_nobody_out()
    {
        var agent = new TestAgent(host);
        var grant = await agent.SignInAsync("cps-infirmier");
        var first = new JsonWebToken(grant.Token.Value).Kid;
        Assert.Equal([first], await PublishedAsync());

        host.Clock.Advance(TimeSpan.FromMinutes(52));
        var published = await PublishedAsync();
        Assert.Equal(2, published.Count);
        Assert.Equal(first, new JsonWebToken((await agent.RenewAsync(grant)).Value.Value).Kid);

        host.Clock.Advance(TimeSpan.FromMinutes(7));
        var old = (await agent.RenewAsync(grant)).Value;
        Assert.Equal(first, new JsonWebToken(old.Value).Kid);
        host.Clock.Advance(TimeSpan.FromMinutes(4));
        var renewed = (await agent.RenewAsync(grant)).Value;
        Assert.Equal(published[1], new JsonWebToken(renewed.Value).Kid);
        // The token of the key before is still good: 204, not 401.
        await host.Api.EndAsync(grant.Session, "Bearer " + old.Value, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_first_key_signs_even_where_the_clock_is_behind_its_makers()
    {
        var first = Assert.Single(await PublishedAsync());
        // As seen by another copy of the service, or by a call that read the clock before it waited for the key.
        host.Clock.AdjustTime(host.Clock.GetUtcNow().AddSeconds(-1));
        Assert.Equal(first, (await host.Services.GetRequiredService<SigningKeys>().SignerAsync(TestContext.Current.CancellationToken)).Id);
    }

    [Fact]
    public async Task A_key_leaves_once_its_last_token_is_over()
    {
        var first = await PublishedAsync();
        for (var hours = 0; hours < 4; hours++)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(55));
            await PublishedAsync();
        }

        Assert.DoesNotContain(first[0], await PublishedAsync());
    }

    [Fact]
    public async Task Private_keys_are_sealed()
    {
        await PublishedAsync();
        var stored = await host.InStoreAsync(db => db.SigningKeys.Select(key => key.PrivateKey).SingleAsync());
        using var key = ECDsa.Create();
        Assert.ThrowsAny<CryptographicException>(() => key.ImportPkcs8PrivateKey(stored, out _));
    }

    [Fact]
    public async Task The_published_set_holds_no_private_member()
    {
        var set = await host.CreateClient().GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("\"d\"", set, StringComparison.Ordinal);
    }

    public void Dispose() => host.Dispose();

    private async Task<List<string>> PublishedAsync()
    {
        var set = await host.CreateClient().GetFromJsonAsync<JsonElement>("/.well-known/jwks.json", TestContext.Current.CancellationToken);
        return [.. set.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
    }
}
