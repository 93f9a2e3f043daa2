using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Cdr.Contracts.Support;

/// <summary>What a ticket came of, as who solves it says. Plain: it names nobody.</summary>
/// <param name="Code">Stable; statistics are by it.</param>
/// <param name="Label">For people.</param>
/// <param name="Kind">Of such tickets alone; absent: of all.</param>
/// <param name="From">First day on which a ticket may be solved with it, Europe/Paris.</param>
/// <param name="To">Last day; absent: no end is known.</param>
/// <param name="OfIncident">That of tickets which are solved with their incident; of several the first.</param>
/// <param name="Version">0: as it came with the service.</param>
public sealed record TicketCause(string Code, string Label, TicketKind? Kind, DateOnly From, DateOnly? To, bool OfIncident, int Version)
{
    /// <summary>Whether a ticket may be solved with it.</summary>
    /// <param name="kind">What the ticket is about.</param>
    /// <param name="day">Europe/Paris.</param>
    public bool Holds(TicketKind kind, DateOnly day) => (Kind is null || Kind == kind) && From <= day && (To is null || To >= day);
}

/// <summary>How the code of a cause is written. It stands in addresses and for ever, and so holds no number of anybody.</summary>
public static partial class CauseCode
{
    /// <summary>A small letter, then 1 to 39 small letters, digits or dashes; of digits eight at most.</summary>
    /// <param name="code">As it was typed.</param>
    public static bool IsWellFormed(string code) => Written().IsMatch(code);

    [GeneratedRegex("^(?!(?:[^0-9]*[0-9]){9})[a-z][a-z0-9-]{1,39}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}

/// <summary>A cause as it is to be.</summary>
public sealed record CauseText
{
    /// <summary>1 to 100 characters.</summary>
    public required string Label { get; init; }

    /// <summary>Of such tickets alone.</summary>
    public TicketKind? Kind { get; init; }

    /// <summary>First day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day, not before the first.</summary>
    public DateOnly? To { get; init; }

    /// <summary>That of tickets which are solved with their incident.</summary>
    public bool OfIncident { get; init; }

    /// <summary>Number of the version that its author saw; 0 for a new one, and for one that is as it came.</summary>
    public int Version { get; init; }

    /// <summary>Masked: until it was checked it may name a person.</summary>
    public override string ToString() => nameof(CauseText);
}

/// <summary>What a cause was, and who said so.</summary>
/// <param name="Said">All of it.</param>
/// <param name="At">UTC.</param>
/// <param name="By">Subject.</param>
public sealed record CauseVersion(TicketCause Said, DateTimeOffset At, string By);

/// <summary>What a template is for.</summary>
[JsonConverter(typeof(WireName<TemplateUse>))]
public enum TemplateUse
{
    /// <summary>What the hotline replies, or asks.</summary>
    Reply,

    /// <summary>Subject and words of a ticket that it opens for who calls.</summary>
    Ticket,
}

/// <summary>A text that is written often. Plain: it names nobody.</summary>
public sealed record TicketTemplate
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is for.</summary>
    public required TemplateUse Use { get; init; }

    /// <summary>Of such tickets alone; absent: of all.</summary>
    public TicketKind? Kind { get; init; }

    /// <summary>As articles have them; absent: none.</summary>
    public ArticleTopic? Topic { get; init; }

    /// <summary>In one line; of a ticket its subject.</summary>
    public required string Title { get; init; }

    /// <summary>The words.</summary>
    public required string Text { get; init; }

    /// <summary>Not offered any more.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>From 1.</summary>
    public required int Version { get; init; }

    /// <summary>Whether it is offered.</summary>
    /// <param name="use">What it would be for.</param>
    /// <param name="kind">What the ticket is about.</param>
    public bool Offers(TemplateUse use, TicketKind kind) => !Withdrawn && Use == use && (Kind is null || Kind == kind);
}

/// <summary>A template as it is to be.</summary>
public sealed record TemplateText
{
    /// <summary>What it is for.</summary>
    public required TemplateUse Use { get; init; }

    /// <summary>Of such tickets alone.</summary>
    public TicketKind? Kind { get; init; }

    /// <summary>As articles have them.</summary>
    public ArticleTopic? Topic { get; init; }

    /// <summary>1 to 150 characters.</summary>
    public required string Title { get; init; }

    /// <summary>1 to 20,000 characters.</summary>
    public required string Text { get; init; }

    /// <summary>Not offered any more.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>Number of the version that its author saw; 0 for a new one.</summary>
    public int Version { get; init; }

    /// <summary>Masked: until it was checked it may name a person.</summary>
    public override string ToString() => $"{nameof(TemplateText)} {Use}";
}

/// <summary>What a template was, and who wrote it.</summary>
/// <param name="Said">All of it.</param>
/// <param name="By">Subject.</param>
public sealed record TemplateVersion(TicketTemplate Said, string By);
