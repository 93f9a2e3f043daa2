using System.Text.Json.Serialization;
using Refit;

namespace Cdr.Contracts.Support;

/// <summary>Programs that are told when a ticket moves: of the caller's regime, or of their group.</summary>
public interface IWebhooksApi
{
    /// <summary>Theirs.</summary>
    [Get("/api/support/webhooks")]
    Task<IReadOnlyList<Webhook>> WebhooksAsync(CancellationToken cancellationToken);

    /// <summary>Registers one; its secret is said now and never again. 400 the address is not accepted; 409 there are ten already.</summary>
    [Post("/api/support/webhooks")]
    Task<WebhookCreated> RegisterAsync([Body] WebhookRequest request, CancellationToken cancellationToken);

    /// <summary>Enables one that was disabled after its failures.</summary>
    [Post("/api/support/webhooks/{id}/enabling")]
    Task<Webhook> EnableAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Removes it, with what it was still to be told.</summary>
    [Delete("/api/support/webhooks/{id}")]
    Task<HttpResponseMessage> RemoveAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>What it was told, newest first, a hundred at most.</summary>
    [Get("/api/support/webhooks/{id}/deliveries")]
    Task<IReadOnlyList<WebhookDelivery>> DeliveriesAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Tells it again now, under the same id.</summary>
    [Post("/api/support/webhooks/{id}/deliveries/{delivery}/replay")]
    Task<WebhookDelivery> ReplayAsync(Guid id, Guid delivery, CancellationToken cancellationToken);
}

/// <summary>Whom to tell.</summary>
/// <param name="Url">An <c>https</c> address that the Internet knows.</param>
public sealed record WebhookRequest(string Url)
{
    /// <summary>Masked: an address may hold a key.</summary>
    public override string ToString() => nameof(WebhookRequest);
}

/// <summary>A registered program.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="FailingSince">Since when nothing arrived, UTC; absent while all is well.</param>
/// <param name="DisabledAt">When it was given up, UTC.</param>
public sealed record Webhook(Guid Id, string Url, DateTimeOffset CreatedAt, DateTimeOffset? FailingSince, DateTimeOffset? DisabledAt)
{
    /// <summary>Masked.</summary>
    public override string ToString() => $"{nameof(Webhook)} {Id}";
}

/// <summary>A new one.</summary>
/// <param name="Webhook">As it is listed.</param>
/// <param name="Secret">Signs what it is told: 32 bytes, in base64.</param>
public sealed record WebhookCreated(Webhook Webhook, string Secret)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(WebhookCreated);
}

/// <summary>How a telling does.</summary>
[JsonConverter(typeof(WireName<DeliveryState>))]
public enum DeliveryState
{
    /// <summary>It is tried, or tried again.</summary>
    Waiting,

    /// <summary>The program said 2xx.</summary>
    Delivered,

    /// <summary>Not within a day.</summary>
    Failed,
}

/// <summary>What a program was told.</summary>
/// <param name="Id">The same at each try: whoever has it already does nothing.</param>
/// <param name="Ticket">Its id.</param>
/// <param name="Number">Its number.</param>
/// <param name="Event">What happened.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="State">How it does.</param>
/// <param name="Attempts">So far.</param>
/// <param name="Status">What the program answered last: HTTP status; absent where it did not.</param>
/// <param name="Fault">Why it did not: a code.</param>
/// <param name="NextAt">When it is tried next, UTC.</param>
public sealed record WebhookDelivery(Guid Id, Guid Ticket, string Number, string Event, DateTimeOffset At, DeliveryState State, int Attempts, int? Status, string? Fault, DateTimeOffset? NextAt);

/// <summary>The body of a telling: ids, a number, a state and an instant; nobody's name, no words.</summary>
/// <param name="Id">Of the telling: idempotency.</param>
/// <param name="Ticket">Its id.</param>
/// <param name="Number">Nine digits.</param>
/// <param name="Event">An action.</param>
/// <param name="State">The state after it.</param>
/// <param name="At">UTC.</param>
public sealed record WebhookBody(Guid Id, Guid Ticket, string Number, string Event, TicketState State, DateTimeOffset At);
