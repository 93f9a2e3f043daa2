using System.ComponentModel.DataAnnotations;

namespace Cdr.Sessions.Presence;

/// <summary>How a session is bound to its card.</summary>
internal sealed class PresenceOptions
{
    public const string Section = "Sessions:Presence";

    /// <value>Between two heartbeats. Default 25 s: 5,000 posts are 200 a second. One that nobody answers is repeated by the agent after 3 to 7 s. Two fit into <see cref="Lost"/>.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(25);

    /// <value>A session whose agent was not heard for this long is over. Default 60 s.</value>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan Lost { get; init; } = TimeSpan.FromSeconds(60);

    /// <value>What a newer session ends elsewhere. Default: those of the same card, which can only be in one reader. Cards of the drawer are in many.</value>
    public Elsewhere Elsewhere { get; init; } = Elsewhere.SameCard;
}

/// <summary>Which sessions of a person end when they sign in on another post.</summary>
internal enum Elsewhere
{
    /// <summary>None.</summary>
    Stays,

    /// <summary>Those of the same card.</summary>
    SameCard,

    /// <summary>All: one person, one session.</summary>
    Ends,
}
