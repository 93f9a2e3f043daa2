using Cdr.Contracts.Sessions;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Tickets;

/// <summary>The group of an establishment, as its people's sessions said it last, "none" too. What comes by e-mail has no session and says nothing.</summary>
internal static class EstablishmentGroups
{
    /// <summary>Empty: none, or nobody of theirs did anything yet.</summary>
    public static async Task<string> ReadAsync(SupportDb db, string finess, CancellationToken cancellationToken) =>
        await db.Groups.Where(row => row.Finess == finess).Select(row => row.Group).FirstOrDefaultAsync(cancellationToken) ?? "";

    /// <summary>In the transaction of what they do. Before any of them did anything nobody could say whose a call was: those are their first group's.</summary>
    public static async Task SayAsync(SupportDb db, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (actor.Side is not (TicketSide.Clerk or TicketSide.Referent))
            return;
        if (await db.Groups.FirstOrDefaultAsync(row => row.Finess == actor.Establishment, cancellationToken) is { } known)
        {
            if (known.Group != actor.Group)
                (known.Group, known.SaidAt) = (actor.Group, now);
            return;
        }

        db.Groups.Add(new EstablishmentGroupRow { Finess = actor.Establishment, Group = actor.Group, SaidAt = now });
        if (actor.Group.Length == 0)
            return;
        var called = db.Tickets.Where(row => row.Establishment == actor.Establishment && row.Group == ""
            && db.Entries.Any(entry => entry.Ticket == row.Id && entry.Number == 1 && entry.Role != CdrRoles.Clerk && entry.Role != CdrRoles.Referent));
        foreach (var ticket in await called.ToListAsync(cancellationToken))
            ticket.Group = actor.Group;
    }
}
