using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;

namespace Cdr.Portal.Tickets;

/// <summary>Which pages of tickets are whose. What is in them is decided by Support.</summary>
internal static class TicketAccess
{
    /// <value>Follows tickets.</value>
    public static bool Reads(string role) =>
        role is CdrRoles.Clerk or CdrRoles.Referent or CdrRoles.FunctionalCorrespondent or CdrRoles.GroupManager or CdrRoles.Hotline or CdrRoles.RegimeAgent;

    /// <value>Begins them.</value>
    public static bool Opens(string role) => role is CdrRoles.Clerk or CdrRoles.Referent or CdrRoles.Hotline;

    /// <value>Reads their words, and finds them by these.</value>
    public static bool Searches(string role) => role is CdrRoles.Clerk or CdrRoles.Referent or CdrRoles.Hotline or CdrRoles.RegimeAgent;

    /// <value>Has programs that are told of them.</value>
    public static bool HasWebhooks(string role) => role is CdrRoles.RegimeAgent or CdrRoles.GroupManager;

    /// <value>Works on them all day, with the keyboard; two of a kind may meet at one.</value>
    public static bool Works(string role) => role is CdrRoles.Hotline or CdrRoles.RegimeAgent;

    /// <value>Renews the table of destination organisms.</value>
    public static bool Imports(string role) => role is CdrRoles.Hotline or CdrRoles.Operations or CdrRoles.Administrator;

    /// <value>Keeps causes and templates.</value>
    public static bool KeepsDesk(string role) => role is CdrRoles.Hotline;

    /// <summary>The one of that name, or the first.</summary>
    public static TicketQueue Queue(string role, string? name) => Queues(role) is var queues ? queues.FirstOrDefault(one => one.Name == name) ?? queues[0] : null!;

    /// <summary>The lists a role has, the first one shown first. The name is in the address.</summary>
    public static IReadOnlyList<TicketQueue> Queues(string role) => role switch
    {
        CdrRoles.Hotline =>
        [
            new("new", TicketState.New, ByDue: true), new("mine", null, Assignee: "me"), new("inProgress", TicketState.InProgress, ByDue: true), new("waitingForRequester", TicketState.WaitingForRequester),
            new("transferred", TicketState.Transferred, ByDue: true), new("solved", TicketState.Solved), new("all", null), new("late", null, IsLate: true, ByDue: true),
        ],
        CdrRoles.RegimeAgent => [new("toAnswer", TicketState.Transferred, ByDue: true), new("all", null), new("late", TicketState.Transferred, IsLate: true, ByDue: true)],
        CdrRoles.Clerk => [new("all", null), new("mine", null, Author: "me"), new("draft", TicketState.Draft), new("waitingForRequester", TicketState.WaitingForRequester), new("solved", TicketState.Solved), new("closed", TicketState.Closed)],
        _ => [new("all", null), new("draft", TicketState.Draft), new("waitingForRequester", TicketState.WaitingForRequester), new("solved", TicketState.Solved), new("closed", TicketState.Closed)],
    };
}

/// <param name="Name">In the address, and of its text.</param>
/// <param name="State">Null: whatever it is.</param>
/// <param name="Assignee">Whose.</param>
/// <param name="Author">Who began them.</param>
/// <param name="IsLate">Only what is past its time.</param>
/// <param name="ByDue">What is due first is first; the newest otherwise.</param>
internal sealed record TicketQueue(string Name, TicketState? State, string? Assignee = null, string? Author = null, bool IsLate = false, bool ByDue = false);
