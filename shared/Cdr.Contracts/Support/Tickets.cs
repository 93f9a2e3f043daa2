using System.Text.Json.Serialization;

namespace Cdr.Contracts.Support;

/// <summary>What is done to a ticket. Each is an entry of its trail.</summary>
[JsonConverter(typeof(WireName<TicketAction>))]
public enum TicketAction
{
    /// <summary>It was begun.</summary>
    Open,

    /// <summary>The establishment sends it to the hotline.</summary>
    Send,

    /// <summary>The establishment gives up what it had not sent.</summary>
    Abandon,

    /// <summary>Somebody of the hotline takes it.</summary>
    Take,

    /// <summary>The hotline gives it to a person or a team.</summary>
    Assign,

    /// <summary>Words that everybody concerned reads.</summary>
    Reply,

    /// <summary>The hotline asks the establishment, and waits.</summary>
    Ask,

    /// <summary>Words that the establishment does not read.</summary>
    Note,

    /// <summary>Another impact or urgency.</summary>
    Prioritise,

    /// <summary>Points of the checklist are done.</summary>
    Check,

    /// <summary>To the organism that manages the file.</summary>
    Transfer,

    /// <summary>The organism answers.</summary>
    Answer,

    /// <summary>The organism gives it back without an answer.</summary>
    GiveBack,

    /// <summary>The organism says which other one it is for.</summary>
    PointTo,

    /// <summary>The hotline holds it solved.</summary>
    Solve,

    /// <summary>Over.</summary>
    Close,

    /// <summary>It is ended without a solution, and said why: a mistake, or nobody's to solve.</summary>
    Withdraw,

    /// <summary>It is of another kind.</summary>
    Retype,

    /// <summary>A later answer to the same question is put beside the contested one.</summary>
    Compare,

    /// <summary>It was not solved.</summary>
    Reopen,

    /// <summary>Another ticket goes on for it.</summary>
    Merge,

    /// <summary>It has to do with another one.</summary>
    Link,

    /// <summary>A picture or a PDF is added; by its own call.</summary>
    Attach,

    /// <summary>The caller wants to be told.</summary>
    Watch,

    /// <summary>The caller does not want to be told any more.</summary>
    Unwatch,
}

/// <summary>A new ticket.</summary>
public sealed record TicketRequest
{
    /// <summary>UUIDv7 of the caller's choice, and the ticket's: sent again, nothing is opened twice. 409 where it is another's, or said something else.</summary>
    public Guid? Id { get; init; }

    /// <summary>What it is about.</summary>
    public required TicketKind Kind { get; init; }

    /// <summary>1 to 200 characters; kept encrypted.</summary>
    public required string Title { get; init; }

    /// <summary>1 to 20,000 characters; kept encrypted.</summary>
    public required string Text { get; init; }

    /// <summary>Whom it touches.</summary>
    public TicketImpact Impact { get; init; }

    /// <summary>How long it can wait.</summary>
    public TicketUrgency Urgency { get; init; } = TicketUrgency.Normal;

    /// <summary>The consultation that is contested: its answer becomes the evidence. Never of a technical ticket.</summary>
    public Guid? Consultation { get; init; }

    /// <summary>Of an answer with several files, the one that is contested: its régime and caisse. Absent: the answer's only one, or none is guessed.</summary>
    public string? Organism { get; init; }

    /// <summary>From the hotline, for a call or an e-mail: FINESS géographique of the establishment. Otherwise the caller's own.</summary>
    public string? Establishment { get; init; }

    /// <summary>Whether it is sent at once, where the caller may.</summary>
    public bool Send { get; init; }

    /// <summary>Masked: words of a clerk may name a person.</summary>
    public override string ToString() => $"{nameof(TicketRequest)} {Kind}";
}

/// <summary>A ticket is looked for.</summary>
public sealed record TicketSearch
{
    /// <summary>Nine digits, as they are said: spaces, dots and dashes do not count.</summary>
    public required string Number { get; init; }

    /// <summary>Masked: whoever types something else may type a person's number.</summary>
    public override string ToString() => nameof(TicketSearch);
}

/// <summary>Something done to a ticket. What an action does not need is left out.</summary>
public sealed record TicketMove
{
    /// <summary>What.</summary>
    public required TicketAction Action { get; init; }

    /// <summary>UUIDv7 of the caller's choice: sent again, nothing is done twice.</summary>
    public Guid? Id { get; init; }

    /// <summary>The ticket's version that the caller saw: 409 where somebody was faster. Absent: whatever it is now.</summary>
    public int? Version { get; init; }

    /// <summary>Words, kept encrypted.</summary>
    public string? Text { get; init; }

    /// <summary>For <c>prioritise</c>.</summary>
    public TicketImpact? Impact { get; init; }

    /// <summary>For <c>prioritise</c>.</summary>
    public TicketUrgency? Urgency { get; init; }

    /// <summary>For <c>assign</c>: subject of somebody the hotline knows, or <c>me</c>.</summary>
    public string? Assignee { get; init; }

    /// <summary>For <c>assign</c>: code of a team, 1 to 30 letters, digits and dashes.</summary>
    public string? Team { get; init; }

    /// <summary>For <c>transfer</c> and <c>pointTo</c>: régime (2) and caisse (3). Absent in <c>transfer</c>: that of the evidence.</summary>
    public string? Organism { get; init; }

    /// <summary>For <c>merge</c> and <c>link</c>: the other ticket.</summary>
    public Guid? Other { get; init; }

    /// <summary>For <c>retype</c>: what it is about.</summary>
    public TicketKind? Kind { get; init; }

    /// <summary>For <c>compare</c>: a consultation of the caller's establishment.</summary>
    public Guid? Consultation { get; init; }

    /// <summary>For <c>check</c>: ids of the points that are done.</summary>
    public IReadOnlyList<string>? Checked { get; init; }

    /// <summary>For <c>solve</c>: code of what it came of, of those that hold today for its kind.</summary>
    public string? Cause { get; init; }

    /// <summary>For <c>answer</c>: the file was corrected, so what is kept of the person is forgotten.</summary>
    public bool FileCorrected { get; init; }

    /// <summary>Masked.</summary>
    public override string ToString() => $"{nameof(TicketMove)} {Action}";
}

/// <summary>A ticket in a list.</summary>
public sealed record TicketLine(
    Guid Id, string Number, TicketKind Kind, TicketState State, TicketPriority Priority, WaitsFor WaitsFor, string Title, string Establishment, string Department,
    string? Organism, string? Assignee, string? Team, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? DueAt, int Version)
{
    /// <summary>Masked.</summary>
    public override string ToString() => $"{nameof(TicketLine)} {Number}";
}

/// <summary>A part of a list, newest first.</summary>
/// <param name="Tickets">The lines.</param>
/// <param name="Next">Goes into <c>after</c>; absent at the end.</param>
public sealed record TicketPage(IReadOnlyList<TicketLine> Tickets, Guid? Next);

/// <summary>A ticket, as far as the caller may see it.</summary>
public sealed record Ticket
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Nine digits that are said on the telephone in three groups; the last one is a key.</summary>
    public required string Number { get; init; }

    /// <summary>What it is about.</summary>
    public required TicketKind Kind { get; init; }

    /// <summary>Where it is.</summary>
    public required TicketState State { get; init; }

    /// <summary>Whose clock runs.</summary>
    public required WaitsFor WaitsFor { get; init; }

    /// <summary>Of impact and urgency.</summary>
    public required TicketPriority Priority { get; init; }

    /// <summary>Whom it touches.</summary>
    public required TicketImpact Impact { get; init; }

    /// <summary>How long it can wait.</summary>
    public required TicketUrgency Urgency { get; init; }

    /// <summary>In one line.</summary>
    public required string Title { get; init; }

    /// <summary>FINESS géographique.</summary>
    public required string Establishment { get; init; }

    /// <summary>Code of the département.</summary>
    public required string Department { get; init; }

    /// <summary>What is contested.</summary>
    public Guid? Consultation { get; init; }

    /// <summary>Régime and caisse that have it, or had it last.</summary>
    public string? Organism { get; init; }

    /// <summary>Its label.</summary>
    public string? OrganismLabel { get; init; }

    /// <summary>Who of the hotline has it.</summary>
    public string? Assignee { get; init; }

    /// <summary>Which team of the hotline.</summary>
    public string? Team { get; init; }

    /// <summary>What it came of, once it is solved: the code of a cause.</summary>
    public string? Cause { get; init; }

    /// <summary>Its label.</summary>
    public string? CauseLabel { get; init; }

    /// <summary>Which ticket goes on for it.</summary>
    public Guid? MergedInto { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Number of its last entry.</summary>
    public required int Version { get; init; }

    /// <summary>Whether an answer is frozen with it that the caller may read.</summary>
    public required bool HasEvidence { get; init; }

    /// <summary>Frozen answers that the caller may read: the contested one, then later ones.</summary>
    public IReadOnlyList<TicketAnswer> Answers { get; init; } = [];

    /// <summary>What must be done before it is transferred.</summary>
    public required IReadOnlyList<TicketCheck> Checklist { get; init; }

    /// <summary>Its trail, the oldest first, without what the caller may not read.</summary>
    public required IReadOnlyList<TicketEntry> Entries { get; init; }

    /// <summary>Its objectives.</summary>
    public required IReadOnlyList<TicketClock> Clocks { get; init; }

    /// <summary>Tickets that have to do with it.</summary>
    public required IReadOnlyList<Guid> Links { get; init; }

    /// <summary>What the caller may do now.</summary>
    public required IReadOnlyList<TicketAction> Can { get; init; }

    /// <summary>When its organism last said that the file is corrected: asked again, the answer is another one.</summary>
    public DateTimeOffset? FileCorrectedAt { get; init; }

    /// <summary>When the hotline opens next; absent while it is open.</summary>
    public DateTimeOffset? HotlineOpensAt { get; init; }

    /// <summary>Masked.</summary>
    public override string ToString() => $"{nameof(Ticket)} {Number}";
}

/// <summary>An answer that is frozen with a ticket.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Consultation">Whose answer it is.</param>
/// <param name="AnsweredAt">UTC.</param>
public sealed record TicketAnswer(Guid Id, Guid Consultation, DateTimeOffset AnsweredAt);

/// <summary>Of a ticket that became of another kind.</summary>
/// <param name="From">Before.</param>
/// <param name="To">After.</param>
public sealed record KindChange(TicketKind From, TicketKind To);

/// <summary>Who else has a ticket before them, and how it is now.</summary>
/// <param name="Version">Number of its last entry: higher than what the caller shows, it changed meanwhile.</param>
/// <param name="Others">Subjects of those of the caller's side who had it before them within the last half minute.</param>
public sealed record TicketLook(int Version, IReadOnlyList<string> Others);

/// <summary>A point of a checklist.</summary>
/// <param name="Id">Stable.</param>
/// <param name="Label">For people.</param>
/// <param name="Done">Whether it is.</param>
public sealed record TicketCheck(string Id, string Label, bool Done);

/// <summary>An entry of a trail.</summary>
/// <param name="Number">From 1, without holes but for what the caller may not read.</param>
/// <param name="At">UTC.</param>
/// <param name="Action">What was done.</param>
/// <param name="Role">Role of who did it.</param>
/// <param name="Actor">Who; absent for who may not know.</param>
/// <param name="From">State before.</param>
/// <param name="To">State after.</param>
/// <param name="Organism">Régime and caisse, where one is concerned.</param>
/// <param name="Text">Words.</param>
/// <param name="Kinds">Of <c>retype</c>.</param>
/// <param name="OrganismLabel">Its label in the table of today; absent where that has none such.</param>
public sealed record TicketEntry(int Number, DateTimeOffset At, TicketAction Action, string Role, string? Actor, TicketState From, TicketState To, string? Organism, string? Text, KindChange? Kinds = null, string? OrganismLabel = null)
{
    /// <summary>Masked.</summary>
    public override string ToString() => $"{nameof(TicketEntry)} {Number} {Action}";
}

/// <summary>An objective.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Owner">The hotline, or an organism.</param>
/// <param name="DueAt">Absent while it does not run.</param>
/// <param name="UsedMinutes">Working minutes used when this was written, or up to the last pause.</param>
/// <param name="TargetMinutes">Working minutes.</param>
/// <param name="MetAt">When it was done.</param>
/// <param name="MissedAt">When it was missed.</param>
public sealed record TicketClock(ClockKind Kind, string Owner, DateTimeOffset? DueAt, int UsedMinutes, int TargetMinutes, DateTimeOffset? MetAt, DateTimeOffset? MissedAt);

/// <summary>A file of a ticket.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Name">Without a path; it may name a person.</param>
/// <param name="Type">By its content.</param>
/// <param name="Size">Bytes.</param>
/// <param name="At">UTC.</param>
/// <param name="Role">Role of who added it.</param>
public sealed record Attachment(Guid Id, string Name, string Type, int Size, DateTimeOffset At, string Role)
{
    /// <summary>Masked.</summary>
    public override string ToString() => $"{nameof(Attachment)} {Id}";
}

/// <summary>What an establishment chose.</summary>
/// <param name="DirectSending">Its clerks send to the hotline without their referent.</param>
public sealed record EstablishmentChoice(bool DirectSending);

/// <summary>A bell that rang.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Ticket">About which ticket.</param>
/// <param name="Number">Its number.</param>
/// <param name="Event">An action, or <c>clockWarning</c>, <c>clockMissed</c>.</param>
/// <param name="At">UTC.</param>
/// <param name="ReadAt">When the caller read it, UTC; absent while it is new to them.</param>
public sealed record Notice(Guid Id, Guid Ticket, string Number, string Event, DateTimeOffset At, DateTimeOffset? ReadAt);

/// <summary>What the caller has not read yet.</summary>
/// <param name="New">How many; 100 stands for more.</param>
public sealed record NoticeCount(int New);

/// <summary>The caller has read what rang up to there.</summary>
/// <param name="UpTo">Id of the newest one they saw.</param>
public sealed record NoticesRead(Guid UpTo);

/// <summary>What an imported table of destination organisms is.</summary>
/// <param name="Version">Of the file.</param>
/// <param name="From">From which day it holds.</param>
/// <param name="Organisms">How many it names.</param>
public sealed record OrganismTable(string Version, DateOnly From, int Organisms);

/// <summary>A destination organism: its inbox.</summary>
/// <param name="Key">Régime (2) and caisse (3).</param>
/// <param name="Regime">Id of the regime.</param>
/// <param name="Label">For people.</param>
/// <param name="Department">Where it is: its holidays.</param>
/// <param name="Hours">Of its staff.</param>
public sealed record DestinationOrganism(string Key, string Regime, string Label, string Department, string Hours);
