using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.EdgeAgent.Cards;

/// <summary>Which of a card's certificates signs in, and whether a signature is its key's.</summary>
internal static class AuthenticationCertificate
{
    /// <summary>The certificate's own bytes when it is one for authentication (digital signature, and not non-repudiation); otherwise null.</summary>
    public static byte[]? In(byte[] file)
    {
        try
        {
            // The file may be longer than the certificate.
            using var certificate = X509CertificateLoader.LoadCertificate(Trimmed(file));
            var usages = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages ?? X509KeyUsageFlags.None;
            using var key = certificate.GetRSAPublicKey();
            return key is not null && usages.HasFlag(X509KeyUsageFlags.DigitalSignature) && !usages.HasFlag(X509KeyUsageFlags.NonRepudiation) ? certificate.RawData : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The last moment of its validity.</summary>
    public static DateTimeOffset EndOf(byte[] certificate)
    {
        using var loaded = X509CertificateLoader.LoadCertificate(certificate);
        return loaded.NotAfter;
    }

    /// <summary>Before anything leaves the post: a card that signs with another key than its certificate's is found here, by name.</summary>
    public static bool Signed(byte[] certificate, byte[] digest, byte[] signature, RSASignaturePadding padding)
    {
        using var loaded = X509CertificateLoader.LoadCertificate(certificate);
        using var key = loaded.GetRSAPublicKey()!;
        return key.VerifyHash(digest, signature, HashAlgorithmName.SHA256, padding);
    }

    private static byte[] Trimmed(byte[] file)
    {
        // 30 82 hi lo: a certificate is longer than 255 bytes.
        if (file is not [0x30, 0x82, var high, var low, ..] || file.Length < (high << 8 | low) + 4)
            throw new CryptographicException();
        return file[..((high << 8 | low) + 4)];
    }
}
