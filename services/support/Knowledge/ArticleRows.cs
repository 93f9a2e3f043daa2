using Cdr.Contracts.Support;

namespace Cdr.Support.Knowledge;

/// <summary>Where an article is now: all of it follows from its versions and acts. Plain: an article names nobody.</summary>
internal sealed class ArticleRow
{
    public required Guid Id { get; init; }

    public required ArticleState State { get; set; }

    /// <value>Of what is shown: the published version, or the newest where none was ever published.</value>
    public required ArticleTopic Topic { get; set; }

    public required string Title { get; set; }

    /// <value>Number of the version that is, or was last, published.</value>
    public int? Published { get; set; }

    /// <value>Number of the newest version.</value>
    public required int Latest { get; set; }

    /// <value>Words of the published version, folded for the search; empty while none is.</value>
    public required string Words { get; set; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <value>Name of the file that it came from with the service: imported once, whatever becomes of it.</value>
    public string? Shipped { get; init; }

    /// <value>The ticket that it was made of.</value>
    public Guid? Ticket { get; init; }

    /// <value>Number of the last act.</value>
    public required int Acts { get; set; }
}

/// <summary>A version: only ever added.</summary>
internal sealed class ArticleVersionRow
{
    public required Guid Article { get; init; }

    public required int Number { get; init; }

    public required ArticleTopic Topic { get; init; }

    public required string Title { get; init; }

    public required string Markdown { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }

    public int? Restores { get; init; }
}

/// <summary>Something done to an article: only ever added.</summary>
internal sealed class ArticleActRow
{
    public required Guid Article { get; init; }

    public required int Number { get; init; }

    public required ArticleAction Action { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }
}

/// <summary>What somebody said of a version.</summary>
internal sealed class ArticleVoteRow
{
    public required Guid Article { get; init; }

    public required int Version { get; init; }

    public required string Subject { get; init; }

    public required bool Helped { get; set; }

    public required DateTimeOffset At { get; set; }
}
