using Cdr.Testing;
using Cdr.Testing.Platforms;
using RabbitMQ.Client;

namespace Cdr.EndToEnd.Tests.Leaks;

/// <summary>Messages as the platform tells them, cut short, so that a consumer of Usage and one of Support can make nothing of them: what is kept of that is searched.</summary>
internal static class DeadLetters
{
    private static readonly (string Queue, string Told)[] Forced = [("usage-count-consultations", "ConsultationsAnswered"), ("support-index-tickets", "TicketMoved")];

    /// <summary>Where they are found.</summary>
    public static IEnumerable<string> Places => Forced.Select(one => $"dead letters {one.Queue}_error");

    public static async Task ForceAsync(PlatformServers servers, BusTap tap, CancellationToken cancellationToken)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(servers.RabbitAddress) }.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(null, cancellationToken);
        var told = await tap.MessagesAsync(cancellationToken);
        foreach (var (queue, what) in Forced)
        {
            var (_, body) = told.First(message => message.Place.StartsWith("message ", StringComparison.Ordinal) && message.Place.Contains(what, StringComparison.Ordinal) && !message.Place.StartsWith("message header", StringComparison.Ordinal));
            await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, body.AsMemory(0, body.Length - 40), cancellationToken);
            await Deadline.UntilAsync("it is a dead letter", TimeSpan.FromSeconds(60), async () => await CountAsync(connection, queue + "_error", cancellationToken) > 0, cancellationToken);
        }
    }

    /// <summary>Other tests find none.</summary>
    public static async Task ForgetAsync(PlatformServers servers, CancellationToken cancellationToken)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(servers.RabbitAddress) }.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(null, cancellationToken);
        foreach (var (queue, _) in Forced)
            await channel.QueuePurgeAsync(queue + "_error", cancellationToken);
    }

    // Of a queue that is not there yet, 0; asking closes the channel then.
    private static async Task<uint> CountAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(null, cancellationToken);
        try
        {
            return await channel.MessageCountAsync(queue, cancellationToken);
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return 0;
        }
    }
}
