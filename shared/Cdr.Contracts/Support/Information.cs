using System.Text.Json.Serialization;

namespace Cdr.Contracts.Support;

/// <summary>What is announced.</summary>
[JsonConverter(typeof(WireName<AnnouncementKind>))]
public enum AnnouncementKind
{
    /// <summary>Something new.</summary>
    News,

    /// <summary>A regime, or the whole service, does not answer for a time: planned, or under way.</summary>
    Downtime,

    /// <summary>How a regime's answers are to be read.</summary>
    Guide,
}

/// <summary>What everybody who is signed in is told now.</summary>
/// <param name="Announcements">Interruptions first, the nearest before others; then what is newest.</param>
/// <param name="Incidents">Open ones.</param>
public sealed record ServiceInformation(IReadOnlyList<Announcement> Announcements, IReadOnlyList<IncidentView> Incidents);

/// <summary>Something announced.</summary>
public sealed record Announcement
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What.</summary>
    public required AnnouncementKind Kind { get; init; }

    /// <summary>Id of the regime; absent: the whole service.</summary>
    public string? Regime { get; init; }

    /// <summary>Régime and caisse, 5 digits, where one caisse of the regime says it; absent: the regime itself, or the hotline.</summary>
    public string? Organism { get; init; }

    /// <summary>In one line.</summary>
    public required string Title { get; init; }

    /// <summary>CommonMark without HTML; may be empty for an interruption.</summary>
    public required string Markdown { get; init; }

    /// <summary>UTC; shown in Europe/Paris.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>UTC; absent: no end is known.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Not shown to readers any more.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Number of what is shown.</summary>
    public required int Version { get; init; }
}

/// <summary>What is to be announced.</summary>
public sealed record AnnouncementText
{
    /// <summary>UUIDv7 of the caller's choice: sent again, it is announced once.</summary>
    public Guid? Id { get; init; }

    /// <summary>What; of a change, as it was.</summary>
    public required AnnouncementKind Kind { get; init; }

    /// <summary>Id of the regime. Of a regime's staff their own, which may be left out; absent from the hotline: the whole service.</summary>
    public string? Regime { get; init; }

    /// <summary>1 to 150 characters.</summary>
    public required string Title { get; init; }

    /// <summary>At most 20,000 characters of CommonMark; may be empty for an interruption.</summary>
    public required string Markdown { get; init; }

    /// <summary>With its offset. Absent: now.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>With its offset, after <c>from</c>.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>An interruption of a regime of more than 72 hours is meant: the regime is not asked meanwhile.</summary>
    public bool ClosesLong { get; init; }

    /// <summary>Of a change: number of the version that its author saw.</summary>
    public int? Version { get; init; }

    /// <summary>Masked: until it was checked it may name a person.</summary>
    public override string ToString() => $"{nameof(AnnouncementText)} {Kind}";
}

/// <summary>What an announcement said, and who said it.</summary>
/// <param name="Said">All of it.</param>
/// <param name="By">Subject.</param>
/// <param name="Role">Role of them.</param>
public sealed record AnnouncementVersion(Announcement Said, string By, string Role);

/// <summary>Something was announced: told once at least, after it is durable. Whoever mails it reads it first: it may have been withdrawn.</summary>
/// <param name="Id">UUIDv7: whoever has it already does nothing.</param>
/// <param name="Announcement">Its id.</param>
/// <param name="Kind">What.</param>
/// <param name="Regime">Whose; absent: the whole service's.</param>
/// <param name="From">From when it concerns, UTC.</param>
/// <param name="At">UTC.</param>
public sealed record NewsPublished(Guid Id, Guid Announcement, AnnouncementKind Kind, string? Regime, DateTimeOffset From, DateTimeOffset At);

/// <summary>An interruption of a whole regime was announced, changed or withdrawn: told once at least, after it is durable. What comes later stands for what came before, in whatever order it is heard.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Announcement">Its id.</param>
/// <param name="Version">Number of what it says, from 1.</param>
/// <param name="Regime">Id of the regime that does not answer meanwhile.</param>
/// <param name="From">UTC.</param>
/// <param name="To">UTC; absent: no end is known.</param>
/// <param name="Withdrawn">It does not take place.</param>
/// <param name="At">When this was said, UTC: of an announcement what was said last holds. Told once more it is the same instant.</param>
public sealed record DowntimeAnnounced(Guid Id, Guid Announcement, int Version, string Regime, DateTimeOffset From, DateTimeOffset? To, bool Withdrawn, DateTimeOffset At);
