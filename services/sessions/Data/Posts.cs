namespace Cdr.Sessions.Data;

/// <summary>A workstation, as its agent last reported it for an establishment.</summary>
internal sealed class Post
{
    public required Guid Id { get; init; }

    /// <summary>The report's <c>Post</c>: several establishments may share one, a Citrix host of their group's.</summary>
    public required string Reference { get; init; }

    /// <summary>Of the session that it opened; null for roles that have none.</summary>
    public required string? EstablishmentFiness { get; init; }

    public string? Label { get; set; }

    public required DateTimeOffset ReportedAt { get; set; }

    /// <summary>The report, JSON.</summary>
    public required string Report { get; set; }

    public Establishment? Establishment { get; init; }

    public List<PostCard> Cards { get; } = [];
}

/// <summary>Cards of which PKI a post was used with.</summary>
internal sealed class PostCard
{
    public required Guid PostId { get; init; }

    public required string Pki { get; init; }

    public required DateTimeOffset SeenAt { get; set; }
}
