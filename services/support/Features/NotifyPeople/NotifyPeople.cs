using Cdr.Contracts.Support;
using Cdr.Support.Notifications;
using Cdr.Support.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.NotifyPeople;

/// <summary>Rings the bells of whom a move or a clock concerns: once each, however often it is told.</summary>
internal sealed class NotifyPeople(IDbContextFactory<SupportDb> contexts, TimeProvider clock) : IConsumer<TicketMoved>, IConsumer<ClockRang>
{
    public Task Consume(ConsumeContext<TicketMoved> context) =>
        RingAsync(
            context.Message.Id, context.Message.Ticket, Concerned.EventOf(context.Message.Action), context.Message.At,
            (db, ticket) => Concerned.ByAsync(db, ticket, context.Message, context.CancellationToken), context.CancellationToken);

    public Task Consume(ConsumeContext<ClockRang> context) =>
        RingAsync(
            context.Message.Id, context.Message.Ticket, Concerned.EventOf(context.Message), context.Message.At, (_, ticket) => Task.FromResult(Concerned.By(ticket, context.Message)), context.CancellationToken);

    private async Task RingAsync(Guid message, Guid id, string what, DateTimeOffset at, Func<SupportDb, TicketRow, Task<IReadOnlyList<string>>> recipients, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Tickets.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } ticket)
            return;
        var told = await db.Notices.Where(row => row.Message == message).Select(row => row.Recipient).ToListAsync(cancellationToken);
        foreach (var recipient in (await recipients(db, ticket)).Except(told))
        {
            db.Notices.Add(new NoticeRow
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()), Message = message, Recipient = recipient, Ticket = id, Number = ticket.Number, Event = what, At = at,
            });
        }

        // Told at the same moment to another replica: the unique key refuses the second, which is retried and finds the first.
        await db.SaveChangesAsync(cancellationToken);
    }
}

internal sealed class NotifyPeopleDefinition : ConsumerDefinition<NotifyPeople>
{
    public NotifyPeopleDefinition() => EndpointName = "support-notify-people";
}
