using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.ServiceDefaults.Tests.Messaging;

/// <summary>An authority that this process believes as an installation's is believed, by SSL_CERT_FILE: read once, before the first certificate is looked at.</summary>
internal static class BelievedAuthority
{
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly X509Certificate2 Authority = Make();

    [ModuleInitializer]
    internal static void Believe()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(file, Authority.ExportCertificatePem());
        // The library of TLS asks the process itself, whose environment .NET only copies.
        var set = Marshal.GetDelegateForFunctionPointer<SetEnvironment>(NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "setenv"));
        if (set(Marshal.StringToCoTaskMemUTF8("SSL_CERT_FILE"), Marshal.StringToCoTaskMemUTF8(file), 1) != 0)
            throw new InvalidOperationException("SSL_CERT_FILE was not set.");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(file);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SetEnvironment(nint name, nint value, int overwrite);

    /// <summary>A server's certificate for one name, signed by the authority or by its own key.</summary>
    public static X509Certificate2 CertificateOf(string name, bool believed)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        if (!believed)
            return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        using var certificate = request.Create(Authority, now.AddHours(-1), now.AddHours(1), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Make()
    {
        var request = new CertificateRequest("CN=An authority of these tests", Key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
