namespace Cdr.Sessions.Data;

/// <summary>A key that signs tokens: published first, signing then, published still until its last token is over.</summary>
internal sealed class SigningKey
{
    public required string Id { get; init; }

    /// <summary>SubjectPublicKeyInfo.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>PKCS#8, sealed.</summary>
    public required byte[] PrivateKey { get; init; }

    public required DateTimeOffset SignsFrom { get; init; }

    /// <summary>Set when the next one is made.</summary>
    public DateTimeOffset? PublishedUntil { get; set; }
}

/// <summary>An assertion of a service, spent.</summary>
internal sealed class SpentAssertion
{
    /// <summary>SHA-256 of the service's name and the assertion's <c>jti</c>.</summary>
    public required byte[] Id { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
