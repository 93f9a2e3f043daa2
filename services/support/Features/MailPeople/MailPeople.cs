using Cdr.Contracts.Support;
using Cdr.Support.Mail;
using Cdr.Support.Notifications;
using Cdr.Support.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Features.MailPeople;

/// <summary>Writes down what is owed to whom by e-mail: once each, however often it is told. It is sent apart, by whoever looks first.</summary>
internal sealed class MailPeople(IDbContextFactory<SupportDb> contexts, MailBook book, IOptions<MailOptions> options, MailBell bell, TimeProvider clock) : IConsumer<TicketMoved>, IConsumer<ClockRang>
{
    public Task Consume(ConsumeContext<TicketMoved> context) =>
        OweAsync(
            context.Message.Id, context.Message.Ticket, Concerned.EventOf(context.Message.Action), context.Message.At,
            (db, ticket) => Concerned.ByAsync(db, ticket, context.Message, context.CancellationToken), context.CancellationToken);

    public Task Consume(ConsumeContext<ClockRang> context) =>
        OweAsync(
            context.Message.Id, context.Message.Ticket, Concerned.EventOf(context.Message), context.Message.At, (_, ticket) => Task.FromResult(Concerned.By(ticket, context.Message)), context.CancellationToken);

    private async Task OweAsync(Guid message, Guid id, string what, DateTimeOffset at, Func<SupportDb, TicketRow, Task<IReadOnlyList<string>>> bells, CancellationToken cancellationToken)
    {
        if (!options.Value.IsOn)
            return;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Tickets.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } ticket)
            return;
        var now = clock.GetUtcNow();
        var owed = await db.Mails.Where(row => row.Message == message).Select(row => row.Recipient).ToListAsync(cancellationToken);
        foreach (var recipient in (await bells(db, ticket)).Select(one => MailBook.RecipientOf(one, ticket)).OfType<string>().Distinct().Except(owed))
        {
            if (await book.WhenAsync(db, recipient, what, now, cancellationToken) is not { } when)
                continue;
            db.Mails.Add(new MailRow { Id = Guid.CreateVersion7(now), Message = message, Recipient = recipient, Ticket = id, Number = ticket.Number, Event = what, At = at, DueAt = when.At, Digest = when.Digest });
        }

        // Told at the same moment to another replica: the unique key refuses the second, which is retried and finds the first.
        await db.SaveChangesAsync(cancellationToken);
        bell.Ring();
    }
}

internal sealed class MailPeopleDefinition : ConsumerDefinition<MailPeople>
{
    public MailPeopleDefinition() => EndpointName = "support-mail-people";
}
