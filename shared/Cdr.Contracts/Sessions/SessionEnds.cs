namespace Cdr.Contracts.Sessions;

/// <summary>Why a session ended: values of <see cref="SessionLiveness.EndedBecause"/>. A page has words for each.</summary>
public static class SessionEnds
{
    /// <summary>Its holder signed out, on the page or at the agent.</summary>
    public const string SignedOut = "signed-out";

    /// <summary>The card left the reader.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>The reader or its service stopped answering.</summary>
    public const string ReaderLost = "reader-lost";

    /// <summary>The operating system's session was locked.</summary>
    public const string Locked = "locked";

    /// <summary>The operating system's session ended, or the agent did.</summary>
    public const string LoggedOff = "logged-off";

    /// <summary>The agent was not heard for too long.</summary>
    public const string HeartbeatLost = "heartbeat-lost";

    /// <summary>A newer session of the same person took its place.</summary>
    public const string Replaced = "replaced";

    /// <summary>Its longest life, that of its card, or the longest idleness was over.</summary>
    public const string Expired = "expired";

    /// <summary>The role, the habilitation or the software was withdrawn.</summary>
    public const string Revoked = "revoked";

    /// <summary>The card is opposed: declared lost or stolen, or replaced by another.</summary>
    public const string CardOpposed = "card-opposed";

    /// <summary>The card's issuer is believed no more: revoked, ended, or taken out.</summary>
    public const string Untrusted = "untrusted";

    /// <summary>There is no such session.</summary>
    public const string Unknown = "unknown";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [SignedOut, Withdrawn, ReaderLost, Locked, LoggedOff, HeartbeatLost, Replaced, Expired, Revoked, CardOpposed, Untrusted, Unknown];
}
