using Cdr.Contracts.Support;
using Cdr.Support.Store;

namespace Cdr.Support.Tickets;

/// <summary>Whether a move is the one that an entry tells of, sent again after a silence.</summary>
internal static class SentAgain
{
    /// <param name="entry">Of the id that the move chose.</param>
    /// <param name="words">Its words, opened.</param>
    /// <param name="ticket">Which the move is of.</param>
    /// <param name="move">What is asked now.</param>
    /// <param name="actor">Who asks.</param>
    public static bool IsSame(EntryRow entry, string? words, Guid ticket, TicketMove move, Actor actor) =>
        entry.Ticket == ticket && entry.Actor == actor.Subject && entry.Role == actor.Role && entry.Action == move.Action
        && words == (string.IsNullOrWhiteSpace(move.Text) ? null : move.Text.Trim()) && IsAboutTheSame(entry, move, actor);

    // What is left out of a move was filled in from the ticket of then.
    private static bool IsAboutTheSame(EntryRow entry, TicketMove move, Actor actor)
    {
        var detail = entry.Detail ?? "";
        return move.Action switch
        {
            TicketAction.Prioritise => detail.Split(' ') is [var impact, var urgency] && (move.Impact?.ToString() ?? impact) == impact && (move.Urgency?.ToString() ?? urgency) == urgency,
            TicketAction.Check => (move.Checked ?? []).ToHashSet(StringComparer.Ordinal).SetEquals(detail.Split(',', StringSplitOptions.RemoveEmptyEntries)),
            TicketAction.Transfer or TicketAction.PointTo => move.Organism is null || move.Organism == entry.Organism,
            TicketAction.Retype => detail.Split(' ') is [_, var kind] && kind == move.Kind?.ToString(),
            TicketAction.Compare => detail == move.Consultation?.ToString(),
            TicketAction.Merge or TicketAction.Link => detail == move.Other?.ToString(),
            TicketAction.Assign => detail.Split('|') is [var who, var team] && who == (Assignment.Subject(move, actor) ?? "") && (Assignment.Given(move.Team) ?? team) == team,
            TicketAction.Solve => move.Cause is null || move.Cause == detail,
            TicketAction.Answer => move.FileCorrected == (detail == TicketWriting.Corrected),
            _ => true,
        };
    }
}
