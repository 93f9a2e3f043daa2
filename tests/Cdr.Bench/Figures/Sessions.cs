using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cdr.Bench.Load;
using Cdr.Bench.Running;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Drawer.Pki;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;
using StackExchange.Redis;

namespace Cdr.Bench.Figures;

/// <summary>
/// Sessions as a process of its own on PostgreSQL and Redis, its list of 300,000 entries: openings at 50 a second, the heartbeats of
/// 5,000 live sessions, and withdrawals while they beat.
/// </summary>
internal static class Sessions
{
    private const string Origin = "https://cdr.bench";
    private const int Entries = 300_000;
    private const int Live = 5_000;
    private const double OpeningsPerSecond = 50;
    private const double WithdrawalsPerSecond = 20;
    // One host of a whole hospital, as with Citrix.
    private static readonly byte[] PostSecret = "bench-post-secret"u8.ToArray();
    private static readonly PostReport Report = new(PostValue.IdOf(PostSecret), "Citrix", "1.0", "windows", "10", true, "5.1.5", true, "cps3", [new PostReader("Reader", false)], false, "firefox", "128.0", null);
    private static readonly string[] Cards = ["cpe-admissions-nord", "cpe-urgences-rhone", "cpe-facturation-reunion", "cps-infirmier", "cpf-interne", "cpa-hotline", "cpa-exploitation", "cpa-donnees"];

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(HttpClient http, BenchPlan plan)
    {
        await using var sessions = await SessionsBench.StartAsync(http);
        List<FigureRow> rows = [];

        // Compiled along the way; and these are the sessions that beat.
        var agents = new ConcurrentBag<BenchAgent>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Live), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) => agents.Add((await sessions.OpenAsync(n)).Agent));
        BenchAgent[] live = [.. agents];

        var openings = (int)(OpeningsPerSecond * plan.Rounds * plan.Seconds);
        var (opening, whole) = (new double[openings], new double[openings]);
        await OpenLoop.RunAsync(OpeningsPerSecond, openings, async n =>
        {
            var opened = await sessions.OpenAsync(n);
            (opening[n], whole[n]) = (opened.Opening, opened.Whole);
        });
        rows.Add(new FigureRow($"Session opening at 50/s, list of {Entries:N0}: p50 – p99", Text(opening), Goal.AtMost(OpenLoop.Quantile(opening, 0.99), 50, " ms", "p99 ")));
        rows.Add(new FigureRow("  with challenge and redemption", Text(whole)));

        // What the process does for sessions that nobody speaks of: the rest is the heartbeats' own.
        var idle = sessions.Process.CpuSeconds();
        var quiet = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(plan.Seconds * 2));
        var resting = (sessions.Process.CpuSeconds() - idle) / quiet.Elapsed.TotalSeconds * 100;

        // A session's first heartbeat reads whose key it is from the database; the others, one each 25 s for hours, do not.
        await Parallel.ForEachAsync(live, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (agent, _) => await sessions.BeatAsync(agent));
        var beats = live.Length / (double)sessions.Heartbeat;
        var (own, redis) = (new Rounds(), new Rounds());
        for (var round = 0; round <= plan.Rounds; round++)
        {
            var (before, programs, watch) = (sessions.Process.CpuSeconds(), ProcessTree.CpuSeconds(), Stopwatch.StartNew());
            var first = round;
            await OpenLoop.RunAsync(beats, (int)(beats * plan.Seconds), n => sessions.BeatAsync(live[(int)(first * beats * plan.Seconds + n) % live.Length]));
            var seconds = watch.Elapsed.TotalSeconds;
            if (round == 0)
                continue;
            own.Add((sessions.Process.CpuSeconds() - before) / seconds * 100);
            redis.Add((ProcessTree.CpuSeconds().GetValueOrDefault("redis-server") - programs.GetValueOrDefault("redis-server")) / seconds * 100);
        }

        rows.Add(new FigureRow($"Heartbeats of {Live:N0} live sessions, each {sessions.Heartbeat} s: of one core, Sessions", own.Text("0.0", " %"), Goal.AtMost(own.Median, 10, " %")));
        rows.Add(new FigureRow("  without a heartbeat", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{resting:0.0} %")));
        rows.Add(new FigureRow("  Redis beside", redis.Text("0.0", " %")));

        using var beating = new CancellationTokenSource();
        var stay = live.Skip(live.Length / 2).ToArray();
        var beside = BeatAsync(sessions, stay, beats / 2, beating.Token);
        var withdrawn = Math.Min(live.Length / 2, (int)(WithdrawalsPerSecond * plan.Rounds * plan.Seconds));
        var dead = await OpenLoop.RunAsync(WithdrawalsPerSecond, withdrawn, n => sessions.WithdrawAsync(live[n]));
        await beating.CancelAsync();
        await beside;
        rows.Add(new FigureRow("Withdrawal to session dead everywhere: p50 – p99", Text(dead), Goal.AtMost(OpenLoop.Quantile(dead, 0.99), 1000, " ms", "p99 ")));
        return rows;
    }

    private static async Task BeatAsync(SessionsBench sessions, BenchAgent[] agents, double perSecond, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            await OpenLoop.RunAsync(perSecond, (int)perSecond, _ => sessions.BeatAsync(agents[RandomNumberGenerator.GetInt32(agents.Length)]));
    }

    private static string Text(double[] milliseconds) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{OpenLoop.Quantile(milliseconds, 0.5):0.0} – {OpenLoop.Quantile(milliseconds, 0.99):0.0} ms ({milliseconds.Length} measured)");

    /// <summary>An agent and the session of its card.</summary>
    private sealed class BenchAgent(Guid session, ECDsa key)
    {
        private long sequence;

        public Guid Session => session;

        public AgentStatement Say(string kind, Guid? about = null, PostReport? report = null)
        {
            lock (key)
            {
                var number = ++sequence;
                var signature = key.SignData(AgentValue.Of(Origin, about ?? session, kind, 1, number, report), HashAlgorithmName.SHA256);
                return new AgentStatement(about ?? session, kind, 1, number, Base64Url.EncodeToString(signature));
            }
        }
    }

    /// <summary>The process and its servers.</summary>
    private sealed class SessionsBench : IAsyncDisposable
    {
        private readonly TestFolder folder = new("bench-sessions");
        private readonly PostgresServer postgres = new();
        private readonly RedisServer redisServer = new();
        private readonly HttpClient http;
        private readonly List<X509Certificate2> cards = [];
        private ConnectionMultiplexer redis = null!;
        private ServiceProcess process = null!;

        private SessionsBench(HttpClient http) => this.http = http;

        public MeasuredProcess Process { get; private set; } = null!;

        public static async Task<SessionsBench> StartAsync(HttpClient http)
        {
            var bench = new SessionsBench(http);
            try
            {
                await bench.StartAllAsync();
                return bench;
            }
            catch
            {
                await bench.DisposeAsync();
                throw;
            }
        }

        /// <value>Seconds, as the platform asks its agents for it.</value>
        public int Heartbeat { get; private set; }

        /// <summary>From the challenge to the session; milliseconds of the opening alone, and of its three requests without the card's signature.</summary>
        public async Task<(BenchAgent Agent, double Opening, double Whole)> OpenAsync(int n)
        {
            var card = cards[n % cards.Count];
            var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
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

            var presence = new BenchAgent(challenge.Id, key).Say(AgentStatements.Present, report: Report);
            var request = new OpeningRequest(challenge.Id, text, osSession, "sign-in", "RS256", Convert.ToBase64String(card.RawData), Base64Url.EncodeToString(signature), presence, Report, Base64Url.EncodeToString(PostSecret));
            var (opening, opened) = await PostAsync<Opening>("api/sessions/openings", request);
            Heartbeat = opening.Heartbeat;
            var (grant, redeemed) = await PostAsync<SessionGrant>("api/sessions", new RedemptionRequest(opening.Ticket, opening.Activities[0].Id));
            return (new BenchAgent(grant.Session, key), opened, asked + opened + redeemed);
        }

        public async Task BeatAsync(BenchAgent agent)
        {
            var (answer, _) = await PostAsync<PresenceAnswer>("api/sessions/presence", agent.Say(AgentStatements.Present));
            if (answer.State != "alive")
                throw new InvalidOperationException($"A beating session is {answer.State}: {answer.EndedBecause}.");
        }

        /// <summary>Until the copy that every service reads says that it ended.</summary>
        public async Task WithdrawAsync(BenchAgent agent)
        {
            await PostAsync<PresenceAnswer>("api/sessions/presence", agent.Say(AgentStatements.Withdrawn));
            byte[]? copy = await redis.GetDatabase().StringGetAsync(SessionGate.Key(agent.Session.ToString()));
            if (copy is null || !copy.AsSpan().SequenceEqual(SessionGate.Ended))
                throw new InvalidOperationException("A withdrawn card's session is not dead everywhere.");
        }

        public async ValueTask DisposeAsync()
        {
            if (process is not null)
                await process.DisposeAsync();
            if (redis is not null)
                await redis.DisposeAsync();
            await postgres.DisposeAsync();
            await redisServer.DisposeAsync();
            cards.ForEach(card => card.Dispose());
            folder.Dispose();
        }

        private async Task StartAllAsync()
        {
            await Task.WhenAll(postgres.StartAsync(), redisServer.StartAsync());
            var (database, redisDatabase) = (await postgres.CreateDatabaseAsync("sessions"), redisServer.CreateDatabase());
            redis = await ConnectionMultiplexer.ConnectAsync(redisDatabase);
            KeyRing.Create(folder.File("sessions.json"));
            ServiceIdentities.CreateKey(folder.Folder("identity"), "sessions");
            var demo = new DemoFolder(folder.File("drawer"), folder.File("trust"), TimeProvider.System);
            demo.Prepare();
            cards.AddRange(Cards.Select(demo.Authentication));
            using (var authority = DemoAuthority.Ensure(folder.File("drawer"), TimeProvider.System.GetUtcNow()))
            {
                // Others' cards: serial numbers of 16 bytes, as the real ones.
                var revoked = Enumerable.Range(0, Entries).Select(n => $"{0x40000000 + n:X8}{n:X24}");
                await File.WriteAllBytesAsync(Path.Combine(folder.File("trust"), "lists", "demo-persons.crl"), authority.Lists(revoked, TimeProvider.System.GetUtcNow()).Persons);
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
            process = new ServiceProcess(Repository.Program("services/sessions", "Cdr.Sessions"), folder.File("sessions.log"), settings);
            await process.StartAsync();
            Process = new MeasuredProcess(process, folder.File("allocations"));
        }

        private async Task<(T Answer, double Milliseconds)> PostAsync<T>(string path, object body)
        {
            using var content = JsonContent.Create(body, body.GetType());
            await content.LoadIntoBufferAsync();
            var start = Stopwatch.GetTimestamp();
            using var response = await http.PostAsync(new Uri(process.Address, path), content);
            var bytes = await response.Content.ReadAsByteArrayAsync();
            var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (!response.IsSuccessStatusCode)
                throw new InvalidOperationException($"Sessions answered {(int)response.StatusCode} to {path}: {System.Text.Encoding.UTF8.GetString(bytes)}");
            return (System.Text.Json.JsonSerializer.Deserialize<T>(bytes, System.Text.Json.JsonSerializerOptions.Web)!, elapsed);
        }
    }
}
