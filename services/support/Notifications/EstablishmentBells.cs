using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Notifications;

/// <summary>
/// Whom an establishment's own ticket concerns beside those who follow it by name: its referent, the only contact of the hotline, where none
/// of them follows it; its clerks likewise, where they send themselves. So a ticket that began with a call sleeps nowhere.
/// </summary>
internal static class EstablishmentBells
{
    private static readonly TicketAction[] Rung =
    [
        TicketAction.Open, TicketAction.Ask, TicketAction.Reply, TicketAction.Answer, TicketAction.Solve, TicketAction.Close, TicketAction.Withdraw, TicketAction.Reopen, TicketAction.Merge, TicketAction.Transfer,
        TicketAction.PointTo, TicketAction.GiveBack,
    ];

    /// <param name="db">Of the reading.</param>
    /// <param name="ticket">Whose.</param>
    /// <param name="entry">What was done.</param>
    /// <param name="followers">Its author and who watches it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<string>> ByAsync(SupportDb db, TicketRow ticket, EntryRow entry, IReadOnlyCollection<string> followers, CancellationToken cancellationToken)
    {
        // A draft waits for the referent; of everything else the establishment knows what it did itself.
        var isDraft = entry is { Action: TicketAction.Open, To: TicketState.Draft };
        if (!TicketMachine.IsKnownInside(entry.Action, entry.Readers) || !Rung.Contains(entry.Action) || (entry.Role is CdrRoles.Clerk or CdrRoles.Referent && !isDraft))
            return [];
        var roles = await db.Entries.Where(row => row.Ticket == ticket.Id && followers.Contains(row.Actor)).Select(row => row.Role).Distinct().ToListAsync(cancellationToken);
        List<string> rung = roles.Contains(CdrRoles.Referent) ? [] : [Actor.EstablishmentRecipient(ticket.Establishment)];
        if (!isDraft && !roles.Contains(CdrRoles.Clerk) && await db.Establishments.AnyAsync(row => row.Finess == ticket.Establishment && row.DirectSending, cancellationToken))
            rung.Add(Actor.ClerksRecipient(ticket.Establishment));
        return rung;
    }
}
