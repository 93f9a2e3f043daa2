namespace Cdr.Sessions.Data;

/// <summary>A workstation, as its agent last reported it.</summary>
internal sealed class Post
{
    public required string Id { get; init; }

    /// <summary>Of the last session that it opened; null until somebody chose an activity there.</summary>
    public string? EstablishmentFiness { get; set; }

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
    public required string PostId { get; init; }

    public required string Pki { get; init; }

    public required DateTimeOffset SeenAt { get; set; }
}
