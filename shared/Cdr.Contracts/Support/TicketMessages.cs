namespace Cdr.Contracts.Support;

/// <summary>Something was done to a ticket. Told once at least, after it is durable; ids only.</summary>
/// <param name="Id">UUIDv7 of the entry: whoever has it already does nothing.</param>
/// <param name="Ticket">Its id.</param>
/// <param name="Entry">Its number in the trail.</param>
/// <param name="Action">What was done.</param>
/// <param name="State">The state after it.</param>
/// <param name="At">UTC.</param>
/// <param name="Regime">Id of the regime whose organism it went to, or that did it; absent where none did.</param>
public sealed record TicketMoved(Guid Id, Guid Ticket, int Entry, TicketAction Action, TicketState State, DateTimeOffset At, string? Regime = null);

/// <summary>A clock of a ticket will soon miss, or missed, its objective.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Ticket">Its id.</param>
/// <param name="Kind">Which clock.</param>
/// <param name="Owner">The hotline, or an organism.</param>
/// <param name="Missed">False: a warning.</param>
/// <param name="At">UTC.</param>
/// <param name="Regime">Id of the owner's regime; absent for the hotline's.</param>
public sealed record ClockRang(Guid Id, Guid Ticket, ClockKind Kind, string Owner, bool Missed, DateTimeOffset At, string? Regime = null);

/// <summary>An organism corrected the file that a consultation showed: what is kept of the person is to be forgotten.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Ticket">Its id.</param>
/// <param name="Consultation">Whose answer showed it.</param>
/// <param name="Regime">Id of the regime that corrected.</param>
/// <param name="At">UTC.</param>
public sealed record FileCorrected(Guid Id, Guid Ticket, Guid Consultation, string Regime, DateTimeOffset At);
