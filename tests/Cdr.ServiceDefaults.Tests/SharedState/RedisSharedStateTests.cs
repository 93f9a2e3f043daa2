using System.Net.Sockets;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.ServiceDefaults.Tests.SharedState;

public sealed class RedisSharedStateTests(TestServers servers) : SharedStateRules
{
    private protected override async Task<ISharedState> OpenAsync() => Open((await servers.RedisAsync()).CreateDatabase());

    [Fact]
    public async Task A_value_ends_with_its_time()
    {
        var state = await OpenAsync();
        await state.SetAsync("k", [1], TimeSpan.FromMilliseconds(40), Cancel);

        await Deadline.UntilAsync("the value ends", TimeSpan.FromSeconds(60), async () => await state.GetAsync("k", Cancel) is null, Cancel);
        Assert.True(await state.TryAddAsync("k", [1], Hour, Cancel));
    }

    [Fact]
    public async Task Redis_silent_is_said_by_one_exception_and_not_waited_for()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var state = Open($"127.0.0.1:{port}");

        // The client's default backlog keeps each of them eleven seconds.
        await RefusedAsync(state).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    private static async Task RefusedAsync(ISharedState state)
    {
        await Assert.ThrowsAsync<SharedStateUnavailableException>(() => state.GetAsync("k", Cancel));
        await Assert.ThrowsAsync<SharedStateUnavailableException>(() => state.SetAsync("k", [1], Hour, Cancel));
        await Assert.ThrowsAsync<SharedStateUnavailableException>(() => state.TryAddAsync("k", [1], Hour, Cancel));
        await Assert.ThrowsAsync<SharedStateUnavailableException>(() => state.RemoveAsync("k", null, Cancel));
        await Assert.ThrowsAsync<SharedStateUnavailableException>(() => state.RemoveAsync("k", [1], Cancel));
    }

    private static ISharedState Open(string connection)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:Redis"] = connection;
        builder.AddSharedState();
        return builder.Services.BuildServiceProvider().GetRequiredService<ISharedState>();
    }
}
