using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using Cdr.Testing;

namespace Cdr.EdgeAgent.Tests.Pkcs11;

/// <summary>A SoftHSM2 token with a card's two keys and certificates: the signature key first, and one CKA_ID for all four objects.</summary>
internal sealed partial class SoftToken : IDisposable
{
    /// <summary>A process initialises a library once: tests that load it here run one after the other.</summary>
    public const string OneProcess = "A PKCS#11 library in this process";

    public const string Library = "/usr/lib/softhsm/libsofthsm2.so";
    private readonly TestFolder folder = new("softhsm");

    public SoftToken(X509Certificate2 authentication, X509Certificate2 signature, string authenticationLabel = "CPS_PRIV_AUT")
    {
        File.WriteAllText(Configuration, $"directories.tokendir = {folder.Folder("tokens")}\nobjectstore.backend = file\nlog.level = ERROR\n");
        Run("softhsm2-util", "--init-token", "--free", "--label", "CPS", "--pin", "1234", "--so-pin", "12345678");
        Put(signature, "CPS_PRIV_SIG", "Signature CPS");
        Put(authentication, authenticationLabel, "Authentification CPS");
    }

    /// <summary>SOFTHSM2_CONF.</summary>
    public string Configuration => folder.File("softhsm2.conf");

    /// <summary>For a library loaded in this process, which asks libc and not .NET for its environment.</summary>
    public void Here() => Assert.Equal(0, SetEnvironment("SOFTHSM2_CONF", Configuration, 1));

    public void Dispose() => folder.Dispose();

    private void Put(X509Certificate2 certificate, string key, string label)
    {
        var (pem, der) = (folder.File("key.pem"), folder.File("certificate.der"));
        using var secret = certificate.GetRSAPrivateKey()!;
        File.WriteAllText(pem, secret.ExportPkcs8PrivateKeyPem());
        File.WriteAllBytes(der, certificate.RawData);
        Run("softhsm2-util", "--import", pem, "--token", "CPS", "--label", key, "--id", "01", "--pin", "1234", "--force");
        Run("pkcs11-tool", "--module", Library, "--login", "--pin", "1234", "--write-object", der, "--type", "cert", "--id", "01", "--label", label);
        File.Delete(pem);
    }

    private void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SOFTHSM2_CONF"] = Configuration;
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {said}");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
