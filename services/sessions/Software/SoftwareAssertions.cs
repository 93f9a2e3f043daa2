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
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>The token endpoint's own address: an assertion made for anybody else is worth nothing here.</summary>
    public string Audience => sessions.Value.Origin.TrimEnd('/') + Path;

    /// <summary>The client is null where it is not known: answered alike.</summary>
    public async Task<SoftwareProof> ProveAsync(SessionsDb db, SoftwareClient? client, string assertion, CancellationToken cancellationToken)
    {
        if (client is null || Read(assertion) is not { } token)
            return new SoftwareProof.Refused(SoftwareRefusals.NotProven);
        using var certificate = CertificateOf(token, out var told);
        // A certificate that was told but not understood is not replaced by a registered key.
        if (told && certificate is null)
            return new SoftwareProof.Refused(SoftwareRefusals.NotProven);
        var key = certificate?.PublicKey.ExportSubjectPublicKeyInfo() ?? client.PublicKey;
        if (key is null || !await IsSignedAsync(assertion, client.Id, key))
            return new SoftwareProof.Refused(SoftwareRefusals.NotProven);
        var proof = certificate is null
            ? new SoftwareProof.Proven(client, "", "", DateTimeOffset.MaxValue)
            : certificates.Prove(client, certificate);
        if (proof is SoftwareProof.Proven && !await SpendAsync(db, client.Id, token.Id, cancellationToken))
            return new SoftwareProof.Refused(SoftwareRefusals.Replayed);
        return proof;
    }

    /// <summary>SubjectPublicKeyInfo of a key that may sign assertions: P-256, or RSA of a size that is accepted.</summary>
    public static bool IsAcceptable(byte[] spki, int minimumBits)
    {
        using var key = AsymmetricKey(spki);
        return key is RSA rsa ? rsa.KeySize >= minimumBits : key is ECDsa { KeySize: 256 };
    }

    private async Task<bool> IsSignedAsync(string assertion, string client, byte[] spki)
    {
        if (!IsAcceptable(spki, trust.Value.MinimumKeyBits))
            return false;
        using var key = AsymmetricKey(spki);
        var now = clock.GetUtcNow();
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
            LifetimeValidator = (from, until, _, _) => until is { } end && end > now.UtcDateTime && end <= (now + Longest + Skew).UtcDateTime && (from is null || from <= (now + Skew).UtcDateTime),
        });
        return result.IsValid && result.SecurityToken is JsonWebToken { Id: { Length: > 0 and <= 128 } } token && token.Subject == client;
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
