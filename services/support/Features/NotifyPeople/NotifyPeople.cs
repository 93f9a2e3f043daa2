using Cdr.Contracts.Support;
using Cdr.Support.Clocks;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.NotifyPeople;

/// <summary>Rings the bells of whom a move or a clock concerns: once each, however often it is told.</summary>
internal sealed class NotifyPeople(IDbContextFactory<SupportDb> contexts, TimeProvider clock) : IConsumer<TicketMoved>, IConsumer<ClockRang>
{
    public async Task Consume(ConsumeContext<TicketMoved> context)
    {
        var moved = context.Message;
        await RingAsync(moved.Id, moved.Ticket, WireNameOf(moved.Action), moved.At, async (db, ticket) =>
        {
            if (await db.Entries.AsNoTracking().FirstOrDefaultAsync(row => row.Id == moved.Id, context.CancellationToken) is not { } entry)
                return [];
            var watchers = await db.Watchers.Where(row => row.Ticket == ticket.Id).Select(row => row.Subject).ToListAsync(context.CancellationToken);
            // Who had it then: told late, a move is still told to whom it concerned.
            var given = await db.Entries.Where(row => row.Ticket == ticket.Id && row.Number <= entry.Number && (row.Action == TicketAction.Take || row.Action == TicketAction.Assign))
                .OrderByDescending(row => row.Number).Select(row => row.Detail).FirstOrDefaultAsync(context.CancellationToken);
            var people = Recipients(ticket, entry, given?.Split('|')[0] is { Length: > 0 } assignee ? assignee : null, moved.Regime, watchers);
            // Nobody is told what they did themselves.
            return people.Where(one => one != entry.Actor);
        }, context.CancellationToken);
    }

    public Task Consume(ConsumeContext<ClockRang> context)
    {
        var rang = context.Message;
        return RingAsync(rang.Id, rang.Ticket, rang.Missed ? "clockMissed" : "clockWarning", rang.At, (_, ticket) => Task.FromResult<IEnumerable<string>>(
            rang.Owner == Clock.HotlineOwner ? [ticket.Assignee ?? Actor.HotlineRecipient] : rang.Regime is { } regime ? [Actor.RegimeRecipient(regime), Actor.HotlineRecipient] : [Actor.HotlineRecipient]), context.CancellationToken);
    }

    private static IEnumerable<string> Recipients(TicketRow ticket, EntryRow entry, string? assignee, string? regime, IReadOnlyList<string> watchers)
    {
        var action = entry.Action;
        if (entry.Readers is EntryReaders.All)
        {
            yield return ticket.Author;
            foreach (var watcher in watchers)
                yield return watcher;
        }

        if (action is TicketAction.Open or TicketAction.Send or TicketAction.Reopen or TicketAction.GiveBack or TicketAction.Answer or TicketAction.Reply && entry.To != TicketState.Draft)
            yield return assignee ?? Actor.HotlineRecipient;
        if (action is TicketAction.Transfer or TicketAction.PointTo && regime is not null)
            yield return Actor.RegimeRecipient(regime);
        if (action is TicketAction.Assign && assignee is not null)
            yield return assignee;
    }

    private async Task RingAsync(Guid message, Guid id, string what, DateTimeOffset at, Func<SupportDb, TicketRow, Task<IEnumerable<string>>> recipients, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Tickets.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } ticket)
            return;
        var told = await db.Notices.Where(row => row.Message == message).Select(row => row.Recipient).ToListAsync(cancellationToken);
        foreach (var recipient in (await recipients(db, ticket)).Distinct().Except(told))
        {
            db.Notices.Add(new NoticeRow
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()), Message = message, Recipient = recipient, Ticket = id, Number = ticket.Number, Event = what, At = at,
            });
        }

        // Told at the same moment to another replica: the unique key refuses the second, which is retried and finds the first.
        await db.SaveChangesAsync(cancellationToken);
    }

    private static string WireNameOf(TicketAction action) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(action.ToString());
}

internal sealed class NotifyPeopleDefinition : ConsumerDefinition<NotifyPeople>
{
    public NotifyPeopleDefinition() => EndpointName = "support-notify-people";
}
