using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.Client;

/// <summary>A registered software client, the establishment it asks for, and the human it asks on behalf of.</summary>
public sealed class SoftwareCredentials
{
    /// <summary>Its id, as registered.</summary>
    public required string Client { get; init; }

    /// <summary>FINESS géographique.</summary>
    public required string Finess { get; init; }

    /// <summary>Code of the unit they ask from; null when none.</summary>
    public string? Unit { get; init; }

    /// <summary>The human, by national identifier with its prefix: <c>8</c> and the RPPS…</summary>
    public string? NationalIdentifier { get; init; }

    /// <summary>The human, by their account at the hospital.</summary>
    public string? LocalIdentifier { get; init; }

    /// <summary>Proves the client: RSA of 2048 bits or more, or ECDSA P-256. Null with mutual TLS, where the connection proves it.</summary>
    public AsymmetricAlgorithm? Key { get; init; }

    /// <summary>The organisation's certificate, where <see cref="Key"/> is its own and a proxy ends TLS; null for a registered key.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Address in assertions, where CDR's public one is not the one called.</summary>
    public Uri? Audience { get; init; }
}
