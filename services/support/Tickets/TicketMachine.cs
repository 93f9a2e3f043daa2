using Cdr.Contracts.Support;
using Cdr.Support.Store;

namespace Cdr.Support.Tickets;

/// <summary>On whose side of a ticket somebody stands.</summary>
internal enum TicketSide
{
    Clerk,
    Referent,
    Hotline,
    Organism,
}

/// <summary>Who may do what, from which state to which. Pure: what a page offers and what the service accepts are the same table.</summary>
internal static class TicketMachine
{
    private static readonly TicketSide[] Establishment = [TicketSide.Clerk, TicketSide.Referent];
    private static readonly TicketSide[] Hotline = [TicketSide.Hotline];
    private static readonly TicketSide[] Organism = [TicketSide.Organism];
    private static readonly TicketState[] AtHotline = [TicketState.New, TicketState.InProgress, TicketState.WaitingForRequester];
    private static readonly TicketState[] Live = [.. AtHotline, TicketState.Transferred];

    private static readonly TicketRule[] Rules =
    [
        new(TicketAction.Send, [TicketSide.Referent], [TicketState.Draft], TicketState.New),
        // Where the establishment chose so: nights have no referent.
        new(TicketAction.Send, [TicketSide.Clerk], [TicketState.Draft], TicketState.New, TicketCondition.DirectSending),
        new(TicketAction.Abandon, Establishment, [TicketState.Draft], TicketState.Abandoned),
        new(TicketAction.Take, Hotline, [TicketState.New], TicketState.InProgress),
        new(TicketAction.Take, Hotline, [TicketState.InProgress, TicketState.WaitingForRequester, TicketState.Transferred], null),
        new(TicketAction.Assign, Hotline, [TicketState.New], TicketState.InProgress, TicketCondition.Somebody),
        new(TicketAction.Assign, Hotline, [TicketState.InProgress, TicketState.WaitingForRequester, TicketState.Transferred], null, TicketCondition.Somebody),
        new(TicketAction.Reply, Hotline, [TicketState.New], TicketState.InProgress, TicketCondition.Text),
        new(TicketAction.Reply, Hotline, [TicketState.InProgress, TicketState.WaitingForRequester, TicketState.Transferred, TicketState.Solved], null, TicketCondition.Text),
        new(TicketAction.Reply, Establishment, [TicketState.WaitingForRequester], TicketState.InProgress, TicketCondition.Text),
        new(TicketAction.Reply, Establishment, [TicketState.Draft, TicketState.New, TicketState.InProgress, TicketState.Transferred, TicketState.Solved], null, TicketCondition.Text),
        new(TicketAction.Ask, Hotline, [TicketState.New, TicketState.InProgress], TicketState.WaitingForRequester, TicketCondition.Text),
        new(TicketAction.Note, Hotline, [.. Live, TicketState.Solved, TicketState.Closed], null, TicketCondition.Text),
        new(TicketAction.Note, Organism, [TicketState.Transferred], null, TicketCondition.Text),
        new(TicketAction.Prioritise, Hotline, Live, null, TicketCondition.Priority),
        new(TicketAction.Prioritise, Establishment, [TicketState.Draft], null, TicketCondition.Priority),
        new(TicketAction.Check, [TicketSide.Clerk, TicketSide.Referent], [TicketState.Draft], null, TicketCondition.Checked),
        new(TicketAction.Check, Hotline, Live, null, TicketCondition.Checked),
        new(TicketAction.Transfer, Hotline, [TicketState.New, TicketState.InProgress, TicketState.WaitingForRequester, TicketState.Transferred], TicketState.Transferred, TicketCondition.Transferable),
        new(TicketAction.Answer, Organism, [TicketState.Transferred], TicketState.InProgress, TicketCondition.Text),
        new(TicketAction.GiveBack, Organism, [TicketState.Transferred], TicketState.InProgress, TicketCondition.Text),
        new(TicketAction.PointTo, Organism, [TicketState.Transferred], TicketState.Transferred, TicketCondition.OtherOrganism),
        new(TicketAction.Solve, Hotline, AtHotline, TicketState.Solved, TicketCondition.Solvable),
        // A mistake, whoever has it by now; or what nobody is there to solve. It says why, and can be opened again.
        new(TicketAction.Withdraw, Establishment, Live, TicketState.Closed, TicketCondition.Text),
        new(TicketAction.Withdraw, Hotline, AtHotline, TicketState.Closed, TicketCondition.Text),
        new(TicketAction.Retype, Establishment, [TicketState.Draft], null, TicketCondition.Kind),
        new(TicketAction.Retype, Hotline, AtHotline, null, TicketCondition.Kind),
        new(TicketAction.Compare, [TicketSide.Clerk], [TicketState.Draft, .. Live, TicketState.Solved], null, TicketCondition.LaterAnswer),
        new(TicketAction.Close, [TicketSide.Clerk, TicketSide.Referent, TicketSide.Hotline], [TicketState.Solved], TicketState.Closed),
        new(TicketAction.Reopen, [TicketSide.Clerk, TicketSide.Referent, TicketSide.Hotline], [TicketState.Solved, TicketState.Closed], TicketState.InProgress, TicketCondition.Text),
        new(TicketAction.Merge, Hotline, AtHotline, TicketState.Merged, TicketCondition.OtherTicket),
        new(TicketAction.Link, Hotline, [.. Live, TicketState.Solved, TicketState.Closed], null, TicketCondition.OtherTicket),
        new(TicketAction.Attach, Establishment, [TicketState.Draft, .. Live, TicketState.Solved], null, TicketCondition.File),
        new(TicketAction.Attach, Hotline, [.. Live, TicketState.Solved], null, TicketCondition.File),
        new(TicketAction.Attach, Organism, [TicketState.Transferred], null, TicketCondition.File),
        new(TicketAction.Watch, Establishment, [TicketState.Draft, .. Live, TicketState.Solved, TicketState.Closed], null),
        new(TicketAction.Watch, Hotline, [.. Live, TicketState.Solved, TicketState.Closed], null),
        new(TicketAction.Unwatch, [TicketSide.Clerk, TicketSide.Referent, TicketSide.Hotline], Enum.GetValues<TicketState>(), null),
    ];

    /// <summary>Null: not that side, or not from that state.</summary>
    public static TicketRule? Find(TicketAction action, TicketSide side, TicketState state) =>
        Array.Find(Rules, rule => rule.Action == action && rule.Sides.Contains(side) && rule.From.Contains(state));

    /// <summary>Whether that side ever does it.</summary>
    public static bool IsOf(TicketAction action, TicketSide side) => Array.Exists(Rules, rule => rule.Action == action && rule.Sides.Contains(side));

    /// <summary>What that side may do from there.</summary>
    public static IEnumerable<TicketAction> Of(TicketSide side, TicketState state, bool directSending) =>
        Rules.Where(rule => rule.Sides.Contains(side) && rule.From.Contains(state) && (directSending || rule.Condition != TicketCondition.DirectSending)).Select(rule => rule.Action).Distinct();

    /// <summary>Whether what a ticket is grants a move; what is to be ticked, written or said with it is another matter.</summary>
    public static bool Grants(TicketAction action, TicketKind kind, bool isAnswered) => action switch
    {
        TicketAction.Transfer or TicketAction.PointTo or TicketAction.Compare => kind == TicketKind.DataInconsistency,
        TicketAction.Solve => kind != TicketKind.DataInconsistency || isAnswered,
        _ => true,
    };

    /// <summary>Whether an organism answered since it was opened again last: what was answered before did not solve it.</summary>
    /// <param name="trail">The oldest first.</param>
    public static bool IsAnswered(IEnumerable<TicketAction> trail) => trail.LastOrDefault(action => action is TicketAction.Answer or TicketAction.Reopen) == TicketAction.Answer;

    /// <summary>Somebody works on it: another one may go on in it.</summary>
    public static bool IsLive(TicketState state) => Live.Contains(state);

    /// <summary>Who reads what is said by doing it.</summary>
    public static EntryReaders Readers(TicketAction action, TicketSide side) => (action, side) switch
    {
        (TicketAction.Note, TicketSide.Hotline) => EntryReaders.Hotline,
        (TicketAction.Note or TicketAction.GiveBack or TicketAction.PointTo, _) or (TicketAction.Transfer, _) => EntryReaders.Organism,
        (TicketAction.Link or TicketAction.Assign or TicketAction.Take, _) => EntryReaders.Hotline,
        (TicketAction.Watch or TicketAction.Unwatch or TicketAction.Check, _) => side == TicketSide.Hotline ? EntryReaders.Hotline : EntryReaders.Establishment,
        _ => EntryReaders.All,
    };

    /// <summary>Which organism has a ticket, or that none has: who waits for it would look for it elsewhere.</summary>
    public static bool SaysWhere(TicketAction action) => action is TicketAction.Transfer or TicketAction.PointTo or TicketAction.GiveBack;

    /// <summary>Whether an establishment knows of an entry: of what it reads, and, without its words, of where its ticket went.</summary>
    public static bool IsKnownInside(TicketAction action, EntryReaders readers) => readers is EntryReaders.All or EntryReaders.Establishment || SaysWhere(action);

    /// <summary>Impact × urgency.</summary>
    public static TicketPriority Priority(TicketImpact impact, TicketUrgency urgency) => ((int)impact + (int)urgency) switch
    {
        0 => TicketPriority.Low,
        1 => TicketPriority.Normal,
        2 or 3 => TicketPriority.High,
        _ => TicketPriority.Critical,
    };
}

/// <summary>What an action needs beside its state.</summary>
internal enum TicketCondition
{
    None,
    DirectSending,
    Text,
    Priority,
    Checked,
    Transferable,
    OtherOrganism,
    OtherTicket,
    Solvable,
    File,
    LaterAnswer,
    Kind,
    Somebody,
}

/// <param name="To">Null: the state stays.</param>
internal sealed record TicketRule(TicketAction Action, TicketSide[] Sides, TicketState[] From, TicketState? To, TicketCondition Condition = TicketCondition.None);
