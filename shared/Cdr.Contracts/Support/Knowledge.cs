using System.Text.Json.Serialization;

namespace Cdr.Contracts.Support;

/// <summary>What an article is about.</summary>
[JsonConverter(typeof(WireName<ArticleTopic>))]
public enum ArticleTopic
{
    /// <summary>What a workstation must have.</summary>
    Prerequisites,

    /// <summary>The card of the person who asks.</summary>
    Card,

    /// <summary>What reads it.</summary>
    Reader,

    /// <summary>The library that speaks with it.</summary>
    Cryptolib,

    /// <summary>These pages.</summary>
    Portal,

    /// <summary>The patient and their rights.</summary>
    Patient,

    /// <summary>The regimes.</summary>
    Regimes,
}

/// <summary>Who sees an article.</summary>
[JsonConverter(typeof(WireName<ArticleState>))]
public enum ArticleState
{
    /// <summary>Never published yet.</summary>
    Draft,

    /// <summary>Everybody who is signed in.</summary>
    Published,

    /// <summary>Not any more.</summary>
    Withdrawn,
}

/// <summary>What was done to an article.</summary>
[JsonConverter(typeof(WireName<ArticleAction>))]
public enum ArticleAction
{
    /// <summary>A version was written.</summary>
    Written,

    /// <summary>A version was published.</summary>
    Published,

    /// <summary>It was withdrawn.</summary>
    Withdrawn,
}

/// <summary>An article in a list.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Topic">What about.</param>
/// <param name="State">Who sees it.</param>
/// <param name="Title">In one line.</param>
/// <param name="UpdatedAt">When that was published, or written where nothing is; UTC.</param>
/// <param name="Votes">For the hotline; absent for others.</param>
public sealed record ArticleLine(Guid Id, ArticleTopic Topic, ArticleState State, string Title, DateTimeOffset UpdatedAt, ArticleVotes? Votes);

/// <summary>How often a version was said to help.</summary>
/// <param name="Helped">Yes.</param>
/// <param name="Not">No.</param>
public sealed record ArticleVotes(int Helped, int Not);

/// <summary>Words to look for: in a body, for people type what should be in no address.</summary>
/// <param name="Words">1 to 200 characters.</param>
public sealed record ArticleSearch(string Words)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(ArticleSearch);
}

/// <summary>A ticket before it is sent.</summary>
public sealed record ArticleHint
{
    /// <summary>What it is about.</summary>
    public required TicketKind Kind { get; init; }

    /// <summary>As typed so far.</summary>
    public string? Title { get; init; }

    /// <summary>As typed so far.</summary>
    public string? Text { get; init; }

    /// <summary>Masked: words of a clerk may name a person.</summary>
    public override string ToString() => $"{nameof(ArticleHint)} {Kind}";
}

/// <summary>An article as it is read.</summary>
public sealed record Article
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What about.</summary>
    public required ArticleTopic Topic { get; init; }

    /// <summary>Who sees it.</summary>
    public required ArticleState State { get; init; }

    /// <summary>In one line.</summary>
    public required string Title { get; init; }

    /// <summary>CommonMark without HTML; links to <c>http</c>, <c>https</c> or a path of this site.</summary>
    public required string Markdown { get; init; }

    /// <summary>Number of what is shown.</summary>
    public required int Version { get; init; }

    /// <summary>Number of the newest version, which may be unpublished; for the hotline, otherwise what is shown.</summary>
    public required int Latest { get; init; }

    /// <summary>When what is shown was written, UTC.</summary>
    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>Whether it helped the caller; absent where they did not say.</summary>
    public bool? Helped { get; init; }

    /// <summary>For the hotline: made of a ticket, and so to be read before it is published.</summary>
    public bool OfTicket { get; init; }
}

/// <summary>A text of an article.</summary>
public sealed record ArticleText
{
    /// <summary>What about.</summary>
    public required ArticleTopic Topic { get; init; }

    /// <summary>1 to 150 characters.</summary>
    public required string Title { get; init; }

    /// <summary>1 to 20,000 characters of CommonMark.</summary>
    public required string Markdown { get; init; }

    /// <summary>Of an edit: number of the newest version that its author saw.</summary>
    public int? Latest { get; init; }

    /// <summary>Masked: until it was checked it may name a person.</summary>
    public override string ToString() => $"{nameof(ArticleText)} {Topic}";
}

/// <summary>Publishes.</summary>
/// <param name="Version">The newest one, or an earlier one to be published anew.</param>
/// <param name="Latest">Number of the newest version that the caller saw: 409 where there is another meanwhile.</param>
/// <param name="Read">The caller has read it to its end and found nobody named in it.</param>
public sealed record ArticlePublication(int Version, int Latest, bool Read);

/// <summary>A solved ticket.</summary>
/// <param name="Ticket">Its id.</param>
public sealed record ArticleOfTicket(Guid Ticket);

/// <summary>A vote.</summary>
/// <param name="Version">Of which version.</param>
/// <param name="Helped">Whether it helped.</param>
public sealed record ArticleVote(int Version, bool Helped);

/// <summary>What became of an article.</summary>
/// <param name="Versions">The newest first.</param>
/// <param name="Acts">The newest first.</param>
public sealed record ArticleHistory(IReadOnlyList<ArticleVersion> Versions, IReadOnlyList<ArticleAct> Acts);

/// <summary>A version: never changed.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Topic">What about.</param>
/// <param name="Title">In one line.</param>
/// <param name="Markdown">The text.</param>
/// <param name="At">UTC.</param>
/// <param name="By">Subject of who wrote it; <c>cdr</c>: it came with the service.</param>
/// <param name="Restores">The earlier version that it is again.</param>
/// <param name="Votes">What readers said.</param>
public sealed record ArticleVersion(int Number, ArticleTopic Topic, string Title, string Markdown, DateTimeOffset At, string By, int? Restores, ArticleVotes Votes);

/// <summary>Something done to an article.</summary>
/// <param name="Action">What.</param>
/// <param name="Version">Which version.</param>
/// <param name="At">UTC.</param>
/// <param name="By">Subject.</param>
public sealed record ArticleAct(ArticleAction Action, int Version, DateTimeOffset At, string By);
