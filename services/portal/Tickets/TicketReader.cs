using Cdr.Contracts.Sessions;
using Cdr.Portal.Identity;

namespace Cdr.Portal.Tickets;

/// <summary>Who reads a ticket, as far as its parts need to know.</summary>
/// <param name="Subject">As a trail names them.</param>
/// <param name="Role">Theirs.</param>
/// <param name="TimeZone">Instants are shown in it.</param>
/// <param name="Organism">Régime and caisse, of a caisse's agent.</param>
public sealed record TicketReader(string Subject, string Role, TimeZoneInfo TimeZone, string? Organism = null)
{
    public bool IsClerk => Role == CdrRoles.Clerk;

    internal static TicketReader? Of(SignedIn? person) => person is null ? null : new TicketReader(person.Subject, person.Role, person.TimeZone, person.Organism);
}
