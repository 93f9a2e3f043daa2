using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Tickets;

namespace Cdr.Support.Mail;

/// <summary>What somebody chose, and where they read.</summary>
internal sealed class MailAddressRow
{
    public required string Subject { get; init; }

    /// <value>Chance: what leaves with a message names nobody.</value>
    public required Guid Id { get; init; }

    /// <value>Sealed; null until one is confirmed.</value>
    public byte[]? Address { get; set; }

    /// <value>Nothing is sent after it: nobody tells us who left.</value>
    public DateTimeOffset? Until { get; set; }

    /// <value>Sealed: given, and not confirmed.</value>
    public byte[]? Unconfirmed { get; set; }

    /// <value>Sealed: what was sent to it.</value>
    public byte[]? Code { get; set; }

    public DateTimeOffset? CodeUntil { get; set; }

    public int CodeTries { get; set; }

    /// <value>UTC day of the codes that are counted.</value>
    public DateOnly CodesOn { get; set; }

    public int Codes { get; set; }

    public MailWhen Words { get; set; } = MailWhen.AtOnce;

    public MailWhen Progress { get; set; } = MailWhen.Digest;

    public MailWhen Clocks { get; set; } = MailWhen.AtOnce;

    /// <value>A subscription: nobody has it who did not ask for it.</value>
    public MailWhen News { get; set; } = MailWhen.Never;

    public int DigestHour { get; set; } = 8;

    /// <value>Code of the département whose time and holidays are theirs; empty for the country's.</value>
    public required string Place { get; set; }

    /// <value>As whom they came last: as the same they are mailed, and answer.</value>
    public string Role { get; set; } = "";

    public string Establishment { get; set; } = "";

    public string Group { get; set; } = "";

    /// <value>Whoever answers a message; null where that is not theirs: the hotline's word and an organism's are said in the portal.</value>
    public Actor? Answers => Role is CdrRoles.Clerk or CdrRoles.Referent ? new Actor(Subject, Role, Establishment, Group, Place, "") : null;

    /// <value>Two pages at once: the second is told.</value>
    public int Version { get; set; }
}

/// <summary>A message to somebody: from the moment it is owed until it left, or never will.</summary>
internal sealed class MailRow
{
    public const string CodeEvent = "code";

    /// <summary>What begins so is said to whom an answer was refused.</summary>
    public const string RefusedEvents = "mailRefused";

    public required Guid Id { get; init; }

    /// <value>Of the bus; with the recipient, it is owed once.</value>
    public required Guid Message { get; init; }

    /// <value>A subject, <c>hotline</c>, or <c>organism:</c> and its key: where they read is looked up when it leaves.</value>
    public required string Recipient { get; init; }

    public Guid? Ticket { get; init; }

    /// <value>Of news, which is of no ticket.</value>
    public Guid? Announcement { get; init; }

    public string Number { get; init; } = "";

    public required string Event { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <value>Goes with others.</value>
    public bool Digest { get; init; }

    /// <value>The first of those it went with: tried again, they are the same ones under the same message id.</value>
    public Guid? Batch { get; set; }

    /// <value>When it is tried next; null once it is over.</value>
    public DateTimeOffset? DueAt { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    /// <value>When it was given up: the other side will never take it.</value>
    public DateTimeOffset? SetAsideAt { get; set; }

    /// <value>Reply code of the other side, or why it was not sent.</value>
    public string? Fault { get; set; }
}

/// <summary>An answer that came: known again by a keyed hash of what names it, which may name a person.</summary>
internal sealed class ReceivedMailRow
{
    public required byte[] Key { get; init; }

    /// <value>Of the entry that it becomes.</value>
    public required Guid Entry { get; init; }

    public required DateTimeOffset At { get; init; }

    public bool IsOver { get; set; }
}
