using System.Net;
using System.Net.Http.Json;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Features;

public sealed class AnonymousLimitTests(PrintedCards cards) : IDisposable
{
    private const string Peer = "Test-Peer";
    private const string Portal = "10.0.0.7";
    private readonly SessionsHost host = new(
        cards,
        [new("Sessions:AnonymousRequestsPerMinute", "10"), new("Sessions:KnownProxies:0", "10.0.0.0/29")],
        services => services.AddSingleton<IStartupFilter, Connected>());

    [Fact]
    public async Task What_proves_a_secret_is_not_limited()
    {
        var agent = new TestAgent(host);
        var opening = (await agent.OpenAsync("cps-infirmier")).Value;
        var grant = (await agent.RedeemAsync(opening.Ticket)).Value;
        for (var at = 0; at < 20; at++)
        {
            Assert.Equal(200, (await agent.RenewAsync(grant)).Status);
            Assert.Equal(401, (await agent.PostAsync<AccessToken>("/api/sessions/service-tokens", new ServiceTokenRequest("no assertion"))).Status);
        }

        for (var at = 0; at < 20; at++)
            Assert.Equal(204, (await agent.PostAsync<object>("/api/sessions/withdrawals", new WithdrawalRequest(opening.Ticket))).Status);
    }

    [Fact]
    public async Task Behind_the_portal_each_client_has_a_limit_of_its_own()
    {
        await SpendAsync(Portal, "192.0.2.1");
        Assert.Equal(429, await GuessAsync(Portal, "192.0.2.1"));
        Assert.Equal(403, await GuessAsync(Portal, "192.0.2.2"));
        Assert.Equal(403, await GuessAsync("::ffff:10.0.0.6", "192.0.2.3, 10.0.0.7"));
    }

    [Fact]
    public async Task An_address_before_the_last_unknown_one_is_only_claimed()
    {
        await SpendAsync(Portal, "192.0.2.1");
        Assert.Equal(429, await GuessAsync(Portal, "198.51.100.9, 192.0.2.1"));
        Assert.Equal(429, await GuessAsync(Portal, "not an address, 192.0.2.1"));
    }

    [Fact]
    public async Task Nobody_but_a_known_proxy_names_another_client()
    {
        await SpendAsync("192.0.2.1", null);
        Assert.Equal(429, await GuessAsync("192.0.2.1", "192.0.2.77"));
        Assert.Equal(429, await GuessAsync("192.0.2.1", Portal));
    }

    public void Dispose() => host.Dispose();

    private async Task SpendAsync(string peer, string? forwarded)
    {
        for (var at = 0; at < 10; at++)
            Assert.Equal(403, await GuessAsync(peer, forwarded));
    }

    private async Task<int> GuessAsync(string peer, string? forwarded)
    {
        using var http = host.CreateClient();
        http.DefaultRequestHeaders.Add(Peer, peer);
        if (forwarded is not null)
            http.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);
        using var response = await http.PostAsJsonAsync("/api/sessions", new RedemptionRequest("guess", null), TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }

    /// <summary>The test server has no network: a header says who connected.</summary>
    private sealed class Connected : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Connection.RemoteIpAddress = IPAddress.TryParse(context.Request.Headers[Peer], out var peer) ? peer : null;
                return rest(context);
            });
            next(app);
        };
    }
}
