using Cdr.Contracts.Support;
using Cdr.Support.Clocks;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Notifications;

/// <summary>Whom a move or a clock concerns: the same for bells and for e-mail.</summary>
internal static class Concerned
{
    public static async Task<IReadOnlyList<string>> ByAsync(SupportDb db, TicketRow ticket, TicketMoved moved, CancellationToken cancellationToken)
    {
        var entry = await db.Entries.AsNoTracking().Where(row => row.Id == moved.Id).Select(row => new { row.Actor, row.Readers }).FirstOrDefaultAsync(cancellationToken);
        var watchers = await db.Watchers.Where(row => row.Ticket == ticket.Id).Select(row => row.Subject).ToListAsync(cancellationToken);
        // Nobody is told what they did themselves.
        return [.. By(ticket, moved.Action, entry?.Readers ?? EntryReaders.Hotline, watchers).Where(one => one != entry?.Actor).Distinct()];
    }

    public static IReadOnlyList<string> By(TicketRow ticket, ClockRang rang) =>
        rang.Owner == Clock.HotlineOwner ? [ticket.Assignee ?? Actor.HotlineRecipient]
        : ticket.OrganismRegime is { } regime ? [Actor.RegimeRecipient(regime), Actor.HotlineRecipient]
        : [Actor.HotlineRecipient];

    /// <summary>As it is called on the wire.</summary>
    public static string EventOf(TicketAction action) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(action.ToString());

    public static string EventOf(ClockRang rang) => rang.Missed ? "clockMissed" : "clockWarning";

    private static IEnumerable<string> By(TicketRow ticket, TicketAction action, EntryReaders readers, IReadOnlyList<string> watchers)
    {
        if (readers is EntryReaders.All)
        {
            yield return ticket.Author;
            foreach (var watcher in watchers)
                yield return watcher;
        }

        if (action is TicketAction.Open or TicketAction.Send or TicketAction.Reopen or TicketAction.GiveBack or TicketAction.Answer or TicketAction.Reply && ticket.State != TicketState.Draft)
            yield return ticket.Assignee ?? Actor.HotlineRecipient;
        if (action is TicketAction.Transfer or TicketAction.PointTo && ticket.OrganismRegime is { } regime)
            yield return Actor.RegimeRecipient(regime);
        if (action is TicketAction.Assign && ticket.Assignee is { } assignee)
            yield return assignee;
    }
}
