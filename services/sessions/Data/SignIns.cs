using Cdr.Contracts.Sessions;

namespace Cdr.Sessions.Data;

/// <summary>Bytes to sign, once.</summary>
internal sealed class IssuedChallenge
{
    public required Guid Id { get; init; }

    public required byte[] Nonce { get; init; }

    /// <summary>SHA-256 of the agent's key, OS session and purpose: another agent cannot answer for it.</summary>
    public required byte[] Agent { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>A card that proved itself, until the browser redeems it.</summary>
internal sealed class OneTimeTicket
{
    /// <summary>SHA-256; the ticket itself is kept nowhere.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Id that the session will have: its agent speaks of it before it is redeemed.</summary>
    public required Guid SessionId { get; init; }

    public required Guid PersonId { get; init; }

    public required ProvenCard Card { get; init; }

    /// <summary>What the agent reported of its post, JSON: kept with the establishment that is chosen. Null where there is no post.</summary>
    public string? Report { get; init; }

    /// <summary>Family of the card, with a report.</summary>
    public string? Pki { get; init; }

    /// <summary>However long the terms of use are read or an activity is chosen, it does not outlive this by more than they allow.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    public Person? Person { get; init; }
}

/// <summary>The card behind a ticket or a session: what tells later that it was revoked or that it ended.</summary>
internal sealed class ProvenCard
{
    public required string Kind { get; init; }

    /// <summary>SHA-256 of the issuer's certificate, hexadecimal; a provider's id where it vouched instead of a card.</summary>
    public required string Issuer { get; init; }

    public required string Serial { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>As <see cref="IssuedChallenge.Agent"/>.</summary>
    public required byte[] Agent { get; init; }

    /// <summary>SubjectPublicKeyInfo of the agent's key: its statements about the card are signed by it. Empty on what was signed in before agents said anything.</summary>
    public required byte[] AgentKey { get; init; }

    /// <summary>Which insertion of a card it was for that agent.</summary>
    public required long Insertion { get; init; }

    /// <summary>False where a provider vouched: its id is shorter than a hash.</summary>
    public bool HasCertificate => Issuer.Length == IssuerLength;

    /// <summary>SHA-256 in hexadecimal.</summary>
    public const int IssuerLength = 64;
}

/// <summary>A session: the truth, of which the shared state keeps a copy.</summary>
internal sealed class CardSession
{
    public required Guid Id { get; init; }

    public required Guid PersonId { get; init; }

    public required Guid HabilitationId { get; init; }

    public required ProvenCard Card { get; init; }

    /// <summary>SHA-256 of the ticket it came from: who handed the card in can end it without a token.</summary>
    public required byte[] Ticket { get; init; }

    /// <summary>SHA-256 of the renewal secret.</summary>
    public required byte[] Renewal { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset SeenAt { get; set; }

    /// <summary>At the latest.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>One of <see cref="SessionEnds"/>.</summary>
    public string? EndedBecause { get; set; }

    /// <summary>When the copy that says "ended" is to be written (again); null when it was.</summary>
    public DateTimeOffset? CopyDueAt { get; set; }

    public Person? Person { get; init; }

    public Habilitation? Habilitation { get; init; }
}
