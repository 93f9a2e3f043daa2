using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Cards;

/// <summary>What a signature and a certificate prove.</summary>
internal abstract record CardProof
{
    /// <param name="Identity">The holder.</param>
    /// <param name="Issuer">Id of the issuer's certificate.</param>
    /// <param name="Serial">Of the card's certificate.</param>
    /// <param name="EndsAt">Of the card's certificate.</param>
    public sealed record Proven(CardIdentity Identity, string Issuer, string Serial, DateTimeOffset EndsAt) : CardProof;

    public sealed record Refused(Refusal Why) : CardProof;
}

/// <summary>Verifies a card: its certificate's use, dates, chain and revocation, then the signature.</summary>
internal sealed class CardVerification(TrustStore store, IOptions<TrustOptions> options, TimeProvider clock)
{
    /// <summary>CPS3 signs nothing else. PS256 is for the day when CPS4 are told apart.</summary>
    public const string Algorithm = "RS256";

    public CardProof Verify(byte[] der, byte[] signed, byte[] signature)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(der);
        }
        catch (CryptographicException)
        {
            return new CardProof.Refused(Refusal.CertificateUnreadable);
        }

        using (certificate)
        {
            return Verify(certificate, signed, signature);
        }
    }

    /// <summary>Whether a card that proved itself earlier has been revoked since. A list that cannot be read says no.</summary>
    public bool WasRevoked(string issuer, string serial) =>
        store.Current()?.IsRevoked(issuer, serial, clock.GetUtcNow(), options.Value.ListGrace) is true;

    /// <summary>Chain, dates and revocation alone, for a certificate that is no card's; and the id of its issuer.</summary>
    public (Refusal? Why, string Issuer) Check(X509Certificate2 certificate)
    {
        if (store.Current() is not { } trust)
            return (Refusal.TrustUnavailable, "");
        using var chain = new X509Chain();
        return Chain(certificate, trust, chain) is { } refusal ? (refusal, "") : (null, Trust.IdOf(chain.ChainElements[1].Certificate));
    }

    private CardProof Verify(X509Certificate2 certificate, byte[] signed, byte[] signature)
    {
        using var key = certificate.GetRSAPublicKey();
        if (key is null || !IsForAuthentication(certificate))
            return new CardProof.Refused(Refusal.NotAuthentication);
        if (key.KeySize < options.Value.MinimumKeyBits)
            return new CardProof.Refused(Refusal.KeyTooSmall);
        // The signature first: whoever cannot sign learns nothing about a card.
        if (!key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            return new CardProof.Refused(Refusal.SignatureWrong);
        if (store.Current() is not { } trust)
            return new CardProof.Refused(Refusal.TrustUnavailable);
        using var chain = new X509Chain();
        if (Chain(certificate, trust, chain) is { } refusal)
            return new CardProof.Refused(refusal);
        var identity = CardIdentity.Read(certificate, options.Value);
        return identity is null
            ? new CardProof.Refused(Refusal.CardUnreadable)
            : new CardProof.Proven(identity, Trust.IdOf(chain.ChainElements[1].Certificate), SerialOf(certificate), new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero));
    }

    private Refusal? Chain(X509Certificate2 certificate, Trust trust, X509Chain chain)
    {
        var now = clock.GetUtcNow();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trust.Roots);
        chain.ChainPolicy.ExtraStore.AddRange(trust.Issuers);
        chain.ChainPolicy.DisableCertificateDownloads = true;
        // The lists below are the ones we verified; the platform's own look-ups fail open when a server is away.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        var built = chain.Build(certificate);
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if (!built && status != X509ChainStatusFlags.NotTimeValid)
            return Refusal.Untrusted;
        // Only an issuer that we were told about, straight under one of our roots.
        if (chain.ChainElements is not [_, { Certificate: var issuer }, _] || !trust.Issuers.Any(known => Trust.IdOf(known) == Trust.IdOf(issuer)))
            return Refusal.Untrusted;
        if (!built)
        {
            if (certificate.NotBefore.ToUniversalTime() > now.UtcDateTime)
                return Refusal.NotYetValid;
            return certificate.NotAfter.ToUniversalTime() < now.UtcDateTime ? Refusal.Expired : Refusal.Untrusted;
        }

        for (var at = 0; at < chain.ChainElements.Count - 1; at++)
        {
            var revoked = trust.IsRevoked(Trust.IdOf(chain.ChainElements[at + 1].Certificate), SerialOf(chain.ChainElements[at].Certificate), now, options.Value.ListGrace);
            if (revoked is null)
                return Refusal.RevocationUnknown;
            if (revoked.Value)
                return at == 0 ? Refusal.CardRevoked : Refusal.Untrusted;
        }

        return null;
    }

    private static string SerialOf(X509Certificate2 certificate) => Convert.ToHexString(certificate.SerialNumberBytes.Span);

    private static bool IsForAuthentication(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages is { } usages
        && usages.HasFlag(X509KeyUsageFlags.DigitalSignature)
        && !usages.HasFlag(X509KeyUsageFlags.NonRepudiation);
}
