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
    private const int Population = 200_000;
    private static readonly JsonSerializerOptions Brief = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };
    private readonly List<IAsyncDisposable> owned = [];
    private readonly TestFolder folder = new("bench");
    private ConnectionMultiplexer redis = null!;
    private TestTokens tokens = null!;
    private TestDatabase database = null!;
    private string redisDatabase = "";
    private string rabbitHost = "";
    private MeasuredProcess? peer;
    private (MeasuredProcess Rights, ServiceProcess Simulator)? paced;

    public MeasuredProcess Rights { get; private set; } = null!;

    public MeasuredProcess Floors { get; private set; } = null!;

    public ServiceProcess Simulator { get; private set; } = null!;

    public SimulatedPeople People { get; } = SimulatedPeople.Create(insuredPersons: Population);

    /// <value>Of a clerk of the first establishment.</value>
    public string Token { get; private set; } = "";

    public HttpClient Http { get; } = NewClient();

    public IDatabase Redis => redis.GetDatabase();

    public string Folder => folder.Path;

    public static HttpClient NewClient() => new(new SocketsHttpHandler { MaxConnectionsPerServer = 512 }) { Timeout = TimeSpan.FromSeconds(30) };

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

    /// <summary>The next ones as they are: those too who moved, or have two regimes.</summary>
    public IReadOnlyList<SimulatedInsured> TakeAnybody(int count)
    {
        List<SimulatedInsured> taken = [];
        for (; taken.Count < count && next < People.Count; next++)
            taken.Add(People.At(next));
        return taken.Count == count ? taken : throw new InvalidOperationException("The population is too small for this bench.");
    }

    /// <summary>One without a family, by many at once: of a number that stands for several the answer is a list to pick from, whoever is silent.</summary>
    public SimulatedInsured TakeSingle()
    {
        lock (taking)
        {
            SimulatedInsured person;
            do
                person = TakePeople(1)[0];
            while (person.Memberships[0].Beneficiaries.Count > 1);
            return person;
        }
    }

    private readonly Lock taking = new();
    private int next = 500;

    /// <summary>A second process of Rights beside the first: same stores, same regimes.</summary>
    public async Task<MeasuredProcess> PeerAsync() => peer ??= await StartRightsAsync("peer", Simulator, OneCard.AsksForEverybody);

    /// <summary>Rights in front of regimes that have their latencies, but neither limits nor hours.</summary>
    public async Task<(MeasuredProcess Rights, ServiceProcess Simulator)> PacedAsync()
    {
        if (paced is null)
        {
            var simulator = await StartSimulatorAsync("paced");
            paced = (await StartRightsAsync("on-paced", simulator, OneCard.AsksForEverybody), simulator);
        }

        return paced.Value;
    }

    /// <summary>One more process of Rights with settings of its own.</summary>
    public Task<MeasuredProcess> RightsWithAsync(string name, params KeyValuePair<string, string?>[] settings) => StartRightsAsync(name, Simulator, [.. OneCard.AsksForEverybody, .. settings]);

    /// <summary>One more process of Rights whose guard against enumeration has an instance's thresholds. What the other figures' clerks asked is known to it.</summary>
    public Task<MeasuredProcess> GuardedRightsAsync(string name) => StartRightsAsync(name, Simulator, []);

    /// <summary>The token of a clerk of another establishment, whose session is alive.</summary>
    public async Task<string> SignInAsync(TestCaller caller)
    {
        caller = caller with { Lifetime = TimeSpan.FromHours(8) };
        await Redis.StringSetAsync(SessionGate.Key(caller.Session!.Value.ToString()), SessionGate.Alive, TimeSpan.FromHours(8));
        return tokens.Mint(caller);
    }

    /// <summary>A count or an average from the journal's database.</summary>
    public async Task<long> FromJournalAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.Administrator);
        await using var command = source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Ids from the journal's database.</summary>
    public async Task<HashSet<Guid>> IdsFromJournalAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.Administrator);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        HashSet<Guid> ids = [];
        while (await reader.ReadAsync())
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    /// <summary>The body of a question by names, of all regimes.</summary>
    public static string Question(SimulatedPerson person, string reason) =>
        JsonSerializer.Serialize(new { names = new { familyName = person.FamilyName, givenName = person.GivenName }, birthDate = person.BirthDate.Iso, reason }, Brief);

    /// <summary>The body of a question.</summary>
    public static string Question(string nir, string? regime, DateOnly? careDate = null, string reason = "emergency", bool exhaustive = false) =>
        JsonSerializer.Serialize(
            new { nir, reason, regime, careDate = careDate?.ToString("O", System.Globalization.CultureInfo.InvariantCulture), exhaustive = exhaustive ? true : (bool?)null }, Brief);

    public Task<byte[]> AskAsync(string body, CancellationToken cancellationToken = default) => AskAsync(Rights, body, Token, cancellationToken);

    public async Task<byte[]> AskAsync(MeasuredProcess rights, string body, string? token = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(rights.Process.Address, "api/consultations"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token);
        using var response = await Http.SendAsync(request, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode ? bytes : throw new InvalidOperationException($"Rights answered {(int)response.StatusCode}: {Encoding.UTF8.GetString(bytes)}");
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
        redisDatabase = redisServer.CreateDatabase();
        redis = Own(await ConnectionMultiplexer.ConnectAsync(redisDatabase));
        Token = await SignInAsync(new TestCaller());
        Simulator = await StartSimulatorAsync("bench");
        database = await postgres.CreateDatabaseAsync("rights");
        rabbitHost = await rabbit.CreateVirtualHostAsync();
        KeyRing.Create(folder.File("rights.json"));
        ServiceIdentities.CreateKey(folder.Folder("identity"), "rights");
        Rights = await StartRightsAsync("rights", Simulator, OneCard.AsksForEverybody);
        var floors = Own(new ServiceProcess(Repository.Program("tests/Cdr.Bench", "Cdr.Bench"), folder.File("floors.log"),
        [
            new("FLOOR_REDIS", redisServer.CreateDatabase()), new("FLOOR_POSTGRES", (await postgres.CreateDatabaseAsync("floor")).Owner), new("FLOOR_TOKEN", Token),
            new("FLOOR_SESSION", SessionGate.Key("floor")), new("FLOOR_SIMULATOR", (await PacedAsync()).Simulator.Address.AbsoluteUri),
            .. MeasuredProcess.Settings(Allocations("floors")),
        ], null, "floors"));
        await floors.StartAsync(ready: false);
        Floors = new MeasuredProcess(floors, Allocations("floors"));
    }

    private async Task<ServiceProcess> StartSimulatorAsync(string profile)
    {
        var simulator = Own(new ServiceProcess(Repository.Program("deploy/simulators", "Cdr.RegimeSimulator"), folder.File($"simulator-{profile}.log"),
            [new("Simulator:Profile", profile), new("Simulator:InsuredPersons", Population.ToString(System.Globalization.CultureInfo.InvariantCulture)), new("Logging:LogLevel:Default", "Warning")]));
        await simulator.StartAsync();
        return simulator;
    }

    private async Task<MeasuredProcess> StartRightsAsync(string name, ServiceProcess simulator, IEnumerable<KeyValuePair<string, string?>> more)
    {
        var rights = Own(new ServiceProcess(Repository.Program("services/rights", "Cdr.Rights"), folder.File(name + ".log"),
        [
            .. tokens.Settings,
            new("ConnectionStrings:Rights", database.Application), new("ConnectionStrings:RightsOwner", database.Owner),
            new("ConnectionStrings:Redis", redisDatabase), new("ConnectionStrings:RabbitMq", rabbitHost),
            new("Keys:Rights:File", folder.File("rights.json")), new("Identity:KeyFolder", folder.Folder("identity")),
            new("Regimes:BaseAddress", simulator.Address.AbsoluteUri), new("Logging:LogLevel:Default", "Warning"),
            .. MeasuredProcess.Settings(Allocations(name)), .. more,
        ]));
        await rights.RunAsync("migrate");
        await rights.StartAsync();
        return new MeasuredProcess(rights, Allocations(name));
    }

    private string Allocations(string name) => folder.File(name + ".allocations");

    private T Own<T>(T part)
        where T : IAsyncDisposable
    {
        owned.Add(part);
        return part;
    }
}
