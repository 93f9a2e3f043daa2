using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Cdr.Bench.Load;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Support.Evidence;
using Cdr.Support.Tickets;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using NpgsqlTypes;

namespace Cdr.Bench.Running;

/// <summary>The real Support on a PostgreSQL and a RabbitMQ of its own, with as many tickets as a country makes in years: sealed as the service seals them.</summary>
internal sealed class SupportPlatform : IAsyncDisposable
{
    private readonly PostgresServer postgres = new();
    private readonly RabbitServer rabbit = new();
    private readonly TestFolder folder = new("bench-support");
    private readonly Dictionary<TestCaller, string> tokens = [];
    private TestTokens sessions = null!;
    private WebApplication? rights;
    private TestDatabase database = null!;

    /// <value>The one replica.</value>
    public MeasuredProcess Process { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <value>Tickets that the hotline has, the newest of them; with their evidence.</value>
    public IReadOnlyList<Guid> Contested { get; private set; } = [];

    public static async Task<SupportPlatform> StartAsync()
    {
        var platform = new SupportPlatform();
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

    /// <summary>Asks as somebody; the answer's length.</summary>
    public async Task<int> AskAsync(HttpMethod method, string path, TestCaller caller, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri("api/support/" + path, UriKind.Relative)) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(caller));
        using var response = await Http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode ? bytes.Length : throw new InvalidOperationException($"Support answered {(int)response.StatusCode} to {path}: {Encoding.UTF8.GetString(bytes)}");
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (Process is not null)
            await Process.Process.DisposeAsync();
        if (rights is not null)
            await rights.DisposeAsync();
        if (sessions is not null)
            await sessions.DisposeAsync();
        await rabbit.DisposeAsync();
        await postgres.DisposeAsync();
        folder.Dispose();
    }

    private async Task StartAllAsync()
    {
        await Task.WhenAll(postgres.StartAsync(), rabbit.StartAsync());
        sessions = await TestTokens.StartAsync();
        rights = await ReadingsBeside.StartAsync();
        database = await postgres.CreateDatabaseAsync("support");
        KeyRing.Create(folder.File("support.json"));
        KeyValuePair<string, string?>[] settings =
        [
            .. sessions.Settings, new("Services:Rights", rights.Urls.Single()), new("ConnectionStrings:Support", database.Application), new("ConnectionStrings:SupportOwner", database.Owner),
            new("ConnectionStrings:RabbitMq", await rabbit.CreateVirtualHostAsync()), new("Keys:Support:File", folder.File("support.json")), new("Data:Folder", folder.Path), new("Logging:LogLevel:Default", "Warning"),
            .. MeasuredProcess.Settings(folder.File("allocations")),
        ];
        var program = Repository.Program("services/support", "Cdr.Support");
        await using (var migration = new ServiceProcess(program, folder.File("migrate.log"), settings))
            await migration.RunAsync("migrate");
        var service = new ServiceProcess(program, folder.File("support.log"), settings);
        Process = new MeasuredProcess(service, folder.File("allocations"));
        await service.StartAsync();
        Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = service.Address };
    }

    private string Token(TestCaller caller)
    {
        lock (tokens)
        {
            if (!tokens.TryGetValue(caller, out var token))
                tokens[caller] = token = sessions.Mint(caller with { Lifetime = TimeSpan.FromMinutes(30) });
            return token;
        }
    }

    /// <summary>Tickets of three years, one in twenty of the last weeks still open; two clocks and two entries each, an answer beside the last contested ones.</summary>
    public async Task FillAsync(int tickets, int evidence, TicketCountry country)
    {
        var sealer = new Sealer(KeyRing.Load(folder.File("support.json"), createMissing: false));
        var (text, now) = (new TicketText(sealer), TimeProvider.System.GetUtcNow());
        var first = now.AddYears(-3);
        var made = new TicketMaking[tickets];
        var random = new Random(1);
        for (var n = 0; n < tickets; n++)
            made[n] = country.Make(n, tickets, first + (now - first) * ((n + 0.5) / tickets), random);
        Contested = [.. made.Where(one => one is { Kind: TicketKind.DataInconsistency, State: TicketState.InProgress or TicketState.Transferred }).TakeLast(evidence).Select(one => one.Id)];
        await using var connection = new NpgsqlConnection(database.Owner);
        await connection.OpenAsync();
        await CopyAsync(connection, "tickets (\"Id\", \"Number\", \"Kind\", \"State\", \"Priority\", \"Impact\", \"Urgency\", \"WaitsFor\", \"Establishment\", \"Group\", \"Department\", \"Author\", \"Consultation\", \"ManagingOrganism\", \"Organism\", \"OrganismRegime\", \"Assignee\", \"Team\", \"MergedInto\", \"Checks\", \"Title\", \"CreatedAt\", \"UpdatedAt\", \"DueAt\", \"Version\")",
            made, (copy, one) => copy.AllAsync(
                one.Id, one.Number, one.Kind.ToString(), one.State.ToString(), one.Priority.ToString(), "One", "Normal", one.WaitsFor.ToString(), one.Establishment, one.Group, one.Department, one.Author, one.Consultation, one.Organism, one.Organism, one.Regime,
                one.Assignee, one.Team, null, "", text.SealTitle(one.Id, "Droits fermés dans la réponse, ouverts sur la carte Vitale"), one.At, one.At, one.DueAt, 2));
        await CopyAsync(connection, "entries (\"Id\", \"Ticket\", \"Number\", \"At\", \"Actor\", \"Role\", \"Action\", \"From\", \"To\", \"Priority\", \"Readers\", \"Organism\", \"OrganismHours\", \"Detail\", \"Text\")",
            made.SelectMany(one => new[] { (One: one, one.Id, Number: 1), (One: one, Id: Guid.CreateVersion7(one.At), Number: 2) }), (copy, of) => copy.AllAsync(
                of.Id, of.One.Id, of.Number, of.One.At, of.Number == 1 ? of.One.Author : of.One.Assignee ?? "hotline-0", of.Number == 1 ? CdrRoles.Referent : CdrRoles.Hotline, of.Number == 1 ? "Open" : "Reply", "New", of.Number == 1 ? "New" : of.One.State.ToString(),
                of.One.Priority.ToString(), "All", null, null, null, of.Number == 1 ? text.SealWords(of.Id, "La carte dit autrement que la réponse : la période de base est ouverte.") : null));
        await CopyAsync(connection, "clocks (\"Ticket\", \"Place\", \"Kind\", \"Owner\", \"UsedMilliseconds\", \"TargetMilliseconds\", \"RunningSince\", \"WarnAt\", \"DueAt\", \"MetAt\", \"MissedAt\", \"Rang\", \"NextAt\")",
            made.SelectMany(one => new[] { (One: one, Place: 0), (One: one, Place: 1) }), (copy, of) => copy.AllAsync(
                of.One.Id, of.Place, of.Place == 0 ? "FirstAnswer" : "Resolution", "hotline", 3_600_000L, 14_400_000L, of.One.IsOver ? null : of.One.At, null, of.One.DueAt, of.One.IsOver || of.Place == 0 ? of.One.At : (object?)null, null, 2, null));
        await FreezeAsync(connection, new EvidenceKeeping(sealer, TimeProvider.System));
        await CopyAsync(connection, "notices (\"Id\", \"Message\", \"Recipient\", \"Ticket\", \"Number\", \"Event\", \"At\")", made.TakeLast(tickets / 5),
            (copy, one) => copy.AllAsync(Guid.CreateVersion7(one.At), one.Id, one.Assignee is { } who && one.Id.GetHashCode() % 2 == 0 ? who : "hotline", one.Id, one.Number, "open", one.At));
        await using var analyze = new NpgsqlCommand("VACUUM ANALYZE", connection) { CommandTimeout = 0 };
        await analyze.ExecuteNonQueryAsync();
    }

    private async Task FreezeAsync(NpgsqlConnection connection, EvidenceKeeping keeping)
    {
        await CopyAsync(connection, "evidence (\"Id\", \"Ticket\", \"Consultation\", \"AnsweredAt\", \"FrozenAt\", \"RulesVersion\", \"Hash\", \"JournalHash\", \"Proof\", \"Answer\")", Contested, (copy, ticket) =>
        {
            var answer = TicketCountry.Answer(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
            var bytes = JsonSerializer.SerializeToUtf8Bytes(answer, JsonSerializerOptions.Web);
            var row = keeping.Freeze(ticket, new ContestedAnswer(bytes, answer, ReadingsBeside.Proof(answer.Id, bytes)));
            return copy.AllAsync(row.Id, row.Ticket, row.Consultation, row.AnsweredAt, row.FrozenAt, row.RulesVersion, row.Hash, row.JournalHash, row.Proof, row.Answer);
        });
    }

    private static async Task CopyAsync<T>(NpgsqlConnection connection, string into, IEnumerable<T> rows, Func<Copying, T, Task> write)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {into} FROM STDIN (FORMAT BINARY)");
        copy.Timeout = TimeSpan.FromMinutes(5);
        foreach (var row in rows)
            await write(new Copying(copy), row);
        await copy.CompleteAsync();
    }

    private sealed record Copying(NpgsqlBinaryImporter Copy)
    {
        public async Task AllAsync(params object?[] values)
        {
            await Copy.StartRowAsync();
            foreach (var value in values)
            {
                switch (value)
                {
                    case null:
                        await Copy.WriteNullAsync();
                        break;
                    case DateTimeOffset at:
                        await Copy.WriteAsync(at.UtcDateTime, NpgsqlDbType.TimestampTz);
                        break;
                    case string text:
                        await Copy.WriteAsync(text, NpgsqlDbType.Text);
                        break;
                    case Guid id:
                        await Copy.WriteAsync(id, NpgsqlDbType.Uuid);
                        break;
                    case byte[] bytes:
                        await Copy.WriteAsync(bytes, NpgsqlDbType.Bytea);
                        break;
                    case long number:
                        await Copy.WriteAsync(number, NpgsqlDbType.Bigint);
                        break;
                    case int number:
                        await Copy.WriteAsync(number, NpgsqlDbType.Integer);
                        break;
                    default:
                        throw new ArgumentException($"No column is of {value.GetType().Name}.", nameof(values));
                }
            }
        }
    }
}
