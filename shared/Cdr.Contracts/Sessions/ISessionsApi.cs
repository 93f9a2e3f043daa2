using Refit;

namespace Cdr.Contracts.Sessions;

/// <summary>From a card to a session. The order: challenge, opening (the agent), redemption (the browser), tokens, end.</summary>
public interface ISessionsApi
{
    /// <summary>Asks for 32 fresh bytes to sign. Single use, 120 s.</summary>
    [Post("/api/sessions/challenges")]
    Task<Challenge> ChallengeAsync([Body] ChallengeRequest request, CancellationToken cancellationToken);

    /// <summary>Hands in the card's signature. 200 a one-time ticket; 403 the card opens nothing, and <c>code</c> says why.</summary>
    [Post("/api/sessions/openings")]
    Task<Opening> OpenAsync([Body] OpeningRequest request, CancellationToken cancellationToken);

    /// <summary>The terms of use in force: always readable.</summary>
    [Get("/api/sessions/terms")]
    Task<TermsOfUse> TermsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Turns the ticket into a session. 409 <c>activity-required</c>: an activity must be chosen first, the ticket stays good for two minutes. 409
    /// <c>terms-required</c>, with <c>version</c>: the terms of use are to be read and accepted, the ticket stays good for ten minutes.
    /// </summary>
    [Post("/api/sessions")]
    Task<SessionGrant> RedeemAsync([Body] RedemptionRequest request, CancellationToken cancellationToken);

    /// <summary>A new token for a live session; 401 when it ended.</summary>
    [Post("/api/sessions/{id}/tokens")]
    Task<AccessToken> RenewAsync(Guid id, [Body] RenewalRequest request, CancellationToken cancellationToken);

    /// <summary>Ends the session everywhere. Idempotent.</summary>
    [Delete("/api/sessions/{id}")]
    Task EndAsync(Guid id, [Header("Authorization")] string authorization, CancellationToken cancellationToken);

    /// <summary>The agent saw the card leave: ends the session of the ticket it handed in, without a token. Idempotent.</summary>
    [Post("/api/sessions/withdrawals")]
    Task WithdrawAsync([Body] WithdrawalRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// The agent's heartbeat (<c>present</c>), each <see cref="Opening.Heartbeat"/>. <c>doubtful</c>: its reader is silent, and until the next
    /// heartbeat nothing of the session is shown or answered. Every other kind ends the session everywhere at once.
    /// 403 <c>agent-signature-wrong</c>; 409 <c>statement-replayed</c>; 503: say it again in a moment.
    /// </summary>
    [Post("/api/sessions/presence")]
    Task<PresenceAnswer> StateAsync([Body] AgentStatement statement, CancellationToken cancellationToken);
}

/// <summary>For services only.</summary>
public interface ISessionLivenessApi
{
    /// <summary>Whether the session is alive now, from the database.</summary>
    [Get("/internal/sessions/{id}")]
    Task<SessionLiveness> LivenessAsync(Guid id, CancellationToken cancellationToken);
}

/// <summary>A service obtains its token.</summary>
public interface IServiceTokensApi
{
    /// <summary><c>private_key_jwt</c> (RFC 7523): the assertion is signed ES256 by the service's key; iss = sub = its name, aud = <c>cdr-sessions</c>, jti, exp within 60 s.</summary>
    [Post("/api/sessions/service-tokens")]
    Task<AccessToken> ServiceTokenAsync([Body] ServiceTokenRequest request, CancellationToken cancellationToken);
}

/// <summary>What the agent says of itself before the challenge.</summary>
/// <param name="AgentKey">The agent's own public key (P-256), SubjectPublicKeyInfo, base64url.</param>
/// <param name="OsSession">Opaque id of the operating system's session.</param>
/// <param name="Purpose">Only <c>sign-in</c> today.</param>
public sealed record ChallengeRequest(string AgentKey, string OsSession, string Purpose);

/// <summary>What to sign: « CDR-AUTH-1 », origin, nonce, agent key, OS session, purpose, algorithm, each with its length before it (u16, big-endian).</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Origin">The platform's own, told by the server: a page cannot choose it.</param>
/// <param name="Nonce">32 bytes, base64url.</param>
/// <param name="Algorithms">Accepted, the preferred first: RS256, then PS256 for the cards that sign it (CPS4).</param>
/// <param name="ExpiresAt">UTC.</param>
public sealed record Challenge(Guid Id, string Origin, string Nonce, IReadOnlyList<string> Algorithms, DateTimeOffset ExpiresAt);

/// <summary>The signature, and what the server needs to build the signed value again.</summary>
/// <param name="Challenge">Id of the challenge.</param>
/// <param name="AgentKey">As in the challenge request.</param>
/// <param name="OsSession">As in the challenge request.</param>
/// <param name="Purpose">As in the challenge request.</param>
/// <param name="Algorithm">RS256 or PS256.</param>
/// <param name="Certificate">The authentication certificate, DER, base64.</param>
/// <param name="Signature">The card's, base64url.</param>
/// <param name="Presence">Kind <c>present</c>, about the challenge's id: the agent holds its key, this is the insertion that the session is bound to, and <paramref name="Post"/> is what it found.</param>
/// <param name="Post">What the agent found on its post. 403 <c>post-report-missing</c> without one, where the policy of the day refuses some posts.</param>
/// <param name="PostSecret">With a report: the secret whose hash is the post's id, base64url, 16 to 64 bytes. Never kept.</param>
public sealed record OpeningRequest(
    Guid Challenge,
    string AgentKey,
    string OsSession,
    string Purpose,
    string Algorithm,
    string Certificate,
    string Signature,
    AgentStatement? Presence = null,
    PostReport? Post = null,
    string? PostSecret = null)
{
    /// <summary>Masked: a certificate, a secret.</summary>
    public override string ToString() => $"{nameof(OpeningRequest)} {Challenge}";
}

/// <summary>A one-time ticket (30 s; longer once its holder is asked to choose or to accept), and the activities its holder may choose from.</summary>
/// <param name="Ticket">For the browser.</param>
/// <param name="ExpiresAt">UTC.</param>
/// <param name="Activities">To choose from.</param>
/// <param name="Session">Id that the session will have: the agent's statements are about it.</param>
/// <param name="Heartbeat">Seconds between two heartbeats. A session ends 60 s after the last one.</param>
/// <param name="Warnings">What is wrong with the post, for its window; null or empty: nothing.</param>
public sealed record Opening(
    string Ticket,
    DateTimeOffset ExpiresAt,
    IReadOnlyList<Activity> Activities,
    Guid Session,
    int Heartbeat,
    IReadOnlyList<PostWarning>? Warnings = null);

/// <summary>One thing the holder may act as: a role, in an establishment where the role has one.</summary>
/// <param name="Id">To be given back in the redemption.</param>
/// <param name="Role">One of <see cref="CdrRoles"/>.</param>
/// <param name="Label">What a person reads: « Admissions — Hôpital …».</param>
/// <param name="Finess">FINESS géographique, or null.</param>
/// <param name="Establishment">Its name, or null.</param>
/// <param name="Unit">Unit, or null.</param>
/// <param name="Function">Function, or null.</param>
public sealed record Activity(Guid Id, string Role, string Label, string? Finess, string? Establishment, string? Unit, string? Function);

/// <summary>The ticket, and the chosen activity when there are several.</summary>
/// <param name="Ticket">One-time.</param>
/// <param name="Activity">One of the opening's.</param>
/// <param name="Terms">Version of the terms of use that the holder accepts now; once a version.</param>
public sealed record RedemptionRequest(string Ticket, Guid? Activity, string? Terms = null);

/// <summary>Terms of use.</summary>
/// <param name="Version">Null: this installation has none.</param>
/// <param name="Text">Plain text, in French.</param>
public sealed record TermsOfUse(string? Version, string Text);

/// <summary>A live session.</summary>
/// <param name="Session">UUIDv7.</param>
/// <param name="Token">The first token.</param>
/// <param name="Renewal">Secret that obtains the next ones; kept by the portal, never by a page.</param>
/// <param name="Holder">The holder's name, for their own screen.</param>
/// <param name="Activity">What they act as.</param>
/// <param name="Warnings">What is wrong with the post, for the person before it; null or empty: nothing.</param>
public sealed record SessionGrant(Guid Session, AccessToken Token, string Renewal, string Holder, Activity Activity, IReadOnlyList<PostWarning>? Warnings = null)
{
    /// <summary>Masked: holds secrets.</summary>
    public override string ToString() => $"{nameof(SessionGrant)} {Session}";
}

/// <summary>A token and its end, UTC.</summary>
public sealed record AccessToken(string Value, DateTimeOffset ExpiresAt)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(AccessToken);
}

/// <summary>The session's renewal secret.</summary>
public sealed record RenewalRequest(string Renewal)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(RenewalRequest);
}

/// <summary>A client assertion.</summary>
public sealed record ServiceTokenRequest(string Assertion)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(ServiceTokenRequest);
}

/// <summary>Alive, or ended and why: one of <see cref="SessionEnds"/>.</summary>
public sealed record SessionLiveness(bool Alive, string? EndedBecause);

/// <summary>The ticket of the card that was withdrawn: it ends its session, whether redeemed already or not.</summary>
public sealed record WithdrawalRequest(string Ticket)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(WithdrawalRequest);
}
