using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.Drawer.Pki;

/// <summary>Which of a card's two certificates.</summary>
internal enum CertificateUse
{
    Authentication,
    Signature,
}

/// <summary>A card's two certificates: authentication, and signature, which never signs in.</summary>
internal static class CardPrinter
{
    // The address is not one: Sessions reads the lists where it is told to.
    private static readonly string[] DistributionPoint = ["http://drawer.invalid/demo-persons.crl"];

    public static X509Certificate2 Print(DeckCard card, CertificateUse use, DemoAuthority authority, DateTimeOffset now)
    {
        var usage = use == CertificateUse.Authentication ? X509KeyUsageFlags.DigitalSignature : X509KeyUsageFlags.NonRepudiation;
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(SubjectName.Of(card), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        if (usage == X509KeyUsageFlags.DigitalSignature)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension(DistributionPoint));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority.Issuer, true, false));
        request.CertificateExtensions.Add(new X509Extension(DrawerOptions.KindExtension, Text(card.Kind.Code), critical: false));
        // Three years, as the real ones.
        var from = card.State == DeckCardState.Expired ? now.AddYears(-3).AddDays(-10) : now.AddDays(-1);
        using var certificate = request.Create(authority.Issuer, from, from.AddYears(3), RandomNumberGenerator.GetBytes(16).Positive());
        return certificate.CopyWithPrivateKey(key);
    }

    private static byte[] Text(string text)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteCharacterString(UniversalTagNumber.UTF8String, text);
        return writer.Encode();
    }
}
