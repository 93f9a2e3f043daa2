using Cdr.Contracts.Support;

namespace Cdr.Support.Clocks;

/// <summary>What of a ticket's trail matters to its clocks.</summary>
internal abstract record ClockEvent(DateTimeOffset At)
{
    /// <summary>It reached the hotline.</summary>
    public sealed record Received(DateTimeOffset At, TicketPriority Priority) : ClockEvent(At);

    /// <summary>The hotline wrote to the requester.</summary>
    public sealed record Replied(DateTimeOffset At) : ClockEvent(At);

    /// <summary>The hotline waits for the requester.</summary>
    public sealed record Asked(DateTimeOffset At) : ClockEvent(At);

    /// <summary>The requester answered.</summary>
    public sealed record CameBack(DateTimeOffset At) : ClockEvent(At);

    /// <summary>An organism has it; its hours are those of then.</summary>
    public sealed record Transferred(DateTimeOffset At, string Organism, BusinessHours Hours) : ClockEvent(At);

    /// <summary>The organism answered: its objective is met.</summary>
    public sealed record OrganismAnswered(DateTimeOffset At) : ClockEvent(At);

    /// <summary>The organism gave it back unanswered: should it have it again, its clock goes on.</summary>
    public sealed record GivenBack(DateTimeOffset At) : ClockEvent(At);

    public sealed record Solved(DateTimeOffset At) : ClockEvent(At);

    /// <summary>Taken back, or merged away: nobody is waited for, and nothing that was owed is done.</summary>
    public sealed record Withdrawn(DateTimeOffset At) : ClockEvent(At);

    public sealed record Reopened(DateTimeOffset At) : ClockEvent(At);

    public sealed record Prioritised(DateTimeOffset At, TicketPriority Priority) : ClockEvent(At);

    /// <summary>Somebody else has it, who owes what was owed before.</summary>
    public sealed record Assigned(DateTimeOffset At) : ClockEvent(At);
}
