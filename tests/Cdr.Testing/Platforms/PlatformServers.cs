using Cdr.Testing.Servers;

namespace Cdr.Testing.Platforms;

/// <summary>The servers of a distributed platform: its own, so that a test may kill them.</summary>
public sealed class PlatformServers : IAsyncDisposable
{
    private static readonly string[] Services = ["Sessions", "Rights", "Usage", "Support", "Portal"];

    /// <summary>A database a service.</summary>
    public PostgresServer Postgres { get; } = new();

    /// <summary>The copy.</summary>
    public RedisServer Redis { get; } = new();

    /// <summary>The bus.</summary>
    public RabbitServer Rabbit { get; } = new();

    /// <summary>By service.</summary>
    public IReadOnlyDictionary<string, TestDatabase> Databases { get; private set; } = new Dictionary<string, TestDatabase>();

    /// <summary>Connection string of the platform's Redis.</summary>
    public string RedisConnection { get; private set; } = "";

    /// <summary>Address of the platform's virtual host.</summary>
    public string RabbitAddress { get; private set; } = "";

    /// <summary>Starts all three, and makes what the platform needs in them.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await Task.WhenAll(Postgres.StartAsync(cancellationToken), Redis.StartAsync(cancellationToken), Rabbit.StartAsync(cancellationToken));
        var databases = new Dictionary<string, TestDatabase>(StringComparer.Ordinal);
        foreach (var service in Services)
            databases[service] = await Postgres.CreateDatabaseAsync(service, cancellationToken);
        Databases = databases;
        RedisConnection = Redis.CreateDatabase();
        RabbitAddress = await Rabbit.CreateVirtualHostAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await Redis.DisposeAsync();
        await Rabbit.DisposeAsync();
    }
}
