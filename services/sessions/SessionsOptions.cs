using System.ComponentModel.DataAnnotations;

namespace Cdr.Sessions;

/// <summary>How sessions begin, last and end.</summary>
internal sealed class SessionsOptions
{
    public const string Section = "Sessions";

    /// <value>The platform's public origin, <c>https://cdr.example.fr</c>: part of what a card signs. No default.</value>
    [Required, Url]
    public string Origin { get; init; } = "";

    /// <value>Default 120 s, the longest the protocol allows.</value>
    [Range(typeof(TimeSpan), "00:00:05", "00:02:00")]
    public TimeSpan ChallengeLifetime { get; init; } = TimeSpan.FromSeconds(120);

    /// <value>Default 30 s, the longest the protocol allows.</value>
    [Range(typeof(TimeSpan), "00:00:05", "00:00:30")]
    public TimeSpan TicketLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <value>How long a ticket waits for a holder of several activities to choose one, from its issue and however often it is tried. Default 2 min: the card stays inserted meanwhile.</value>
    [Range(typeof(TimeSpan), "00:00:30", "00:10:00")]
    public TimeSpan ChoiceTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <value>Default 12 h: a night shift and its handover.</value>
    [Range(typeof(TimeSpan), "00:05:00", "1.00:00:00")]
    public TimeSpan MaximumLife { get; init; } = TimeSpan.FromHours(12);

    /// <value>A session nobody used for this long ends. Default 1 h; zero: never for that reason.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan IdleEnd { get; init; } = TimeSpan.FromHours(1);

    /// <value>Directory of establishments, people and grants, JSON; imported at start and each time the file changes. Default none: the database is kept as it is.</value>
    public string? DirectoryFile { get; init; }

    /// <value>Requests a minute and client on challenges, openings and tickets; and, each kind apart, on what otherwise proves nothing before the database is asked, a quarter of it under one name of software. Default 1,200: a whole hospital can sit behind one address.</value>
    [Range(10, 1_000_000)]
    public int AnonymousRequestsPerMinute { get; init; } = 1_200;

    /// <value>Addresses or networks (<c>10.0.3.7</c>, <c>10.0.3.0/24</c>) of the portal and of what stands before it: only they are believed when they name their client in <c>X-Forwarded-For</c>. Default none; this machine is always believed.</value>
    public string[] KnownProxies { get; init; } = [];
}
