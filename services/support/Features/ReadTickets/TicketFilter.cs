using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Support.Features.ReadTickets;

/// <summary>Which tickets are asked for, as an address says it: the same of a list and of its file.</summary>
internal sealed record TicketFilter(
    string? State, string? Kind, string? Organism, string? Assignee, string? Team, string? Priority, string? Department, bool? Overdue, string? Author, string? Order)
{
    private const string Me = "me";
    private const string Newest = "newest";
    private const string Due = "due";
    private static readonly TicketState[] Running = [TicketState.New, TicketState.InProgress, TicketState.WaitingForRequester, TicketState.Transferred];

    /// <value>What is due first is first, and only that; the newest otherwise.</value>
    public bool ByDue => Order == Due;

    /// <summary>Of those that they see. Null: all of it has a meaning.</summary>
    public ProblemHttpResult? Apply(Actor actor, DateTimeOffset now, ref IQueryable<TicketRow> tickets)
    {
        if (Order is not (null or Newest or Due))
            return Problems.Invalid("order", "order-unknown", "L'ordre est « newest » ou « due ».");
        if (Author is not (null or Me))
            return Problems.Invalid("author", "author-not-me", "On ne liste que les siens : « me ».");
        if (Team is not null && actor.Side != TicketSide.Hotline)
            return Problems.Invalid("team", "team-not-yours", "Les équipes sont celles de la hotline.");
        if (Assignee is not null && actor.Side != TicketSide.Hotline)
            return Problems.Invalid("assignee", "assignee-not-yours", "Qui a un ticket à la hotline ne se demande qu'à la hotline.", "Retirez ce filtre.");
        if (!WireNames.TryRead<TicketState>(State, out var inState))
            return WireNames.Refuse<TicketState>("state");
        if (!WireNames.TryRead<TicketKind>(Kind, out var ofKind))
            return WireNames.Refuse<TicketKind>("kind");
        if (!WireNames.TryRead<TicketPriority>(Priority, out var urgent))
            return WireNames.Refuse<TicketPriority>("priority");
        // A draft is its establishment's own, and of what is over no clock runs: there are none, and they are not looked for among all that are kept.
        if (inState is { } sought && ((actor.Side == TicketSide.Hotline && sought is TicketState.Draft or TicketState.Abandoned) || (Overdue == true && !Running.Contains(sought))))
            tickets = tickets.Where(_ => false);
        if (inState is not null)
            tickets = tickets.Where(row => row.State == inState);
        if (ofKind is not null)
            tickets = tickets.Where(row => row.Kind == ofKind);
        if (Organism is not null)
            tickets = tickets.Where(row => row.Organism == Organism);
        if (Assignee is not null)
        {
            var who = Assignee == Me ? actor.Subject : Assignee;
            tickets = tickets.Where(row => row.Assignee == who);
        }

        if (Team is not null)
            tickets = tickets.Where(row => row.Team == Team);
        if (urgent is not null)
            tickets = tickets.Where(row => row.Priority == urgent);
        if (Department is not null)
            tickets = tickets.Where(row => row.Department == Department);
        // Said although it follows: late among a million is rare, and looked for by what is due.
        if (Overdue == true)
            tickets = tickets.Where(row => row.DueAt < now && Running.Contains(row.State));
        if (Author is not null)
            tickets = tickets.Where(row => row.Author == actor.Subject);
        return null;
    }
}
