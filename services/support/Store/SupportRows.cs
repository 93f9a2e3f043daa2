using Cdr.Contracts.Support;

namespace Cdr.Support.Store;

/// <summary>Where a ticket is now: all of it follows from its entries.</summary>
internal sealed class TicketRow
{
    public required Guid Id { get; init; }

    /// <value>Nine digits, the last a Luhn key.</value>
    public required string Number { get; init; }

    public required TicketKind Kind { get; set; }

    public required TicketState State { get; set; }

    public required TicketPriority Priority { get; set; }

    public required TicketImpact Impact { get; set; }

    public required TicketUrgency Urgency { get; set; }

    public WaitsFor WaitsFor { get; set; } = WaitsFor.Nobody;

    public required string Establishment { get; init; }

    /// <value>Of the establishment, as its people's sessions said it when it began: empty where they said none, and while none of them had done anything.</value>
    public required string Group { get; set; }

    public required string Department { get; init; }

    /// <value>Subject of who began it.</value>
    public required string Author { get; init; }

    public Guid? Consultation { get; init; }

    /// <value>Régime and caisse of the file, from the evidence.</value>
    public string? ManagingOrganism { get; init; }

    /// <value>Whose inbox it is in, or was last: that organism's staff see it.</value>
    public string? Organism { get; set; }

    public string? OrganismRegime { get; set; }

    public string? Assignee { get; set; }

    public string? Team { get; set; }

    public Guid? MergedInto { get; set; }

    /// <value>What it came of, while it is solved.</value>
    public string? Cause { get; set; }

    /// <value>Ids of the points that are done, joined by a comma.</value>
    public string Checks { get; set; } = "";

    /// <value>Sealed.</value>
    public required byte[] Title { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <value>Of the clocks that run, the first that is due, or was missed.</value>
    public DateTimeOffset? DueAt { get; set; }

    /// <value>Number of the last entry.</value>
    public required int Version { get; set; }
}

/// <summary>Who reads the words of an entry, besides the hotline.</summary>
internal enum EntryReaders
{
    /// <summary>The establishment and the organism.</summary>
    All,

    /// <summary>The organism.</summary>
    Organism,

    /// <summary>The hotline alone.</summary>
    Hotline,

    /// <summary>The establishment alone.</summary>
    Establishment,
}

/// <summary>An entry of a trail: never changed, never removed.</summary>
internal sealed class EntryRow
{
    public required Guid Id { get; init; }

    public required Guid Ticket { get; init; }

    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    public required string Role { get; init; }

    public required TicketAction Action { get; init; }

    public required TicketState From { get; init; }

    public required TicketState To { get; init; }

    public required TicketPriority Priority { get; init; }

    public required EntryReaders Readers { get; init; }

    /// <value>To whom it was given by this, or whose staff did this.</value>
    public string? Organism { get; init; }

    /// <value>The organism's hours of then, as its clock needs them.</value>
    public string? OrganismHours { get; init; }

    /// <value>Assignee and team (<c>subject|team</c>), other ticket, points done, kinds, a later consultation: codes and ids.</value>
    public string? Detail { get; init; }

    /// <value>Sealed.</value>
    public byte[]? Text { get; init; }
}

/// <summary>A clock as it was after the last entry: for lists, and for who watches what is due.</summary>
internal sealed class ClockRow
{
    public required Guid Ticket { get; init; }

    public required int Place { get; init; }

    public required ClockKind Kind { get; set; }

    public required string Owner { get; set; }

    public required long UsedMilliseconds { get; set; }

    public required long TargetMilliseconds { get; set; }

    public required DateTimeOffset? RunningSince { get; set; }

    public required DateTimeOffset? WarnAt { get; set; }

    public required DateTimeOffset? DueAt { get; set; }

    public required DateTimeOffset? MetAt { get; set; }

    public required DateTimeOffset? MissedAt { get; set; }

    /// <value>How often it rang: 0, 1 warned, 2 missed.</value>
    public int Rang { get; set; }

    /// <value>When it rings next.</value>
    public DateTimeOffset? NextAt { get; set; }
}

internal sealed class LinkRow
{
    public required Guid Ticket { get; init; }

    public required Guid Other { get; init; }
}

/// <summary>Somebody has a ticket before them: what two do at once is known before it is done. Gone after a while.</summary>
internal sealed class LookRow
{
    public required Guid Ticket { get; init; }

    public required string Subject { get; init; }

    public required string Role { get; set; }

    /// <value>Of an organism's staff: regime and caisse that had the ticket as they looked. Empty for the hotline.</value>
    public required string Regime { get; set; }

    public required DateTimeOffset At { get; set; }
}

internal sealed class WatcherRow
{
    public required Guid Ticket { get; init; }

    public required string Subject { get; init; }
}

/// <summary>An answer as it was.</summary>
internal sealed class EvidenceRow
{
    public required Guid Id { get; init; }

    public required Guid Ticket { get; init; }

    public required Guid Consultation { get; init; }

    /// <value>UTC instant of the answer.</value>
    public required DateTimeOffset AnsweredAt { get; init; }

    public required DateTimeOffset FrozenAt { get; init; }

    public required string RulesVersion { get; init; }

    /// <value>SHA-256 of the answer's bytes.</value>
    public required byte[] Hash { get; init; }

    /// <value>SHA-256 of the journal's record.</value>
    public required byte[] JournalHash { get; init; }

    /// <value>The journal's proof as JSON, sealed as the answer is: its record has the pseudonyms of who asked and of whom.</value>
    public required byte[] Proof { get; init; }

    /// <value>The answer's bytes, sealed for this row and this ticket.</value>
    public required byte[] Answer { get; init; }
}

/// <summary>Somebody was shown an answer, or given a file.</summary>
internal sealed class EvidenceReadRow
{
    public required Guid Id { get; init; }

    public required Guid Ticket { get; init; }

    /// <value>The answer's id, or the file's.</value>
    public required Guid Evidence { get; init; }

    public required string Subject { get; init; }

    public required string Role { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A file of a ticket: name and content sealed.</summary>
internal sealed class AttachmentRow
{
    public required Guid Id { get; init; }

    public required Guid Ticket { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Role { get; init; }

    public required string Type { get; init; }

    public required int Size { get; init; }

    /// <value>SHA-256 of what is kept.</value>
    public required byte[] Hash { get; init; }

    public required byte[] Name { get; init; }

    public required byte[] Content { get; init; }
}

/// <summary>A version of the clocks' rules.</summary>
internal sealed class RulesRow
{
    public required int Version { get; init; }

    public required DateTimeOffset From { get; init; }

    public required string Json { get; init; }
}

internal sealed class OrganismTableRow
{
    public required string Version { get; init; }

    public required DateOnly From { get; init; }

    public required DateTimeOffset ImportedAt { get; init; }

    public required string ImportedBy { get; init; }
}

internal sealed class OrganismRow
{
    public required string Table { get; init; }

    public required string Key { get; init; }

    public required string Regime { get; init; }

    public required string Label { get; init; }

    public required string Department { get; init; }

    public required string Hours { get; init; }

    /// <value>Of a team, never of a person; null where the organism reads its inbox alone.</value>
    public string? Mail { get; init; }
}

internal sealed class EstablishmentRow
{
    public required string Finess { get; init; }

    public required bool DirectSending { get; set; }

    public required string ChosenBy { get; set; }

    public required DateTimeOffset ChosenAt { get; set; }
}

/// <summary>What its people's sessions said last; no row while none of them did anything.</summary>
internal sealed class EstablishmentGroupRow
{
    public required string Finess { get; init; }

    /// <value>Empty: it is of none.</value>
    public required string Group { get; set; }

    /// <value>Since when.</value>
    public required DateTimeOffset SaidAt { get; set; }
}

/// <summary>A choice of an establishment: never changed, never removed.</summary>
internal sealed class ChoiceRow
{
    public required string Finess { get; init; }

    /// <value>From 1, in the order in which they were made.</value>
    public required int Number { get; init; }

    public required bool DirectSending { get; init; }

    public required string By { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A message that is not told yet: written with what it tells, gone once the broker has it.</summary>
internal sealed class OutboxRow
{
    public required Guid Id { get; init; }

    public required string Type { get; init; }

    public required string Json { get; init; }

    /// <value>It could not be read: told to nobody, and kept for whoever looks at it.</value>
    public DateTimeOffset? SetAsideAt { get; init; }
}

/// <summary>A bell of somebody.</summary>
internal sealed class NoticeRow
{
    public required Guid Id { get; init; }

    public required Guid Message { get; init; }

    /// <value>A subject, <c>hotline</c>, <c>regime:</c> and its id, with <c>/</c> and the code of its caisse or without, or <c>establishment:</c> or <c>clerks:</c> and a FINESS.</value>
    public required string Recipient { get; init; }

    public required Guid Ticket { get; init; }

    public required string Number { get; init; }

    public required string Event { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Up to where somebody has read their bells.</summary>
internal sealed class NoticeMarkRow
{
    public required string Subject { get; init; }

    public required Guid UpTo { get; set; }

    public required DateTimeOffset At { get; set; }
}

/// <summary>One that somebody opened, before they read them all.</summary>
internal sealed class NoticeReadRow
{
    public required Guid Notice { get; init; }

    public required string Subject { get; init; }

    public required DateTimeOffset At { get; init; }
}
