using Cdr.Contracts.Support;
using Cdr.Support.Clocks;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Notifications;

/// <summary>Whom a move or a clock concerns: the same for bells and for e-mail.</summary>
internal static class Concerned
{
    /// <summary>As a bell names it.</summary>
    public const string IncidentResolved = "incidentResolved";

    public static async Task<IReadOnlyList<string>> ByAsync(SupportDb db, TicketRow ticket, TicketMoved moved, CancellationToken cancellationToken)
    {
        if (await db.Entries.AsNoTracking().FirstOrDefaultAsync(row => row.Id == moved.Id, cancellationToken) is not { } entry)
            return [];
        var watchers = await db.Watchers.Where(row => row.Ticket == ticket.Id).Select(row => row.Subject).ToListAsync(cancellationToken);
        // Who had it then: told late, a move is still told to whom it concerned.
        var given = await db.Entries.Where(row => row.Ticket == ticket.Id && row.Number <= entry.Number && (row.Action == TicketAction.Take || row.Action == TicketAction.Assign))
            .OrderByDescending(row => row.Number).Select(row => row.Detail).FirstOrDefaultAsync(cancellationToken);
        var holder = moved.Regime is null ? null : await HolderAsync(db, ticket.Id, entry.Number, cancellationToken);
        var people = By(ticket, entry, given?.Split('|')[0] is { Length: > 0 } assignee ? assignee : null, Inboxes(moved.Regime, holder), watchers);
        // Nobody is told what they did themselves.
        var inside = await EstablishmentBells.ByAsync(db, ticket, entry, [ticket.Author, .. watchers], cancellationToken);
        return [.. people.Concat(inside).Where(one => one != entry.Actor).Distinct()];
    }

    /// <summary>Which organism had a ticket once an entry was there; null where none had.</summary>
    public static async Task<string?> HolderAsync(SupportDb db, Guid ticket, int number, CancellationToken cancellationToken) =>
        await db.Entries.Where(row => row.Ticket == ticket && row.Number <= number && (row.Action == TicketAction.Transfer || row.Action == TicketAction.PointTo || row.Action == TicketAction.GiveBack))
            .OrderByDescending(row => row.Number).Select(row => row.Action == TicketAction.GiveBack ? null : row.Organism).FirstOrDefaultAsync(cancellationToken);

    public static IReadOnlyList<string> By(TicketRow ticket, ClockRang rang) =>
        rang.Owner == Clock.HotlineOwner ? [ticket.Assignee ?? Actor.HotlineRecipient]
        : [.. Inboxes(rang.Regime, rang.Owner), Actor.HotlineRecipient];

    /// <summary>Who follows a ticket of a resolved incident, once, with the first of theirs.</summary>
    public static async Task<IReadOnlyList<(Guid Ticket, string Number, string Recipient)>> ByAsync(SupportDb db, IncidentResolved resolved, CancellationToken cancellationToken)
    {
        var tickets = await (from one in db.IncidentTickets join ticket in db.Tickets on one.Ticket equals ticket.Id where one.Incident == resolved.Incident orderby ticket.Id select new { ticket.Id, ticket.Number, ticket.Author })
            .ToListAsync(cancellationToken);
        var ids = tickets.ConvertAll(ticket => ticket.Id);
        var watchers = await db.Watchers.Where(row => ids.Contains(row.Ticket)).ToListAsync(cancellationToken);
        // Who resolved it knows.
        var by = await db.IncidentNotes.Where(row => row.Incident == resolved.Incident && row.State == IncidentState.Resolved).OrderByDescending(row => row.Number).Select(row => row.By).FirstOrDefaultAsync(cancellationToken);
        return
        [
            .. tickets.SelectMany(ticket => watchers.Where(row => row.Ticket == ticket.Id).Select(row => row.Subject).Prepend(ticket.Author).Select(recipient => (ticket.Id, ticket.Number, recipient)))
                .Where(one => one.recipient != by).DistinctBy(one => one.recipient),
        ];
    }

    /// <summary>As it is called on the wire.</summary>
    public static string EventOf(TicketAction action) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(action.ToString());

    public static string EventOf(ClockRang rang) => rang.Missed ? "clockMissed" : "clockWarning";

    // The regime's own staff hear of each of its caisses.
    private static IReadOnlyList<string> Inboxes(string? regime, string? organism) =>
        regime is null ? [] : organism is null ? [Actor.RegimeRecipient(regime)] : [Actor.RegimeRecipient(regime), Actor.OrganismRecipient(regime, organism)];

    private static IEnumerable<string> By(TicketRow ticket, EntryRow entry, string? assignee, IReadOnlyList<string> inboxes, IReadOnlyList<string> watchers)
    {
        var action = entry.Action;
        if (entry.Readers is EntryReaders.All || TicketMachine.SaysWhere(action))
        {
            yield return ticket.Author;
            foreach (var watcher in watchers)
                yield return watcher;
        }

        if (action is TicketAction.Open or TicketAction.Send or TicketAction.Reopen or TicketAction.Withdraw or TicketAction.GiveBack or TicketAction.Answer or TicketAction.Reply && entry.To != TicketState.Draft)
            yield return assignee ?? Actor.HotlineRecipient;
        // What is taken back while they work on it too.
        if (action is TicketAction.Transfer or TicketAction.PointTo or TicketAction.Withdraw)
        {
            foreach (var inbox in inboxes)
                yield return inbox;
        }

        if (action is TicketAction.Assign && assignee is not null)
            yield return assignee;
    }
}
