using Cdr.Contracts.Support;

namespace Cdr.Support.Webhooks;

/// <summary>A program that is told.</summary>
internal sealed class WebhookRow
{
    public required Guid Id { get; init; }

    /// <value><c>regime:</c> or <c>group:</c> and its id; a caisse's has <c>/</c> and its code after its regime's.</value>
    public required string Owner { get; init; }

    /// <value>Sealed: an address may hold a key.</value>
    public required byte[] Url { get; init; }

    /// <value>Sealed.</value>
    public required byte[] Secret { get; init; }

    /// <value>Subject: told when it is given up.</value>
    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FailingSince { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }
}

/// <summary>A telling.</summary>
internal sealed class DeliveryRow
{
    public required Guid Id { get; init; }

    public required Guid Webhook { get; init; }

    /// <value>Of the bus; with the webhook, it is told once.</value>
    public required Guid Message { get; init; }

    public required Guid Ticket { get; init; }

    public required string Number { get; init; }

    public required string Event { get; init; }

    public required TicketState TicketState { get; init; }

    public required DateTimeOffset At { get; init; }

    public DeliveryState State { get; set; } = DeliveryState.Waiting;

    /// <value>Null once it is over.</value>
    public DateTimeOffset? DueAt { get; set; }

    /// <value>Since when it is tried: after a replay, from there.</value>
    public required DateTimeOffset Since { get; set; }

    public int Attempts { get; set; }

    public int? Status { get; set; }

    public string? Fault { get; set; }
}
