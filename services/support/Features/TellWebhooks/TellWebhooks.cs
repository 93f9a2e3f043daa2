using Cdr.Contracts.Support;
using Cdr.Support.Notifications;
using Cdr.Support.Store;
using Cdr.Support.Webhooks;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.TellWebhooks;

/// <summary>Writes down which programs are to be told of a move: once each, however often it is told.</summary>
internal sealed class TellWebhooks(IDbContextFactory<SupportDb> contexts, WebhookBell bell, TimeProvider clock) : IConsumer<TicketMoved>
{
    public async Task Consume(ConsumeContext<TicketMoved> context)
    {
        var (moved, cancellationToken) = (context.Message, context.CancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Tickets.AsNoTracking().FirstOrDefaultAsync(row => row.Id == moved.Ticket, cancellationToken) is not { } ticket
            || await db.Entries.Where(row => row.Id == moved.Id).Select(row => (EntryReaders?)row.Readers).FirstOrDefaultAsync(cancellationToken) is not { } readers)
            return;
        // Heard late, an entry of before it was transferred to whom has it now is none of theirs all the same.
        var isTransferred = ticket.Organism is not null && await Concerned.HolderAsync(db, ticket.Id, moved.Entry, cancellationToken) == ticket.Organism;
        var hearers = WebhookBook.Hearers(ticket, moved.Action, readers, isTransferred);
        var told = db.Deliveries.Where(row => row.Message == moved.Id).Select(row => row.Webhook);
        var webhooks = await db.Webhooks.Where(row => hearers.Contains(row.Owner) && row.DisabledAt == null && !told.Contains(row.Id)).Select(row => row.Id).ToListAsync(cancellationToken);
        if (webhooks.Count == 0)
            return;
        var now = clock.GetUtcNow();
        db.Deliveries.AddRange(webhooks.Select(webhook => new DeliveryRow
        {
            Id = Guid.CreateVersion7(now), Webhook = webhook, Message = moved.Id, Ticket = ticket.Id, Number = ticket.Number, Event = Concerned.EventOf(moved.Action), TicketState = moved.State, At = moved.At, DueAt = now, Since = now,
        }));
        await db.SaveChangesAsync(cancellationToken);
        bell.Ring();
    }
}

internal sealed class TellWebhooksDefinition : ConsumerDefinition<TellWebhooks>
{
    public TellWebhooksDefinition() => EndpointName = "support-tell-webhooks";
}
