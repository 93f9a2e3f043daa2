using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Cdr.Testing.Platforms;
using RabbitMQ.Client;

namespace Cdr.EndToEnd.Tests.Leaks;

/// <summary>A queue bound to every exchange of the platform: a copy of all that is published from then on.</summary>
internal sealed class BusTap : IAsyncDisposable
{
    public const string Queue = "tap";
    private readonly List<(string Place, byte[] Bytes)> messages = [];
    private readonly PlatformServers servers;
    private readonly IConnection connection;
    private readonly IChannel channel;

    private BusTap(PlatformServers servers, IConnection connection, IChannel channel) => (this.servers, this.connection, this.channel) = (servers, connection, channel);

    public static async Task<BusTap> OpenAsync(PlatformServers servers, CancellationToken cancellationToken)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(servers.RabbitAddress) }.CreateConnectionAsync(cancellationToken);
        var tap = new BusTap(servers, connection, await connection.CreateChannelAsync(null, cancellationToken));
        await tap.channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancellationToken);
        await tap.BindAsync(cancellationToken);
        return tap;
    }

    /// <summary>All so far: bodies, and headers as the broker shows them.</summary>
    public async Task<IReadOnlyList<(string Place, byte[] Bytes)>> MessagesAsync(CancellationToken cancellationToken)
    {
        while (await channel.BasicGetAsync(Queue, autoAck: true, cancellationToken) is { } message)
        {
            messages.Add(("message " + message.Exchange, message.Body.ToArray()));
            foreach (var (name, value) in message.BasicProperties.Headers ?? new Dictionary<string, object?>())
                messages.Add(($"message header {name} of {message.Exchange}", value as byte[] ?? Encoding.UTF8.GetBytes(value?.ToString() ?? "")));
        }

        return messages;
    }

    public async ValueTask DisposeAsync()
    {
        await channel.QueueDeleteAsync(Queue);
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }

    private async Task BindAsync(CancellationToken cancellationToken)
    {
        using var management = servers.Rabbit.CreateManagementClient();
        var host = new Uri(servers.RabbitAddress).AbsolutePath.Trim('/');
        var exchanges = await management.GetFromJsonAsync<JsonElement[]>($"/api/exchanges/{host}", cancellationToken);
        foreach (var name in exchanges!.Select(exchange => exchange.GetProperty("name").GetString()!).Where(name => name.Length > 0 && !name.StartsWith("amq.", StringComparison.Ordinal)))
            await channel.QueueBindAsync(Queue, name, "#", cancellationToken: cancellationToken);
    }
}
