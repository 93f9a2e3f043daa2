using Cdr.Contracts.Support;
using Cdr.Support.Mail;
using Cdr.Support.Notifications;
using Cdr.Support.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Features.MailPeople;

/// <summary>Writes down what is owed to whom by e-mail: once each, however often it is told. It is sent apart, by whoever looks first.</summary>
internal sealed class MailPeople(IDbContextFactory<SupportDb> contexts, MailBook book, IOptions<MailOptions> options, MailBell bell, TimeProvider clock) :
    IConsumer<TicketMoved>, IConsumer<ClockRang>, IConsumer<IncidentResolved>
{
    public Task Consume(ConsumeContext<TicketMoved> context) =>
        OweAsync(
            context.Message.Id, Concerned.EventOf(context.Message.Action), context.Message.At,
            async db => await TicketAsync(db, context.Message.Ticket, context.CancellationToken) is { } ticket ? await OfAsync(db, ticket, await Concerned.ByAsync(db, ticket, context.Message, context.CancellationToken), context.Message.Id, context.CancellationToken) : [], context.CancellationToken);

    public Task Consume(ConsumeContext<ClockRang> context) =>
        OweAsync(
            context.Message.Id, Concerned.EventOf(context.Message), context.Message.At,
            async db => await TicketAsync(db, context.Message.Ticket, context.CancellationToken) is { } ticket ? await OfAsync(db, ticket, Concerned.By(ticket, context.Message), null, context.CancellationToken) : [], context.CancellationToken);

    public Task Consume(ConsumeContext<IncidentResolved> context) =>
        OweAsync(context.Message.Id, Concerned.IncidentResolved, context.Message.At, db => Concerned.ByAsync(db, context.Message, context.CancellationToken), context.CancellationToken);

    private static Task<TicketRow?> TicketAsync(SupportDb db, Guid id, CancellationToken cancellationToken) => db.Tickets.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);

    private static async Task<IReadOnlyList<(Guid Ticket, string Number, string Recipient)>> OfAsync(SupportDb db, TicketRow ticket, IReadOnlyList<string> bells, Guid? entry, CancellationToken cancellationToken)
    {
        var by = await db.Entries.Where(row => row.Id == entry).Select(row => row.Actor).FirstOrDefaultAsync(cancellationToken);
        List<string> people = [];
        foreach (var one in bells.Select(MailBook.RecipientOf).OfType<string>())
            people.AddRange(await MailBook.PeopleAsync(db, one, by, cancellationToken));
        return [.. people.Distinct().Select(one => (ticket.Id, ticket.Number, one))];
    }

    private async Task OweAsync(Guid message, string what, DateTimeOffset at, Func<SupportDb, Task<IReadOnlyList<(Guid Ticket, string Number, string Recipient)>>> concerned, CancellationToken cancellationToken)
    {
        if (!options.Value.IsOn)
            return;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var owed = await db.Mails.Where(row => row.Message == message).Select(row => row.Recipient).ToListAsync(cancellationToken);
        foreach (var (ticket, number, recipient) in (await concerned(db)).Where(one => !owed.Contains(one.Recipient)))
        {
            if (await book.WhenAsync(db, recipient, what, now, cancellationToken) is not { } when)
                continue;
            db.Mails.Add(new MailRow { Id = Guid.CreateVersion7(now), Message = message, Recipient = recipient, Ticket = ticket, Number = number, Event = what, At = at, DueAt = when.At, Digest = when.Digest });
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
