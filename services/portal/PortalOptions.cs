using System.ComponentModel.DataAnnotations;

namespace Cdr.Portal;

/// <summary>What an instance says of itself on its pages, and how the pages behave.</summary>
internal sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <value>
    /// How often an open page asks whether its session is still alive: one read of the shared state. Default 0.5 s: a card that is withdrawn
    /// hides its page within a second.
    /// </value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan SessionCheck { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <value>
    /// How often an open question page looks at the regimes' states: what it says before the click is of that moment. So
    /// often, more or less by half, the regimes' board tries again to follow them once it lost them. Default 15 s.
    /// </value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RegimesCheck { get; init; } = TimeSpan.FromSeconds(15);

    /// <value>How often an open page of files of questions looks how far they are, while one is under way. Default 3 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan BatchesCheck { get; init; } = TimeSpan.FromSeconds(3);

    /// <value>How often an open page of the live load looks again. Default 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan UsageCheck { get; init; } = TimeSpan.FromSeconds(10);

    /// <value>How often an open ticket asks who else has it before them, and whether it changed. Default 5 s: Support forgets who looked after 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:15")]
    public TimeSpan TicketsCheck { get; init; } = TimeSpan.FromSeconds(5);

    /// <value>How often an open page asks whether its bell rang. Default 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan NoticesCheck { get; init; } = TimeSpan.FromSeconds(30);

    /// <value>How long a form that was being typed when the session ended waits for the same person, sealed. Default 15 min.</value>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan DraftLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <value>
    /// How long nobody may touch a page that shows a person before it is covered, until somebody does: a card may stay in its reader while
    /// the next patient stands at the desk. Default 2 min.
    /// </value>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan CoverAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <value>Cookies are sent over TLS only. Default true; false where the pages are served without it, on one's own machine.</value>
    public bool SecureCookie { get; init; } = true;

    /// <value>The hotline, as the help page shows it.</value>
    public HotlineOptions Hotline { get; init; } = new();
}

/// <summary>One hotline for all regimes.</summary>
internal sealed class HotlineOptions
{
    /// <value>Address; not shown when absent.</value>
    public string? Email { get; init; }

    /// <value>Number; not shown when absent.</value>
    public string? Phone { get; init; }

    /// <value>Opening hours, one line each, as they are to be read. The portal has a default text when absent.</value>
    public IReadOnlyList<string>? Hours { get; init; }
}
