using Refit;

namespace Cdr.Contracts.Sessions;

/// <summary>A hospital's software obtains its tokens.</summary>
public interface ISoftwareTokensApi
{
    /// <summary>
    /// A token of kind <c>software</c>, role clerk, for one establishment, five minutes. The client proves itself by mutual TLS with its
    /// organisation's certificate, or by <see cref="SoftwareTokenRequest.Assertion"/> where a proxy ends TLS. 401: not proven, revoked or withdrawn; 403: not its establishment.
    /// </summary>
    [Post("/api/sessions/software-tokens")]
    Task<AccessToken> SoftwareTokenAsync([Body] SoftwareTokenRequest request, CancellationToken cancellationToken);
}

/// <summary>Software clients, for administrators; a referent sees and closes those of their own establishment.</summary>
public interface ISoftwareClientsApi
{
    /// <summary>The clients that the caller administers.</summary>
    [Get("/api/sessions/software-clients")]
    Task<IReadOnlyList<SoftwareView>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Registers a client, or changes it. 409 once it was withdrawn.</summary>
    [Put("/api/sessions/software-clients/{id}")]
    Task<SoftwareView> RegisterAsync(string id, [Body] SoftwareRegistration registration, CancellationToken cancellationToken);

    /// <summary>Withdraws a client, for good: its sessions end at once. Idempotent.</summary>
    [Delete("/api/sessions/software-clients/{id}")]
    Task WithdrawAsync(string id, CancellationToken cancellationToken);

    /// <summary>Closes one establishment to a client: its sessions there end at once. Idempotent.</summary>
    [Delete("/api/sessions/software-clients/{id}/establishments/{finess}")]
    Task WithdrawFromAsync(string id, string finess, CancellationToken cancellationToken);
}

/// <summary>What a hospital's software asks for.</summary>
/// <param name="Client">Its id, as registered.</param>
/// <param name="Finess">FINESS géographique of the establishment it asks for.</param>
/// <param name="OnBehalfOf">The human who asks.</param>
/// <param name="Unit">Code of the establishment's unit they ask from; null when none.</param>
/// <param name="Assertion"><c>private_key_jwt</c> (RFC 7523): iss = sub = the client, aud = this endpoint's public address, jti used once, exp within 60 s; RS256, PS256 or ES256, by the key of the certificate in <c>x5c</c> or by the registered one. Null with mutual TLS.</param>
public sealed record SoftwareTokenRequest(string Client, string Finess, OnBehalfOf OnBehalfOf, string? Unit = null, string? Assertion = null)
{
    /// <summary>Masked: it proves, and it names a human.</summary>
    public override string ToString() => $"{nameof(SoftwareTokenRequest)} {Client}";
}

/// <summary>The human for whom the software asks, by one of the two.</summary>
/// <param name="NationalIdentifier">With its prefix before it: 8 and the RPPS…</param>
/// <param name="LocalIdentifier">As the hospital itself calls them: their account, 1 to 64 characters. It must lead back to one person.</param>
public sealed record OnBehalfOf(string? NationalIdentifier = null, string? LocalIdentifier = null)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(OnBehalfOf);
}

/// <summary>How a client proves itself, and for whom it asks.</summary>
/// <param name="Name">In words, for the screens.</param>
/// <param name="Establishments">FINESS géographiques, of eligible categories.</param>
/// <param name="Structure">Structure's number on its certificate (OU), as written there. With <paramref name="CommonName"/>, or null.</param>
/// <param name="CommonName">Common name on its certificate.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo of its own key, PEM; RSA of 2048 bits or more, or P-256. Null: only a certificate proves it.</param>
/// <param name="From">First day.</param>
/// <param name="Until">Last day; null: until withdrawn.</param>
public sealed record SoftwareRegistration(
    string Name, IReadOnlyList<string> Establishments, string? Structure, string? CommonName, string? PublicKey, DateOnly From, DateOnly? Until);

/// <summary>A registered client.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">In words.</param>
/// <param name="Establishments">Those of them that the caller administers.</param>
/// <param name="Structure">Structure's number on its certificate, or null.</param>
/// <param name="CommonName">Common name on its certificate, or null.</param>
/// <param name="HasKey">Whether a key of its own is registered.</param>
/// <param name="From">First day.</param>
/// <param name="Until">Last day, or null.</param>
/// <param name="WithdrawnAt">UTC, or null.</param>
/// <param name="SeenAt">When it last obtained a token, UTC, or null.</param>
/// <param name="CertificateEndsAt">End of the certificate it last used, UTC, or null: nobody renews it by itself.</param>
public sealed record SoftwareView(
    string Id, string Name, IReadOnlyList<string> Establishments, string? Structure, string? CommonName, bool HasKey,
    DateOnly From, DateOnly? Until, DateTimeOffset? WithdrawnAt, DateTimeOffset? SeenAt, DateTimeOffset? CertificateEndsAt);
