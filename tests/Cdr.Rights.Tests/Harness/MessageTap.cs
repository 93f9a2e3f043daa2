using System.Net.Http.Json;
using System.Text.Json;
using Cdr.Testing.Servers;

namespace Cdr.Rights.Tests.Harness;

/// <summary>A queue of our own beside the services': what their exchanges are told, whole.</summary>
internal sealed class MessageTap
{
    private readonly RabbitServer server;
    private readonly string host;

    private MessageTap(RabbitServer server, string address) => (this.server, host) = (server, new Uri(address).AbsolutePath.TrimStart('/'));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<MessageTap> StartAsync(RabbitServer server, string address, params string[] exchanges)
    {
        var tap = new MessageTap(server, address);
        using var http = server.CreateManagementClient();
        using var made = await http.PutAsJsonAsync($"/api/queues/{tap.host}/tap", new { durable = false }, Cancellation);
        made.EnsureSuccessStatusCode();
        foreach (var exchange in exchanges)
        {
            // As the bus would: one that is only published to is there with its first message.
            using var there = await http.PutAsJsonAsync($"/api/exchanges/{tap.host}/{Uri.EscapeDataString(exchange)}", new { type = "fanout", durable = true }, Cancellation);
            there.EnsureSuccessStatusCode();
            using var bound = await http.PostAsJsonAsync($"/api/bindings/{tap.host}/e/{Uri.EscapeDataString(exchange)}/q/tap", new { }, Cancellation);
            bound.EnsureSuccessStatusCode();
        }

        return tap;
    }

    /// <summary>Each message with its properties and headers.</summary>
    public async Task<IReadOnlyList<string>> TakeAsync()
    {
        using var http = server.CreateManagementClient();
        using var response = await http.PostAsJsonAsync($"/api/queues/{host}/tap/get", new { count = 10_000, ackmode = "ack_requeue_false", encoding = "auto" }, Cancellation);
        response.EnsureSuccessStatusCode();
        using var all = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(Cancellation));
        return [.. all.RootElement.EnumerateArray().Select(message => message.GetProperty("payload").GetString() + message.GetProperty("properties").GetRawText())];
    }
}
