using System.Security.Cryptography.X509Certificates;

namespace Cdr.Drawer.Pki;

internal static class Pem
{
    /// <summary>Certificate and private key in one file, readable by its owner alone.</summary>
    public static void Write(string path, X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPrivateKey()!;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        // Whole or not at all: a card half written would be a card lost.
        using (var writer = new StreamWriter(path + ".part", options))
        {
            writer.WriteLine(certificate.ExportCertificatePem());
            writer.WriteLine(key.ExportPkcs8PrivateKeyPem());
        }

        File.Move(path + ".part", path, overwrite: true);
    }

    /// <summary>Serial numbers are positive and not zero.</summary>
    public static byte[] Positive(this byte[] serial)
    {
        serial[0] = (byte)(serial[0] & 0x7F | 0x40);
        return serial;
    }
}
