using Cdr.Testing.Servers;

namespace Cdr.Testing;

/// <summary>
/// One set of real servers a test assembly, each started when first asked for. In the assembly:
/// <c>[assembly: AssemblyFixture(typeof(TestServers))]</c>; in a test class's constructor: <c>TestServers servers</c>. A test that kills
/// a server makes its own instead: others share these.
/// </summary>
public sealed class TestServers : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> postgres = new(StartedAsync<PostgresServer>);
    private readonly Lazy<Task<RedisServer>> redis = new(StartedAsync<RedisServer>);
    private readonly Lazy<Task<RabbitServer>> rabbit = new(StartedAsync<RabbitServer>);

    /// <summary>PostgreSQL, running.</summary>
    public Task<PostgresServer> PostgresAsync() => postgres.Value;

    /// <summary>Redis, running.</summary>
    public Task<RedisServer> RedisAsync() => redis.Value;

    /// <summary>RabbitMQ, running.</summary>
    public Task<RabbitServer> RabbitAsync() => rabbit.Value;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await DisposeAsync(postgres);
        await DisposeAsync(redis);
        await DisposeAsync(rabbit);
    }

    private static async Task<TServer> StartedAsync<TServer>()
        where TServer : TestServer, new()
    {
        var server = new TServer();
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static async Task DisposeAsync<TServer>(Lazy<Task<TServer>> server)
        where TServer : TestServer
    {
        if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await server.Value).DisposeAsync();
    }
}
