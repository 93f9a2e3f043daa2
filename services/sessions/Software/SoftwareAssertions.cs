using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.Software;

/// <summary>
/// <c>private_key_jwt</c> (RFC 7523) where a proxy ends TLS: signed by the key of the certificate in <c>x5c</c>, or else by the client's
/// registered key. iss = sub = the client, aud = <see cref="Audience"/>, jti once, exp within 60 s.
/// </summary>
internal sealed class SoftwareAssertions(
    SoftwareCertificates certificates, IOptions<SessionsOptions> sessions, IOptions<TrustOptions> trust, TimeProvider clock)
{
    public const string Path = "/api/sessions/software-tokens";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);
    private static readonly SoftwareShown NotProven = new SoftwareShown.Refused(SoftwareRefusals.NotProven);
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>The token endpoint's own address: an assertion made for anybody else is worth nothing here.</summary>
    public string Audience => sessions.Value.Origin.TrimEnd('/') + Path;

    /// <summary>Without the database: what it claims, and by a certificate its signature too.</summary>
    public async Task<SoftwareShown> ShowAsync(string client, string assertion)
    {
        if (Read(assertion) is not { } token || !IsFor(client, token))
            return NotProven;
        using var certificate = CertificateOf(token, out var told);
        if (!told)
            return new SoftwareShown.ByKey(assertion, token.Id);
        // A certificate that was told but not understood is not replaced by a registered key.
        return certificate is not null && await IsSignedAsync(assertion, client, certificate.PublicKey.ExportSubjectPublicKeyInfo()) ? certificates.Show(certificate, token.Id) : NotProven;
    }

    /// <summary>The client is null where it is not known: answered alike.</summary>
    public async Task<SoftwareProof> ProveAsync(SessionsDb db, SoftwareClient? client, SoftwareShown shown, CancellationToken cancellationToken)
    {
        if (client is null)
            return new SoftwareProof.Refused(SoftwareRefusals.NotProven);
        var (proof, jti) = shown switch
        {
            SoftwareShown.ByCertificate by => (SoftwareCertificates.Prove(client, by.Certificate), by.Jti),
            SoftwareShown.ByKey by when client.PublicKey is { } key && await IsSignedAsync(by.Assertion, client.Id, key) => (new SoftwareProof.Proven(client, "", "", DateTimeOffset.MaxValue), by.Jti),
            _ => (new SoftwareProof.Refused(SoftwareRefusals.NotProven), null),
        };
        if (proof is SoftwareProof.Proven && jti is not null && !await SpendAsync(db, client.Id, jti, cancellationToken))
            return new SoftwareProof.Refused(SoftwareRefusals.Replayed);
        return proof;
    }

    /// <summary>SubjectPublicKeyInfo of a key that may sign assertions: P-256, or RSA of a size that is accepted.</summary>
    public static bool IsAcceptable(byte[] spki, int minimumBits)
    {
        using var key = AsymmetricKey(spki);
        return key is RSA rsa ? rsa.KeySize >= minimumBits : key is ECDsa { KeySize: 256 };
    }

    /// <summary>What the signature is about to be verified over: the same as it will be held against, and cheap.</summary>
    private bool IsFor(string client, JsonWebToken token) =>
        token is { Id.Length: > 0 and <= 128 } && token.Issuer == client && token.Subject == client && token.Audiences.Contains(Audience, StringComparer.Ordinal) && IsInTime(token.ValidFrom, token.ValidTo);

    private bool IsInTime(DateTime? from, DateTime? until)
    {
        var now = clock.GetUtcNow();
        return until is { } end && end > now.UtcDateTime && end <= (now + Longest + Skew).UtcDateTime && (from is null || from <= (now + Skew).UtcDateTime);
    }

    private async Task<bool> IsSignedAsync(string assertion, string client, byte[] spki)
    {
        if (!IsAcceptable(spki, trust.Value.MinimumKeyBits))
            return false;
        using var key = AsymmetricKey(spki);
        var result = await Handler.ValidateTokenAsync(assertion, new TokenValidationParameters
        {
            ValidIssuer = client,
            ValidAudience = Audience,
            // By the key's kind, and not by what the header says.
            ValidAlgorithms = key is RSA ? [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256] : [SecurityAlgorithms.EcdsaSha256],
            // The cache of signature providers would keep a key that is disposed of below.
            IssuerSigningKey = key is RSA rsa ? new RsaSecurityKey(rsa) { CryptoProviderFactory = Uncached() } : new ECDsaSecurityKey((ECDsa)key!) { CryptoProviderFactory = Uncached() },
            TryAllIssuerSigningKeys = true,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (from, until, _, _) => IsInTime(from, until),
        });
        return result.IsValid && result.SecurityToken is JsonWebToken token && token.Subject == client;
    }

    private static CryptoProviderFactory Uncached() => new() { CacheSignatureProviders = false };

    private static AsymmetricAlgorithm? AsymmetricKey(byte[] spki)
    {
        foreach (var make in (ReadOnlySpan<Func<AsymmetricAlgorithm>>)[RSA.Create, ECDsa.Create])
        {
            var key = make();
            try
            {
                key.ImportSubjectPublicKeyInfo(spki, out var read);
                if (read == spki.Length)
                    return key;
            }
            catch (CryptographicException)
            {
                // Of the other kind, or of none.
            }

            key.Dispose();
        }

        return null;
    }

    private static JsonWebToken? Read(string assertion)
    {
        try
        {
            return Handler.ReadJsonWebToken(assertion);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>RFC 7515, 4.1.6. Only its first certificate: the issuers are those that we were told about.</summary>
    private static X509Certificate2? CertificateOf(JsonWebToken token, out bool told)
    {
        told = true;
        try
        {
            using var header = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedHeader));
            told = header.RootElement.TryGetProperty("x5c", out var chain);
            return told ? X509CertificateLoader.LoadCertificate(chain[0].GetBytesFromBase64()) : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or CryptographicException or InvalidOperationException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private async Task<bool> SpendAsync(SessionsDb db, string client, string jti, CancellationToken cancellationToken)
    {
        // A name that no service of the platform can have: their assertions are spent in the same table.
        var spent = new SpentAssertion { Id = Secret.HashOf("software\n" + client + "\n" + jti), ExpiresAt = clock.GetUtcNow() + Longest + Skew };
        db.SpentAssertions.Add(spent);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            // The row is there: replayed. Anything else is the store's trouble, and not the caller's.
            db.Entry(spent).State = EntityState.Detached;
            if (await db.SpentAssertions.AnyAsync(one => one.Id == spent.Id, cancellationToken))
                return false;
            throw;
        }
    }
}
