using System.Text.Json.Nodes;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Servers;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cdr.Rights.Tests.Harness;

/// <summary>What a test changes of the world; by default embedded, with the machine's clock.</summary>
internal sealed record WorldSetup
{
    public Action<JsonObject>? Registry { get; init; }

    public TimeProvider? Clock { get; init; }

    public PostgresServer? Postgres { get; init; }

    /// <value>Connection string; null keeps shared state in the process.</value>
    public string? Redis { get; init; }

    /// <value>amqp address; null keeps messages in the process.</value>
    public string? Rabbit { get; init; }

    public ILoggerProvider? Logs { get; init; }

    public Action<IServiceCollection>? Services { get; init; }

    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();
}

/// <summary>Sessions, regimes and stores of one test, and the Rights hosts that use them.</summary>
internal sealed class RightsWorld : IAsyncDisposable
{
    private readonly TestFolder folder = new("rights");
    private readonly WorldSetup setup;
    private readonly List<RightsHost> hosts = [];

    private RightsWorld(WorldSetup setup) => this.setup = setup;

    public TestTokens Tokens { get; private set; } = null!;

    public RegimeBackEnds Regimes { get; private set; } = null!;

    public IReadOnlyList<RightsHost> Hosts => hosts;

    public TestDatabase? Database { get; private set; }

    /// <value>The first host.</value>
    public RightsHost Host => hosts[0];

    public string DataFolder => folder.Folder("data");

    /// <summary>A world with one host.</summary>
    public static async Task<RightsWorld> StartAsync(WorldSetup? setup = null)
    {
        var world = new RightsWorld(setup ?? new WorldSetup());
        try
        {
            await world.PrepareAsync();
            await world.StartHostAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>A world whose hosts the test starts itself.</summary>
    public static async Task<RightsWorld> WithoutHostAsync(WorldSetup setup)
    {
        var world = new RightsWorld(setup);
        try
        {
            await world.PrepareAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>One more process's worth of Rights on the same stores.</summary>
    public async Task<RightsHost> StartHostAsync(IReadOnlyDictionary<string, string?>? more = null)
    {
        var host = await RightsHost.StartAsync(Tokens, setup, Settings(more));
        hosts.Add(host);
        return host;
    }

    public Dictionary<string, string?> Settings(IReadOnlyDictionary<string, string?>? more = null)
    {
        var settings = new Dictionary<string, string?>(Tokens.Settings)
        {
            ["Data:Folder"] = DataFolder,
            ["Regimes:BaseAddress"] = Regimes.Address.AbsoluteUri,
            ["Regimes:RegistryFile"] = folder.File("regimes.json"),
            // One regime's bad moment in a test is not a trend.
            ["Regimes:CircuitMinimumCalls"] = "1000",
            // One card asks about everybody in a test: it would be stopped. Tests of the guard turn it on.
            ["Fishing:Enabled"] = "false",
            // A busy machine is no slow regime: the next wave waits for the answers of this one.
            ["Search:HedgeAtLeast"] = "00:00:20",
            ["Search:HedgeAtMost"] = "00:00:20",
            ["ConnectionStrings:Rights"] = Database?.Application,
            ["ConnectionStrings:RightsOwner"] = Database?.Owner,
            ["Keys:Rights:File"] = Database is null ? null : folder.File("keys.json"),
            ["ConnectionStrings:Redis"] = setup.Redis,
            ["ConnectionStrings:RabbitMq"] = setup.Rabbit,
        };
        foreach (var (name, value) in setup.Settings.Concat(more ?? new Dictionary<string, string?>()))
            settings[name] = value;
        return settings;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
            await host.DisposeAsync();
        if (Regimes is not null)
            await Regimes.DisposeAsync();
        if (Tokens is not null)
            await Tokens.DisposeAsync();
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    private async Task PrepareAsync()
    {
        Tokens = await TestTokens.StartAsync(setup.Clock);
        Regimes = await RegimeBackEnds.StartAsync(Registry.Write(folder.File("regimes.json"), setup.Registry));
        if (setup.Postgres is null)
            return;
        Database = await setup.Postgres.CreateDatabaseAsync("rights");
        KeyRing.Create(folder.File("keys.json"));
        await using var migrating = RightsHost.Build(setup, Settings());
        await migrating.Services.MigrateStoresAsync();
    }
}
