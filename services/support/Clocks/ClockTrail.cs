using Cdr.Contracts.Support;
using Cdr.Support.Store;

namespace Cdr.Support.Clocks;

/// <summary>What of an entry its clocks need.</summary>
internal sealed record TrailEntry(DateTimeOffset At, TicketAction Action, string Role, TicketState From, TicketState To, TicketPriority Priority, string? Organism, string? OrganismHours)
{
    public static System.Linq.Expressions.Expression<Func<EntryRow, TrailEntry>> Of { get; } =
        row => new TrailEntry(row.At, row.Action, row.Role, row.From, row.To, row.Priority, row.Organism, row.OrganismHours);
}

/// <summary>From a ticket's trail to the events of its clocks.</summary>
internal static class ClockTrail
{
    public static IEnumerable<ClockEvent> Read(IEnumerable<TrailEntry> entries) => entries.SelectMany(Read);

    private static IEnumerable<ClockEvent> Read(TrailEntry entry)
    {
        var isHotline = entry.Role == Contracts.Sessions.CdrRoles.Hotline;
        if (entry is { To: TicketState.New, Action: TicketAction.Open or TicketAction.Send })
            yield return new ClockEvent.Received(entry.At, entry.Priority);
        switch (entry.Action)
        {
            case TicketAction.Reply when isHotline:
                yield return new ClockEvent.Replied(entry.At);
                break;
            case TicketAction.Reply when entry is { From: TicketState.WaitingForRequester, To: TicketState.InProgress }:
                yield return new ClockEvent.CameBack(entry.At);
                break;
            case TicketAction.Ask:
                yield return new ClockEvent.Replied(entry.At);
                yield return new ClockEvent.Asked(entry.At);
                break;
            case TicketAction.Take or TicketAction.Assign:
                yield return new ClockEvent.Assigned(entry.At);
                break;
            case TicketAction.Prioritise:
                yield return new ClockEvent.Prioritised(entry.At, entry.Priority);
                break;
            case TicketAction.Transfer or TicketAction.PointTo:
                yield return new ClockEvent.Transferred(entry.At, entry.Organism!, BusinessHours.Parse(entry.OrganismHours!));
                break;
            case TicketAction.Answer:
                yield return new ClockEvent.OrganismAnswered(entry.At);
                break;
            case TicketAction.GiveBack:
                yield return new ClockEvent.GivenBack(entry.At);
                break;
            case TicketAction.Solve:
                yield return new ClockEvent.Solved(entry.At);
                break;
            case TicketAction.Merge or TicketAction.Withdraw:
                yield return new ClockEvent.Withdrawn(entry.At);
                break;
            case TicketAction.Reopen:
                yield return new ClockEvent.Reopened(entry.At);
                break;
            default:
                break;
        }
    }
}
