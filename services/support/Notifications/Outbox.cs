using System.Text.Json;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using MassTransit;

namespace Cdr.Support.Notifications;

/// <summary>Messages written with what they tell, in its transaction. The dispatcher tells them once they are durable.</summary>
internal static class Outbox
{
    private static readonly Dictionary<string, Type> Types = new[] { typeof(TicketMoved), typeof(ClockRang), typeof(FileCorrected), typeof(NewsPublished), typeof(IncidentResolved), typeof(DowntimeAnnounced) }.ToDictionary(type => type.Name, StringComparer.Ordinal);

    public static void Tell(this SupportDb db, TicketMoved message) => Add(db, message.Id, message);

    public static void Tell(this SupportDb db, ClockRang message) => Add(db, message.Id, message);

    public static void Tell(this SupportDb db, FileCorrected message) => Add(db, message.Id, message);

    public static void Tell(this SupportDb db, NewsPublished message) => Add(db, message.Id, message);

    public static void Tell(this SupportDb db, IncidentResolved message) => Add(db, message.Id, message);

    public static void Tell(this SupportDb db, DowntimeAnnounced message) => Add(db, message.Id, message);

    /// <summary>What this version can tell. Other types are left to a newer one, which wrote them.</summary>
    public static IReadOnlyCollection<string> Known => Types.Keys;

    /// <summary>Null: it cannot be read.</summary>
    public static object? Read(OutboxRow row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.Json, Types[row.Type], JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static Task PublishAsync(this IBus bus, OutboxRow row, object message, CancellationToken cancellationToken) =>
        bus.Publish(message, Types[row.Type], Pipe.Execute<PublishContext>(context =>
        {
            context.MessageId = row.Id;
            // RabbitMQ confirms what it cannot route and drops it.
            if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                rabbit.Mandatory = true;
        }), cancellationToken);

    private static void Add<T>(SupportDb db, Guid id, T message) =>
        db.Outbox.Add(new OutboxRow { Id = id, Type = typeof(T).Name, Json = JsonSerializer.Serialize(message, JsonSerializerOptions.Web) });
}
