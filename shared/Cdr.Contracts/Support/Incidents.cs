using System.Text.Json.Serialization;

namespace Cdr.Contracts.Support;

/// <summary>Where an incident is.</summary>
[JsonConverter(typeof(WireName<IncidentState>))]
public enum IncidentState
{
    /// <summary>Seen, and looked into.</summary>
    Investigating,

    /// <summary>Its cause is known.</summary>
    Identified,

    /// <summary>Mended, and watched.</summary>
    Watching,

    /// <summary>Over.</summary>
    Resolved,
}

/// <summary>An incident as everybody sees it.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Title">In one line.</param>
/// <param name="Regime">Whose it is; absent: the whole service's.</param>
/// <param name="State">Where it is.</param>
/// <param name="OpenedAt">UTC.</param>
/// <param name="ResolvedAt">UTC.</param>
/// <param name="Last">The newest note.</param>
public sealed record IncidentView(Guid Id, string Title, string? Regime, IncidentState State, DateTimeOffset OpenedAt, DateTimeOffset? ResolvedAt, IncidentNote Last);

/// <summary>A public note: only ever added.</summary>
/// <param name="Number">From 1.</param>
/// <param name="State">Where it was then.</param>
/// <param name="Text">Words of the hotline; they name nobody.</param>
/// <param name="At">UTC.</param>
public sealed record IncidentNote(int Number, IncidentState State, string Text, DateTimeOffset At);

/// <summary>An incident with all its notes.</summary>
/// <param name="View">As everybody sees it.</param>
/// <param name="Notes">The newest first.</param>
/// <param name="Tickets">For the hotline alone: what is grouped under it.</param>
/// <param name="Acts">For the hotline alone: who grouped what when, the newest first.</param>
/// <param name="Version">Number of the last thing done to it.</param>
public sealed record Incident(IncidentView View, IReadOnlyList<IncidentNote> Notes, IReadOnlyList<IncidentTicket>? Tickets, IReadOnlyList<IncidentAct>? Acts, int Version);

/// <summary>A ticket of an incident.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Number">Its number.</param>
/// <param name="State">Where it is.</param>
/// <param name="Establishment">FINESS géographique.</param>
public sealed record IncidentTicket(Guid Id, string Number, TicketState State, string Establishment);

/// <summary>A ticket was grouped, or taken out.</summary>
/// <param name="Ticket">Which.</param>
/// <param name="Attached">Whether it was grouped.</param>
/// <param name="At">UTC.</param>
/// <param name="By">Subject.</param>
public sealed record IncidentAct(Guid Ticket, bool Attached, DateTimeOffset At, string By);

/// <summary>A new incident.</summary>
public sealed record IncidentRequest
{
    /// <summary>UUIDv7 of the caller's choice: sent again, it is opened once.</summary>
    public Guid? Id { get; init; }

    /// <summary>1 to 150 characters.</summary>
    public required string Title { get; init; }

    /// <summary>The first public note, 1 to 2,000 characters.</summary>
    public required string Text { get; init; }

    /// <summary>Id of the regime; absent: the whole service.</summary>
    public string? Regime { get; init; }

    /// <summary>Technical tickets that it explains, 200 at most.</summary>
    public IReadOnlyList<Guid> Tickets { get; init; } = [];

    /// <summary>Masked: until it was checked it may name a person.</summary>
    public override string ToString() => nameof(IncidentRequest);
}

/// <summary>A note to be added.</summary>
/// <param name="State">Where it is now.</param>
/// <param name="Text">1 to 2,000 characters, without a person.</param>
/// <param name="Version">What the caller saw: 409 where somebody was faster.</param>
public sealed record IncidentNoteText(IncidentState State, string Text, int Version)
{
    /// <summary>Masked.</summary>
    public override string ToString() => $"{nameof(IncidentNoteText)} {State}";
}

/// <summary>Tickets to group, or to take out.</summary>
/// <param name="Attach">To group: technical ones that are not over.</param>
/// <param name="Detach">To take out.</param>
public sealed record IncidentTickets(IReadOnlyList<Guid>? Attach = null, IReadOnlyList<Guid>? Detach = null);

/// <summary>What became of the tickets of a resolved incident.</summary>
/// <param name="Solved">Those that were solved now.</param>
/// <param name="Left">Those that were not, each with the code of why.</param>
public sealed record IncidentSolution(IReadOnlyList<Guid> Solved, IReadOnlyList<UnsolvedTicket> Left);

/// <summary>A ticket that was not solved.</summary>
/// <param name="Ticket">Which.</param>
/// <param name="Code">Of the problem.</param>
public sealed record UnsolvedTicket(Guid Ticket, string Code);

/// <summary>An incident is resolved: whoever follows one of its tickets is told once.</summary>
/// <param name="Id">UUIDv7: whoever has it already does nothing.</param>
/// <param name="Incident">Its id.</param>
/// <param name="At">UTC.</param>
public sealed record IncidentResolved(Guid Id, Guid Incident, DateTimeOffset At);
