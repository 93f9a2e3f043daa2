using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cdr.Sessions.Cards;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Software;

/// <summary>What a request proves by itself, before its client is looked for.</summary>
internal abstract record SoftwareShown
{
    /// <summary>Holds the key of a certificate of software that is accepted here.</summary>
    /// <param name="Certificate">Whose.</param>
    /// <param name="Jti">Of the assertion; null over mutual TLS.</param>
    public sealed record ByCertificate(SoftwareCertificate Certificate, string? Jti) : SoftwareShown;

    /// <summary>An assertion by a registered key, its signature still to be seen.</summary>
    public sealed record ByKey(string Assertion, string Jti) : SoftwareShown;

    public sealed record Refused(Refusal Why) : SoftwareShown;
}

/// <summary>A certificate of software that is accepted here.</summary>
internal sealed record SoftwareCertificate(string Issuer, string Serial, DateTimeOffset EndsAt, string? Structure, string? CommonName);

/// <summary>What a proof of software is worth.</summary>
internal abstract record SoftwareProof
{
    /// <param name="Client">Which one.</param>
    /// <param name="Issuer">Id of the certificate's issuer; empty for a registered key.</param>
    /// <param name="Serial">Of the certificate; empty for a registered key.</param>
    /// <param name="EndsAt">Of the certificate.</param>
    public sealed record Proven(SoftwareClient Client, string Issuer, string Serial, DateTimeOffset EndsAt) : SoftwareProof;

    public sealed record Refused(Refusal Why) : SoftwareProof;
}

/// <summary>The certificate of a structure's software (ORG_AUTH_CLI): chain, dates and revocation as for cards, then its grade, and whose it is.</summary>
internal sealed class SoftwareCertificates(CardVerification verification, IOptions<SoftwareOptions> options, TimeProvider clock)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string Policies = "2.5.29.32";

    /// <summary>The caller has shown that it holds the key.</summary>
    public SoftwareShown Show(X509Certificate2 certificate, string? jti)
    {
        if (!IsForClients(certificate))
            return new SoftwareShown.Refused(SoftwareRefusals.CertificateRefused);
        var (refusal, issuer) = verification.Check(certificate);
        if (refusal is not null)
            return new SoftwareShown.Refused(SoftwareRefusals.Of(refusal));
        if (!IsOfAcceptedGrade(certificate))
            return new SoftwareShown.Refused(SoftwareRefusals.CertificateRefused);
        var subject = Name(certificate.SubjectName);
        return new SoftwareShown.ByCertificate(
            new SoftwareCertificate(
                issuer, Convert.ToHexString(certificate.SerialNumberBytes.Span), new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero), subject?.Structure, subject?.Number),
            jti);
    }

    public static SoftwareProof Prove(SoftwareClient client, SoftwareCertificate certificate) =>
        client is { Structure: { } structure, CommonName: { } name } && certificate.Structure == structure && certificate.CommonName == name
            ? new SoftwareProof.Proven(client, certificate.Issuer, certificate.Serial, certificate.EndsAt)
            : new SoftwareProof.Refused(SoftwareRefusals.OtherCertificate);

    private static bool IsForClients(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature) is true
        && certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault()?.EnhancedKeyUsages.OfType<Oid>().Any(use => use.Value == ClientAuthentication) is true;

    private bool IsOfAcceptedGrade(X509Certificate2 certificate)
    {
        var issuer = Name(certificate.IssuerName)?.Number;
        return options.Value.Grades.Any(grade =>
            grade.Issuer == issuer && !(grade.Until < clock.GetUtcNow()) && (grade.Policy is null || PoliciesOf(certificate).Contains(grade.Policy)));
    }

    private static SubjectAttributes? Name(X500DistinguishedName name)
    {
        try
        {
            return new SubjectAttributes(name.RawData);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    /// <summary>RFC 5280, 4.2.1.4.</summary>
    private static List<string> PoliciesOf(X509Certificate2 certificate)
    {
        var policies = new List<string>();
        if (certificate.Extensions[Policies] is not { } extension)
            return policies;
        try
        {
            var all = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (all.HasData)
                policies.Add(all.ReadSequence().ReadObjectIdentifier());
        }
        catch (AsnContentException)
        {
            policies.Clear();
        }

        return policies;
    }
}
