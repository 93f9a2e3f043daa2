using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.EdgeAgent.Tests.VirtualCards;

/// <summary>Certificates of invented holders for cards that no platform has to believe.</summary>
internal static class TestCards
{
    private static readonly Lazy<(X509Certificate2 Authentication, X509Certificate2 Signature)> One = new(() => Print("Essai"));

    public static X509Certificate2 Authentication => One.Value.Authentication;

    public static X509Certificate2 Signature => One.Value.Signature;

    public static VirtualCard Make(CardProfile? profile = null) => new(profile ?? CardProfile.Cps3, Authentication, Signature);

    public static (X509Certificate2 Authentication, X509Certificate2 Signature) Print(string name) =>
        (Certificate(name, X509KeyUsageFlags.DigitalSignature), Certificate(name, X509KeyUsageFlags.NonRepudiation));

    private static X509Certificate2 Certificate(string name, X509KeyUsageFlags usage)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(3));
    }
}
