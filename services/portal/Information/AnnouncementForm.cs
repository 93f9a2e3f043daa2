using Cdr.Contracts.Support;

namespace Cdr.Portal.Information;

/// <summary>What is typed of an announcement.</summary>
internal sealed class AnnouncementForm
{
    /// <value>The form's: sent again after a silence it announces once.</value>
    public required Guid Id { get; init; }

    /// <value>What is changed; null: a new one.</value>
    public Announcement? Changes { get; init; }

    public AnnouncementKind Kind { get; set; }

    public string Regime { get; set; } = "";

    public string Title { get; set; } = "";

    public string Markdown { get; set; } = "";

    public string From { get; set; } = "";

    public string To { get; set; } = "";

    /// <value>An interruption of more than 72 hours is meant.</value>
    public bool ClosesLong { get; set; }

    public static AnnouncementForm Of(Announcement one, Guid id) => new()
    {
        Id = id, Changes = one, Kind = one.Kind, Regime = one.Regime ?? "", Title = one.Title, Markdown = one.Markdown, From = ParisTime.Write(one.From), To = one.To is { } end ? ParisTime.Write(end) : "",
    };

    /// <summary>Keys of what is missing or wrong.</summary>
    public IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Title))
            yield return "AnnouncementTitleMissing";
        if (string.IsNullOrWhiteSpace(Markdown) && Kind != AnnouncementKind.Downtime)
            yield return "AnnouncementTextMissing";
        var (from, to) = (default(DateTimeOffset), default(DateTimeOffset));
        if (From.Length > 0 && !ParisTime.TryRead(From, out from))
            yield return "AnnouncementFromWrong";
        if (To.Length > 0 && !ParisTime.TryRead(To, out to))
            yield return "AnnouncementToWrong";
        else if (From.Length > 0 && To.Length > 0 && to <= from)
            yield return "AnnouncementEndsFirst";
    }

    public AnnouncementText ToText() => new()
    {
        Id = Changes is null ? Id : null, Version = Changes?.Version, Kind = Kind, Regime = Regime.Length == 0 ? null : Regime, Title = Title.Trim(), Markdown = Markdown.Trim(), ClosesLong = ClosesLong,
        From = ParisTime.TryRead(From, out var from) ? from : null, To = ParisTime.TryRead(To, out var to) ? to : null,
    };
}
