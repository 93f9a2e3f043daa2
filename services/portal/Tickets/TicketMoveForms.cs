using Cdr.Contracts.Support;

namespace Cdr.Portal.Tickets;

/// <summary>How each move is offered: at once, or with a form of its own; and by which key.</summary>
internal static class TicketMoveForms
{
    /// <value>In the order of the page. Checks, files and later answers have places of their own.</value>
    private static readonly TicketAction[] Order =
    [
        TicketAction.Send, TicketAction.Take, TicketAction.Answer, TicketAction.Reply, TicketAction.Ask, TicketAction.Note, TicketAction.Transfer, TicketAction.GiveBack, TicketAction.PointTo,
        TicketAction.Solve, TicketAction.Close, TicketAction.Reopen, TicketAction.Withdraw, TicketAction.Assign, TicketAction.Prioritise, TicketAction.Retype, TicketAction.Merge, TicketAction.Link, TicketAction.Abandon, TicketAction.Watch, TicketAction.Unwatch,
    ];

    public static IEnumerable<TicketAction> Offered(Ticket ticket) => Order.Where(ticket.Can.Contains);

    /// <summary>Nothing more is to be said.</summary>
    public static bool IsAtOnce(TicketAction action) => action is TicketAction.Send or TicketAction.Take or TicketAction.Close or TicketAction.Abandon or TicketAction.Watch or TicketAction.Unwatch;

    public static bool NeedsText(TicketAction action) => action is TicketAction.Reply or TicketAction.Ask or TicketAction.Note or TicketAction.Answer or TicketAction.GiveBack or TicketAction.Reopen or TicketAction.Withdraw;

    public static bool HasText(TicketAction action) => NeedsText(action) || action is TicketAction.Transfer or TicketAction.PointTo or TicketAction.Solve;

    /// <summary>Prefilled by the hotline's templates.</summary>
    public static bool HasTemplates(TicketAction action) => action is TicketAction.Reply or TicketAction.Ask or TicketAction.Solve;

    public static bool HasOrganism(TicketAction action) => action is TicketAction.Transfer or TicketAction.PointTo;

    public static bool HasOther(TicketAction action) => action is TicketAction.Merge or TicketAction.Link;

    /// <value>None for what is done at once and cannot be taken back: a slip of the hand must not solve a ticket.</value>
    public static string? Key(TicketAction action) => action switch
    {
        TicketAction.Take => "p",
        TicketAction.Reply or TicketAction.Answer => "r",
        TicketAction.Ask => "d",
        TicketAction.Note => "n",
        TicketAction.Transfer => "t",
        TicketAction.GiveBack => "g",
        TicketAction.PointTo => "o",
        _ => null,
    };
}
