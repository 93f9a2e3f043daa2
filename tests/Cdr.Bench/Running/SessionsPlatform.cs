using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Drawer.Pki;
using Cdr.RegimeSimulator;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;

namespace Cdr.Bench.Running;

/// <summary>
/// Sessions as a process of its own on PostgreSQL and Redis, its list of 300,000 entries; and, once they are asked for, those who must learn
/// that a session ended: Rights with a regime behind it and RabbitMQ, and the portal with its pages.
/// </summary>
internal sealed class SessionsPlatform : IAsyncDisposable
{
    public const string Origin = "https://cdr.bench";
    public const int Entries = 300_000;

    /// <value>A card with one activity, a clerk's.</value>
    public const string Clerk = "cpe-admissions-nord";

    private const int Persons = 1_000;
    private const string Presence = "api/sessions/presence";

    // One host of a whole hospital, as with Citrix.
    private static readonly byte[] PostSecret = "bench-post-secret"u8.ToArray();
    private static readonly PostReport Report = new(PostValue.IdOf(PostSecret), "Citrix", "1.0", "windows", "10", true, "5.1.5", true, "cps3", [new PostReader("Reader", false)], false, "firefox", "128.0", null);
    private static readonly string[] Cards = [Clerk, "cpe-urgences-rhone", "cpe-facturation-reunion", "cps-infirmier", "cpf-interne", "cpa-hotline", "cpa-exploitation", "cpa-donnees"];

    private readonly TestFolder folder = new("bench-sessions");
    private readonly PostgresServer postgres = new();
    private readonly RedisServer redis = new();
    private readonly HttpClient http;
    private readonly List<X509Certificate2> cards = [];
    private readonly List<IAsyncDisposable> owned;
    private string redisDatabase = "";
    private string question = "";
    private ServiceProcess sessions = null!;
    private ServiceProcess rights = null!;

    private SessionsPlatform(HttpClient http) => (this.http, owned) = (http, [postgres, redis]);

    /// <value>Sessions.</value>
    public MeasuredProcess Process { get; private set; } = null!;

    /// <value>The portal, once it was asked for: its pages, and the public door to the others.</value>
    public MeasuredProcess Portal { get; private set; } = null!;

    public Uri Door => Portal.Process.Address;

    /// <value>Seconds, as the platform asks its agents for it.</value>
    public int Heartbeat { get; private set; }

    public static async Task<SessionsPlatform> StartAsync(HttpClient http)
    {
        var platform = new SessionsPlatform(http);
        try
        {
            await platform.StartSessionsAsync();
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    /// <summary>Rights and the portal, as an installation has them.</summary>
    public async Task StartReadersAsync()
    {
        var rabbit = Own(new RabbitServer());
        await rabbit.StartAsync();
        var simulator = Own(new ServiceProcess(Repository.Program("deploy/simulators", "Cdr.RegimeSimulator"), folder.File("simulator.log"),
            [new("Simulator:Profile", "bench"), new("Simulator:InsuredPersons", Persons.ToString(System.Globalization.CultureInfo.InvariantCulture)), new("Logging:LogLevel:Default", "Warning")]));
        await simulator.StartAsync();
        question = BenchPlatform.Question(SimulatedPeople.Create(insuredPersons: Persons).Case("cnam").Nir, "cnam");
        var bus = await rabbit.CreateVirtualHostAsync();
        rights = await StartServiceAsync("Rights", Repository.Program("services/rights", "Cdr.Rights"), bus, [new("Regimes:BaseAddress", simulator.Address.AbsoluteUri), .. OneCard.AsksForEverybody]);
        // Nobody looks at usage here; and no TLS stands before this door.
        var portal = await StartServiceAsync("Portal", await Published.PortalAsync(CancellationToken.None), bus,
            [new("Services:Rights", rights.Address.AbsoluteUri), new("Services:Usage", rights.Address.AbsoluteUri), new("Portal:SecureCookie", "false")]);
        Portal = new MeasuredProcess(portal, folder.File("portal.allocations"));
    }

    /// <summary>From the challenge to the session; milliseconds of the opening alone, and of its three requests without the card's signature.</summary>
    public async Task<(CardAgent Agent, double Opening, double Whole)> OpenAsync(int n, string? card = null)
    {
        var (agent, opening, opened, asked) = await PresentAsync(card is null ? cards[n % cards.Count] : cards[Array.IndexOf(Cards, card)], n);
        var (grant, redeemed) = await PostAsync<SessionGrant>("api/sessions", new RedemptionRequest(opening.Ticket, opening.Activities[0].Id));
        agent.Token = grant.Token.Value;
        return (agent, opened, asked + opened + redeemed);
    }

    /// <summary>A clerk's ticket, that a browser will redeem.</summary>
    public async Task<(CardAgent Agent, Opening Opening)> PresentAsync(int n)
    {
        var (agent, opening, _, _) = await PresentAsync(cards[Array.IndexOf(Cards, Clerk)], n);
        return (agent, opening);
    }

    /// <param name="agent">Whose.</param>
    /// <param name="byTheDoor">As from outside; otherwise of Sessions itself.</param>
    public async Task BeatAsync(CardAgent agent, bool byTheDoor = false)
    {
        var (answer, _) = await PostAsync<PresenceAnswer>(Presence, agent.Say(AgentStatements.Present), byTheDoor ? Door : null);
        if (answer.State != "alive")
            throw new InvalidOperationException($"A beating session is {answer.State}: {answer.EndedBecause}.");
    }

    public async Task<PresenceAnswer> SayAsync(CardAgent agent, string kind) => (await PostAsync<PresenceAnswer>(Presence, agent.Say(kind))).Answer;

    /// <summary>Milliseconds from the agent's word that its card left until Rights, another process, refuses the session's next question. It answered the one before.</summary>
    public async Task<double> WithdrawAsync(CardAgent agent)
    {
        if (await AskAsync(agent) is not 200 and var before)
            throw new InvalidOperationException($"Rights answered {before} to a live session.");
        var start = Stopwatch.GetTimestamp();
        await SayAsync(agent, AgentStatements.Withdrawn);
        while (await AskAsync(agent) is not 401 and var status)
        {
            if (status != 200 || Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(30))
                throw new InvalidOperationException($"Rights answered {status} to a withdrawn card's session.");
            await Task.Delay(1);
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public async ValueTask DisposeAsync()
    {
        for (var place = owned.Count - 1; place >= 0; place--)
            await owned[place].DisposeAsync();
        cards.ForEach(card => card.Dispose());
        folder.Dispose();
    }

    private async Task<(CardAgent Agent, Opening Opening, double Opened, double Asked)> PresentAsync(X509Certificate2 card, int n)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var agent = new CardAgent(key);
        var (agentKey, osSession) = (key.ExportSubjectPublicKeyInfo(), $"bench-{n}-{Stopwatch.GetTimestamp()}");
        var text = Base64Url.EncodeToString(agentKey);
        var (challenge, asked) = await PostAsync<Challenge>("api/sessions/challenges", new ChallengeRequest(text, osSession, "sign-in"));
        var value = SignedValue.Of(challenge.Origin, Base64Url.DecodeFromChars(challenge.Nonce), agentKey, osSession, "sign-in", "RS256");
        byte[] signature;
        // One card signs one thing at a time, here as in a reader.
        lock (card)
        {
            using var secret = card.GetRSAPrivateKey()!;
            signature = secret.SignData(value, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        var presence = agent.Say(AgentStatements.Present, challenge.Id, Report);
        var request = new OpeningRequest(challenge.Id, text, osSession, "sign-in", "RS256", Convert.ToBase64String(card.RawData), Base64Url.EncodeToString(signature), presence, Report, Base64Url.EncodeToString(PostSecret));
        var (opening, opened) = await PostAsync<Opening>("api/sessions/openings", request);
        Heartbeat = opening.Heartbeat;
        agent.Session = opening.Session;
        return (agent, opening, opened, asked);
    }

    /// <summary>The status of a question, asked of Rights with the session's token.</summary>
    private async Task<int> AskAsync(CardAgent agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(rights.Address, "api/consultations")) { Content = new StringContent(question, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", agent.Token);
        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private async Task StartSessionsAsync()
    {
        await Task.WhenAll(postgres.StartAsync(), redis.StartAsync());
        var database = await postgres.CreateDatabaseAsync("sessions");
        redisDatabase = redis.CreateDatabase();
        KeyRing.Create(folder.File("sessions.json"));
        foreach (var service in (string[])["sessions", "rights", "portal"])
            ServiceIdentities.CreateKey(folder.Folder("identity"), service);
        var demo = new DemoFolder(folder.File("drawer"), folder.File("trust"), TimeProvider.System);
        demo.Prepare();
        cards.AddRange(Cards.Select(demo.Authentication));
        using (var authority = DemoAuthority.Ensure(folder.File("drawer"), TimeProvider.System.GetUtcNow()))
        {
            // Others' cards: serial numbers of 16 bytes, as the real ones.
            var revoked = Enumerable.Range(0, Entries).Select(n => $"{0x40000000 + n:X8}{n:X24}");
            await File.WriteAllBytesAsync(Path.Combine(folder.File("trust"), "lists", "demo-persons.crl"), LongList.Of(authority.Issuer, [.. revoked], TimeProvider.System.GetUtcNow()));
        }

        KeyValuePair<string, string?>[] settings =
        [
            new("ASPNETCORE_ENVIRONMENT", "Development"), new("Data:Folder", folder.Folder("data")), new("ConnectionStrings:Sessions", database.Application), new("ConnectionStrings:Redis", redisDatabase),
            new("Keys:Sessions:File", folder.File("sessions.json")), new("Identity:KeyFolder", folder.Folder("identity")), new("Services:Sessions", "http://127.0.0.1/"),
            new("Sessions:Origin", Origin), new("Sessions:DirectoryFile", folder.File("drawer/directory.json")), new("Sessions:AnonymousRequestsPerMinute", "1000000"),
            new("Sessions:Trust:Folder", folder.File("trust")), new("Sessions:Trust:KindExtension", DrawerOptions.KindExtension),
            // A few cards stand for all; and the first session waits for the last before it beats.
            new("Sessions:Presence:Elsewhere", "Stays"), new("Sessions:Presence:Lost", "00:10:00"), new("Logging:LogLevel:Default", "Warning"),
            .. MeasuredProcess.Settings(folder.File("allocations")),
        ];
        await using (var migration = new ServiceProcess(Repository.Program("services/sessions", "Cdr.Sessions"), folder.File("migrate.log"), [.. settings, new("ConnectionStrings:SessionsOwner", database.Owner)]))
            await migration.RunAsync("migrate");
        sessions = Own(new ServiceProcess(Repository.Program("services/sessions", "Cdr.Sessions"), folder.File("sessions.log"), settings));
        await sessions.StartAsync();
        Process = new MeasuredProcess(sessions, folder.File("allocations"));
    }

    private async Task<ServiceProcess> StartServiceAsync(string name, string program, string bus, IEnumerable<KeyValuePair<string, string?>> more)
    {
        var (database, keys) = (await postgres.CreateDatabaseAsync(name), folder.File(name.ToLowerInvariant() + ".json"));
        KeyRing.Create(keys);
        KeyValuePair<string, string?>[] settings =
        [
            new("Services:Sessions", sessions.Address.AbsoluteUri), new($"ConnectionStrings:{name}", database.Application), new("ConnectionStrings:Redis", redisDatabase), new("ConnectionStrings:RabbitMq", bus),
            new($"Keys:{name}:File", keys), new("Identity:KeyFolder", folder.Folder("identity")), new("Logging:LogLevel:Default", "Warning"), .. more,
        ];
        await using (var migration = new ServiceProcess(program, folder.File(name + "-migrate.log"), [.. settings, new($"ConnectionStrings:{name}Owner", database.Owner)]))
            await migration.RunAsync("migrate");
        var service = Own(new ServiceProcess(program, folder.File(name + ".log"), settings));
        await service.StartAsync();
        return service;
    }

    private async Task<(T Answer, double Milliseconds)> PostAsync<T>(string path, object body, Uri? door = null)
    {
        using var content = JsonContent.Create(body, body.GetType());
        await content.LoadIntoBufferAsync();
        var start = Stopwatch.GetTimestamp();
        using var response = await http.PostAsync(new Uri(door ?? sessions.Address, path), content);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"Sessions answered {(int)response.StatusCode} to {path}: {Encoding.UTF8.GetString(bytes)}");
        return (JsonSerializer.Deserialize<T>(bytes, JsonSerializerOptions.Web)!, elapsed);
    }

    private T Own<T>(T part)
        where T : IAsyncDisposable
    {
        owned.Add(part);
        return part;
    }
}
