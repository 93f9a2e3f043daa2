using System.Globalization;
using System.Text;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing;
using Cdr.Testing.Platforms;
using Npgsql;
using RabbitMQ.Client;
using StackExchange.Redis;

namespace Cdr.EndToEnd.Tests.Leaks;

/// <summary>A person left on purpose in each kind of place, each time in another form: proof that the search can find.</summary>
internal sealed class Canaries : IAsyncDisposable
{
    private readonly List<Func<Task>> removals = [];
    private readonly List<string> places = [];

    public IReadOnlyList<string> Places => places;

    public static async Task<Canaries> PlantAsync(IPlatform platform, Person person, CancellationToken cancellationToken)
    {
        var canaries = new Canaries();
        await canaries.PlantFileAsync(platform, person, cancellationToken);
        await canaries.PlantTelemetryAsync(platform, person, cancellationToken);
        if (platform.Servers is { } servers)
        {
            await canaries.PlantRowAsync(servers, person, cancellationToken);
            await canaries.PlantDatesAsync(servers, person, cancellationToken);
            await canaries.PlantKeyAsync(servers, person);
            await canaries.PlantMessageAsync(servers, person, cancellationToken);
            await canaries.PlantDeadLetterAsync(servers, person, cancellationToken);
        }

        return canaries;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var removal in removals)
            await removal();
    }

    private async Task PlantFileAsync(IPlatform platform, Person person, CancellationToken cancellationToken)
    {
        var file = Path.Combine(platform.Folder, "canary.log");
        await File.WriteAllTextAsync(file, "GET /rights?name=" + Uri.EscapeDataString(person.Names[0]), cancellationToken);
        places.Add("in a URL: file canary.log");
        removals.Add(() =>
        {
            File.Delete(file);
            return Task.CompletedTask;
        });
    }

    // Stays: nobody else is called that.
    private async Task PlantTelemetryAsync(IPlatform platform, Person person, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var address = platform.Telemetry.Settings.First(setting => setting.Key == "OTEL_EXPORTER_OTLP_ENDPOINT").Value;
        foreach (var signal in (string[])["traces", "metrics", "logs"])
        {
            // A field of text that no reader knows, and each skips.
            var number = Encoding.UTF8.GetBytes(person.Nir.Replace(" ", "", StringComparison.Ordinal));
            using var body = new ByteArrayContent([15 << 3 | 2, (byte)number.Length, .. number]);
            using var response = await http.PostAsync(new Uri($"{address}/v1/{signal}"), body, cancellationToken);
            response.EnsureSuccessStatusCode();
            places.Add("telemetry " + signal);
        }
    }

    private async Task PlantRowAsync(PlatformServers servers, Person person, CancellationToken cancellationToken)
    {
        var database = servers.Databases["Usage"].Administrator;
        await ExecuteAsync(database, $"CREATE TABLE canary AS SELECT {person.Nir.Replace(" ", "", StringComparison.Ordinal)[..13]}::bigint AS number", cancellationToken);
        places.Add("table Usage public.canary");
        removals.Add(() => ExecuteAsync(database, "DROP TABLE canary", CancellationToken.None));
        // Where tickets are, beside words that are sealed: in bytes that look like them.
        var support = servers.Databases["Support"].Administrator;
        await ExecuteAsync(support, $"CREATE TABLE canary AS SELECT convert_to('La carte de {person.Names[0]} est perdue.', 'UTF8') AS words", cancellationToken);
        places.Add("table Support public.canary");
        removals.Add(() => ExecuteAsync(support, "DROP TABLE canary", CancellationToken.None));
    }

    private async Task PlantDatesAsync(PlatformServers servers, Person person, CancellationToken cancellationToken)
    {
        var database = servers.Databases["Sessions"].Administrator;
        foreach (var (table, form) in ((string, string)[])[("canary_iso", "yyyy-MM-dd"), ("canary_french", "dd/MM/yyyy"), ("canary_compact", "yyyyMMdd")])
        {
            await ExecuteAsync(database, $"CREATE TABLE {table} AS SELECT '{person.BirthDate!.Value.ToString(form, CultureInfo.InvariantCulture)}'::text AS born", cancellationToken);
            places.Add($"birth date of person 0: table Sessions public.{table}");
            removals.Add(() => ExecuteAsync(database, $"DROP TABLE {table}", CancellationToken.None));
        }
    }

    private async Task PlantKeyAsync(PlatformServers servers, Person person)
    {
        var redis = await ConnectionMultiplexer.ConnectAsync(servers.RedisConnection);
        await redis.GetDatabase().HashSetAsync("canary", "name", Convert.ToBase64String(Encoding.UTF8.GetBytes($"« {person.Names[0]} »")));
        places.Add("in base64: Redis value");
        var key = $"cdr:reply:{person.Nir.Replace(" ", "", StringComparison.Ordinal)}:cnam";
        await redis.GetDatabase().StringSetAsync(key, "1");
        places.Add("Redis key");
        removals.Add(async () =>
        {
            await redis.GetDatabase().KeyDeleteAsync(["canary", key]);
            await redis.DisposeAsync();
        });
    }

    private async Task PlantMessageAsync(PlatformServers servers, Person person, CancellationToken cancellationToken)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(servers.RabbitAddress) }.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(null, cancellationToken);
        await channel.BasicPublishAsync("", BusTap.Queue, Encoding.UTF8.GetBytes(person.Nir), cancellationToken);
        places.Add("message ");
    }

    private async Task PlantDeadLetterAsync(PlatformServers servers, Person person, CancellationToken cancellationToken)
    {
        const string queue = "canary_error";
        var connection = await new ConnectionFactory { Uri = new Uri(servers.RabbitAddress) }.CreateConnectionAsync(cancellationToken);
        var channel = await connection.CreateChannelAsync(null, cancellationToken);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancellationToken);
        await channel.BasicPublishAsync("", queue, Encoding.UTF8.GetBytes($$"""{"nir":"{{person.Nir}}"}"""), cancellationToken);
        await Deadline.UntilAsync("the dead letter is there", TimeSpan.FromSeconds(20), async () => await channel.MessageCountAsync(queue, cancellationToken) == 1, cancellationToken);
        places.Add("dead letters " + queue);
        removals.Add(async () =>
        {
            await channel.QueueDeleteAsync(queue);
            await channel.DisposeAsync();
            await connection.DisposeAsync();
        });
    }

    private static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
