using System.ComponentModel.DataAnnotations;

namespace Cdr.Sessions.Tokens;

/// <summary>Tokens and the keys that sign them.</summary>
internal sealed class TokenOptions
{
    public const string Section = "Sessions:Tokens";

    /// <value>Default 5 min: what a service may go on believing without asking.</value>
    [Range(typeof(TimeSpan), "00:01:00", "00:05:00")]
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <value>How long a key signs. Default 30 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "366.00:00:00")]
    public TimeSpan KeyLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <value>How long a key is published before it signs. Default 1 day: verifiers read the key set every twelve hours.</value>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")]
    public TimeSpan KeyAnnounced { get; init; } = TimeSpan.FromDays(1);
}
