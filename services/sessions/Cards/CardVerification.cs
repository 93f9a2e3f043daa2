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

/// <summary>Verifies a card: its certificate's use, the signature, then chain, dates and revocation.</summary>
internal sealed class CardVerification(TrustStore store, StillTrusted still, DistributionPoints points, IOptions<TrustOptions> options, TimeProvider clock)
{
    private const string Pss = "PS256";

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

    /// <summary>Chain, dates and revocation alone, for a certificate of software; and the id of its issuer.</summary>
    public (Refusal? Why, string Issuer) Check(X509Certificate2 certificate)
    {
        var (refusal, issuer) = Issuer(certificate, software: true);
        return refusal is not null || issuer is null ? (refusal, "") : (Still(certificate, issuer), issuer.Id);
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
        var (refusal, issuer) = Issuer(certificate, software: false);
        if (refusal is not null || issuer is null)
            return new CardProof.Refused(refusal ?? Refusal.Untrusted);
        if (!issuer.Family.Algorithms.Contains(algorithm))
            return new CardProof.Refused(Refusal.AlgorithmRefused);
        if (Still(certificate, issuer) is { } doubt)
            return new CardProof.Refused(doubt);
        var identity = CardIdentity.Read(certificate, options.Value);
        return identity is null
            ? new CardProof.Refused(Refusal.CardUnreadable)
            : new CardProof.Proven(identity, issuer.Id, Convert.ToHexString(certificate.SerialNumberBytes.Span), new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero), issuer.Family.Id);
    }

    /// <summary>The pinned issuer, of a family for that use, that the certificate chains to; or why there is none.</summary>
    private (Refusal? Why, PinnedIssuer? Issuer) Issuer(X509Certificate2 certificate, bool software)
    {
        if (store.Current() is not { } trust)
            return (Refusal.TrustUnavailable, null);
        var now = clock.GetUtcNow();
        if (trust.IssuerOf(certificate, now) is not ({ } issuer, var inTime) || issuer.Family.Software != software)
            return (Refusal.Untrusted, null);
        if (!inTime)
        {
            if (certificate.NotBefore.ToUniversalTime() > now.UtcDateTime)
                return (Refusal.NotYetValid, null);
            return (certificate.NotAfter.ToUniversalTime() < now.UtcDateTime ? Refusal.Expired : Refusal.Untrusted, null);
        }

        return (null, issuer);
    }

    /// <summary>Where its list is published is learned first: the list may be there at the next try.</summary>
    private Refusal? Still(X509Certificate2 certificate, PinnedIssuer issuer)
    {
        points.Learn(certificate, issuer.Id);
        if (still.WhyNot(issuer.Id, Convert.ToHexString(certificate.SerialNumberBytes.Span)) is { } refusal)
            return refusal;
        // Lists for other addresses than it names say nothing of it.
        return store.Current()?.ListsFor(issuer.Id, ofAuthority: false, clock.GetUtcNow()).Any(list => list.Scope.IsFor(DistributionPoints.Of(certificate))) is true ? null : Refusal.RevocationUnknown;
    }

    private static bool IsForAuthentication(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages is { } usages
        && usages.HasFlag(X509KeyUsageFlags.DigitalSignature)
        && !usages.HasFlag(X509KeyUsageFlags.NonRepudiation);
}
