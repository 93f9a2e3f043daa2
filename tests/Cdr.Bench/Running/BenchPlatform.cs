using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Cdr.RegimeSimulator;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;
using Npgsql;
using StackExchange.Redis;

namespace Cdr.Bench.Running;

/// <summary>Rights, the floors and the simulator as processes of their own, on real PostgreSQL, Redis and RabbitMQ.</summary>
internal sealed class BenchPlatform : IAsyncDisposable
{
    private const int Population = 50_000;
    private readonly List<IAsyncDisposable> owned = [];
    private readonly TestFolder folder = new("bench");
    private ConnectionMultiplexer redis = null!;
    private TestTokens tokens = null!;
    private TestDatabase database = null!;

    public MeasuredProcess Rights { get; private set; } = null!;

    public MeasuredProcess Floors { get; private set; } = null!;

    public ServiceProcess Simulator { get; private set; } = null!;

    public SimulatedPeople People { get; } = SimulatedPeople.Create(insuredPersons: Population);

    public string Token { get; private set; } = "";

    public HttpClient Http { get; } = new(new SocketsHttpHandler { MaxConnectionsPerServer = 512 }) { Timeout = TimeSpan.FromSeconds(30) };

    public IDatabase Redis => redis.GetDatabase();

    public string Folder => folder.Path;

    public static async Task<BenchPlatform> StartAsync()
    {
        var platform = new BenchPlatform();
        try
        {
            await platform.StartAllAsync();
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same people are never asked twice by two figures: each takes the next ones.</summary>
    public IReadOnlyList<SimulatedInsured> TakePeople(int count, string? regime = null)
    {
        List<SimulatedInsured> taken = [];
        for (; taken.Count < count && next < People.Count; next++)
        {
            var person = People.At(next);
            if (person.Memberships.Count == 1 && person.Memberships[0].MovedTo is null && (regime is null || person.Memberships[0].Regime == regime))
                taken.Add(person);
        }

        return taken.Count == count ? taken : throw new InvalidOperationException("The population is too small for this bench.");
    }

    private int next = 500;

    public static string Question(string nir, string? regime) =>
        JsonSerializer.Serialize(regime is null ? new { nir, reason = "emergency" } : (object)new { nir, reason = "emergency", regime });

    public async Task<byte[]> AskAsync(string body, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Rights.Process.Address, "api/consultations"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await Http.SendAsync(request, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode ? bytes : throw new InvalidOperationException($"Rights answered {(int)response.StatusCode}: {Encoding.UTF8.GetString(bytes)}");
    }

    /// <summary>Average bytes of a row of the journal.</summary>
    public async Task<int> RowBytesAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.Administrator);
        await using var command = source.CreateCommand(sql);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Gives the floors the same answer, and the same size of row.</summary>
    public async Task PrepareFloorsAsync(int keys, int row, byte[] answer)
    {
        using var response = await Http.PostAsync(new Uri(Floors.Process.Address, $"prepare/{keys}/{row}"), new ByteArrayContent(answer));
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        for (var place = owned.Count - 1; place >= 0; place--)
            await owned[place].DisposeAsync();
        Http.Dispose();
        folder.Dispose();
    }

    private async Task StartAllAsync()
    {
        var postgres = Own(new PostgresServer());
        var redisServer = Own(new RedisServer());
        var rabbit = Own(new RabbitServer());
        await Task.WhenAll(postgres.StartAsync(), redisServer.StartAsync(), rabbit.StartAsync());
        tokens = Own(await TestTokens.StartAsync());
        var redisDatabase = redisServer.CreateDatabase();
        redis = Own(await ConnectionMultiplexer.ConnectAsync(redisDatabase));
        var caller = new TestCaller { Lifetime = TimeSpan.FromHours(8) };
        Token = tokens.Mint(caller);
        await Redis.StringSetAsync(SessionGate.Key(caller.Session!.Value.ToString()), SessionGate.Alive, TimeSpan.FromHours(8));

        Simulator = Own(new ServiceProcess(Repository.Program("deploy/simulators", "Cdr.RegimeSimulator"), folder.File("simulator.log"),
            [new("Simulator:Profile", "bench"), new("Simulator:InsuredPersons", Population.ToString(System.Globalization.CultureInfo.InvariantCulture)), new("Logging:LogLevel:Default", "Warning")]));
        await Simulator.StartAsync();
        database = await postgres.CreateDatabaseAsync("rights");
        await StartRightsAsync(redisDatabase, await rabbit.CreateVirtualHostAsync());
        var floors = Own(new ServiceProcess(Repository.Program("tests/Cdr.Bench", "Cdr.Bench"), folder.File("floors.log"),
        [
            new("FLOOR_REDIS", redisServer.CreateDatabase()), new("FLOOR_POSTGRES", (await postgres.CreateDatabaseAsync("floor")).Owner), new("FLOOR_TOKEN", Token),
            new("FLOOR_SESSION", SessionGate.Key("floor")),
        ], null, "floors"));
        await floors.StartAsync(ready: false);
        Floors = new MeasuredProcess(floors);
    }

    private async Task StartRightsAsync(string redisDatabase, string rabbit)
    {
        KeyRing.Create(folder.File("rights.json"));
        ServiceIdentities.CreateKey(folder.Folder("identity"), "rights");
        var rights = Own(new ServiceProcess(Repository.Program("services/rights", "Cdr.Rights"), folder.File("rights.log"),
        [
            .. tokens.Settings,
            new("ConnectionStrings:Rights", database.Application), new("ConnectionStrings:RightsOwner", database.Owner),
            new("ConnectionStrings:Redis", redisDatabase), new("ConnectionStrings:RabbitMq", rabbit),
            new("Keys:Rights:File", folder.File("rights.json")), new("Identity:KeyFolder", folder.Folder("identity")),
            new("Regimes:BaseAddress", Simulator.Address.AbsoluteUri), new("Logging:LogLevel:Default", "Warning"),
        ]));
        await rights.RunAsync("migrate");
        await rights.StartAsync();
        Rights = new MeasuredProcess(rights);
    }

    private T Own<T>(T part)
        where T : IAsyncDisposable
    {
        owned.Add(part);
        return part;
    }
}
