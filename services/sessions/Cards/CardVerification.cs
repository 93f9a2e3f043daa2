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
    /// <param name="Pki">Family of its issuer.</param>
    public sealed record Proven(CardIdentity Identity, string Issuer, string Serial, DateTimeOffset EndsAt, string Pki) : CardProof;

    public sealed record Refused(Refusal Why) : CardProof;
}

/// <summary>Verifies a card: its certificate's use, dates, chain and revocation, then the signature.</summary>
internal sealed class CardVerification(TrustStore store, DistributionPoints points, IOptions<TrustOptions> options, TimeProvider clock)
{
    private const string Pss = "PS256";
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>The preferred first. A CPS3 signs RS256 and nothing else; a CPS4 also PS256, where its PKI says so.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["RS256", Pss];

    public CardProof Verify(byte[] der, string algorithm, byte[] signed, byte[] signature)
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
            return Verify(certificate, algorithm, signed, signature);
        }
    }

    /// <summary>Whether a card that proved itself earlier has been revoked since. A list that cannot be read says no.</summary>
    public bool WasRevoked(string issuer, string serial) =>
        store.Current()?.IsRevoked(issuer, SerialNumber.Of(serial), clock.GetUtcNow(), options.Value.ListGrace) is true;

    /// <summary>Chain, dates and revocation alone, for a certificate that is no card's; and the id of its issuer.</summary>
    public (Refusal? Why, string Issuer) Check(X509Certificate2 certificate)
    {
        if (store.Current() is not { } trust)
            return (Refusal.TrustUnavailable, "");
        using var chain = new X509Chain();
        if (Chain(certificate, trust, chain) is { } refusal)
            return (refusal, "");
        points.Learn(certificate);
        var issuer = Trust.IdOf(chain.ChainElements[1].Certificate);
        // Cards' families are not asked: which issuers of software are accepted, its grades say. A test PKI is one for everything.
        if (trust.PkiOf(issuer, Trust.IdOf(chain.ChainElements[2].Certificate)) is { Test: true } && !options.Value.TestPki)
            return (Refusal.Untrusted, "");
        return (Revocation(trust, chain), issuer);
    }

    private CardProof Verify(X509Certificate2 certificate, string algorithm, byte[] signed, byte[] signature)
    {
        using var key = certificate.GetRSAPublicKey();
        if (key is null || !IsForAuthentication(certificate))
            return new CardProof.Refused(Refusal.NotAuthentication);
        if (key.KeySize < options.Value.MinimumKeyBits)
            return new CardProof.Refused(Refusal.KeyTooSmall);
        // The signature first: whoever cannot sign learns nothing about a card.
        if (!key.VerifyData(signed, signature, HashAlgorithmName.SHA256, algorithm == Pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1))
            return new CardProof.Refused(Refusal.SignatureWrong);
        if (store.Current() is not { } trust)
            return new CardProof.Refused(Refusal.TrustUnavailable);
        using var chain = new X509Chain();
        if (Chain(certificate, trust, chain) is { } refusal)
            return new CardProof.Refused(refusal);
        var issuer = Trust.IdOf(chain.ChainElements[1].Certificate);
        if (trust.PkiOf(issuer, Trust.IdOf(chain.ChainElements[2].Certificate)) is not { } pki || pki.Test && !options.Value.TestPki)
            return new CardProof.Refused(Refusal.Untrusted);
        // The last day is France's.
        if (pki.Until < DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Paris).DateTime))
            return new CardProof.Refused(Refusal.PkiEnded);
        if (!pki.Algorithms.Contains(algorithm))
            return new CardProof.Refused(Refusal.AlgorithmRefused);
        points.Learn(certificate);
        if (Revocation(trust, chain) is { } revoked)
            return new CardProof.Refused(revoked);
        var identity = CardIdentity.Read(certificate, options.Value);
        return identity is null
            ? new CardProof.Refused(Refusal.CardUnreadable)
            : new CardProof.Proven(identity, issuer, Convert.ToHexString(certificate.SerialNumberBytes.Span), new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero), pki.Id);
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

        return null;
    }

    private Refusal? Revocation(Trust trust, X509Chain chain)
    {
        var now = clock.GetUtcNow();
        for (var at = 0; at < chain.ChainElements.Count - 1; at++)
        {
            var revoked = trust.IsRevoked(Trust.IdOf(chain.ChainElements[at + 1].Certificate), SerialNumber.Of(chain.ChainElements[at].Certificate.SerialNumberBytes.Span), now, options.Value.ListGrace);
            if (revoked is null)
                return Refusal.RevocationUnknown;
            if (revoked.Value)
                return at == 0 ? Refusal.CardRevoked : Refusal.Untrusted;
        }

        return null;
    }

    private static bool IsForAuthentication(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages is { } usages
        && usages.HasFlag(X509KeyUsageFlags.DigitalSignature)
        && !usages.HasFlag(X509KeyUsageFlags.NonRepudiation);
}
