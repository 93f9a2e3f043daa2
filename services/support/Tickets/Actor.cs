using System.Linq.Expressions;
using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Domain;
using Cdr.Support.Store;

namespace Cdr.Support.Tickets;

/// <summary>Who acts, and what they may see: a clerk their establishment, a group its establishments, the hotline what was sent, a caisse what was transferred to it, a regime's own staff what was to any of its caisses.</summary>
/// <param name="Organism">Régime and caisse, 5 digits; empty: whatever caisse of the regime.</param>
internal sealed record Actor(string Subject, string Role, string Establishment, string Group, string Department, string Regime, string Organism = "")
{
    public const string HotlineRecipient = "hotline";

    /// <summary>Null where the token lacks what its role needs.</summary>
    public static Actor? From(ClaimsPrincipal user)
    {
        string Claim(string type) => user.FindFirst(type)?.Value ?? "";
        var actor = new Actor(Claim(CdrClaims.Subject), Claim(CdrClaims.Role), Claim(CdrClaims.Finess), Claim(CdrClaims.Group), Claim(CdrClaims.Department), Claim(CdrClaims.Regime), Claim(CdrClaims.Organism));
        var isWhole = actor.Role switch
        {
            CdrRoles.Hotline => true,
            CdrRoles.RegimeAgent => actor.Regime.Length > 0,
            CdrRoles.GroupManager => actor.Group.Length > 0,
            _ => Finess.Parse(actor.Establishment).IsValid,
        };
        return isWhole && actor.Subject.Length > 0 ? actor : null;
    }

    /// <summary>Null for who only looks.</summary>
    public TicketSide? Side => Role switch
    {
        CdrRoles.Clerk => TicketSide.Clerk,
        CdrRoles.Referent => TicketSide.Referent,
        CdrRoles.Hotline => TicketSide.Hotline,
        CdrRoles.RegimeAgent => TicketSide.Organism,
        _ => null,
    };

    /// <summary>Who only looks follows tickets and not persons, whom words may name.</summary>
    public bool ReadsWords => Side is not null;

    public Expression<Func<TicketRow, bool>> Sees => Role switch
    {
        // A draft is the establishment's own affair.
        CdrRoles.Hotline => ticket => ticket.State != TicketState.Draft && ticket.State != TicketState.Abandoned,
        // Both: several regimes have the same codes.
        CdrRoles.RegimeAgent when Organism.Length > 0 => ticket => ticket.OrganismRegime == Regime && ticket.Organism == Organism,
        CdrRoles.RegimeAgent => ticket => ticket.OrganismRegime == Regime,
        CdrRoles.GroupManager => ticket => ticket.Group == Group,
        _ => ticket => ticket.Establishment == Establishment,
    };

    /// <param name="entry">Of a ticket that they see.</param>
    /// <param name="organism">Which organism has the ticket: what the hotline and another one wrote to each other is not for it.</param>
    public bool Reads(EntryRow entry, string? organism) => Side switch
    {
        TicketSide.Hotline => true,
        TicketSide.Organism => entry.Readers is EntryReaders.All || entry.Readers is EntryReaders.Organism && (entry.Organism is { } its && its == organism || entry.Actor == Subject),
        _ => TicketMachine.IsKnownInside(entry.Action, entry.Readers),
    };

    /// <summary>Of an entry that they read: what the hotline writes to an organism is not the establishment's.</summary>
    public bool ReadsWordsOf(EntryRow entry) => ReadsWords && (Side is TicketSide.Hotline or TicketSide.Organism || entry.Readers is EntryReaders.All or EntryReaders.Establishment);

    /// <summary>Whose bells are theirs.</summary>
    public IReadOnlyList<string> Bells => Side switch
    {
        TicketSide.Hotline => [Subject, HotlineRecipient],
        TicketSide.Organism => [Subject, Inbox],
        TicketSide.Referent => [Subject, EstablishmentRecipient(Establishment)],
        TicketSide.Clerk => [Subject, ClerksRecipient(Establishment)],
        _ => [Subject],
    };

    /// <summary>A caisse's, or its regime's.</summary>
    public string Inbox => Organism.Length > 0 ? OrganismRecipient(Regime, Organism) : RegimeRecipient(Regime);

    /// <summary>Its referents, whoever is at their desk.</summary>
    public static string EstablishmentRecipient(string finess) => "establishment:" + finess;

    /// <summary>Its clerks, where they send to the hotline themselves.</summary>
    public static string ClerksRecipient(string finess) => "clerks:" + finess;

    /// <summary>A regime's own staff.</summary>
    public static string RegimeRecipient(string regime) => "regime:" + regime;

    /// <summary>A caisse's. Its regime is named: another one may have a caisse of that code.</summary>
    public static string OrganismRecipient(string regime, string organism) => $"{RegimeRecipient(regime)}/{organism}";
}
