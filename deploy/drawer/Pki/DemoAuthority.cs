using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.Drawer.Pki;

/// <summary>A root and the issuer of persons' cards under it, path length 0: the shape of the real ones, made on this machine for its demo cards.</summary>
internal sealed class DemoAuthority : IDisposable
{
    private static readonly TimeSpan ListLife = TimeSpan.FromDays(7);

    private DemoAuthority(X509Certificate2 root, X509Certificate2 issuer)
    {
        Root = root;
        Issuer = issuer;
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Issuer { get; }

    /// <summary>Reads both from the folder, or makes them there.</summary>
    public static DemoAuthority Ensure(string folder, DateTimeOffset now)
    {
        var (root, issuer) = (Path.Combine(folder, "root.pem"), Path.Combine(folder, "issuer.pem"));
        if (File.Exists(root) && File.Exists(issuer))
            return new DemoAuthority(X509Certificate2.CreateFromPemFile(root), X509Certificate2.CreateFromPemFile(issuer));
        var made = Make(now);
        Pem.Write(root, made.Root);
        Pem.Write(issuer, made.Issuer);
        return made;
    }

    public static DemoAuthority Make(DateTimeOffset now, string name = "DEMONSTRATION CDR")
    {
        // Expired cards need an issuer that is older than they are.
        var (from, until) = (now.AddYears(-6), now.AddYears(15));
        using var rootKey = RSA.Create(2048);
        var rootRequest = Request(SubjectName.Authority("AC RACINE " + name), rootKey, pathLength: 1);
        rootRequest.CertificateExtensions.Add(new X509Extension(DrawerOptions.DemoMark, [5, 0], critical: false));
        var root = rootRequest.CreateSelfSigned(from, until);
        using var issuerKey = RSA.Create(2048);
        using var issuer = Request(SubjectName.Authority($"AC {name} PERSONNES"), issuerKey, pathLength: 0)
            .Create(root, from, until.AddDays(-1), RandomNumberGenerator.GetBytes(16).Positive());
        return new DemoAuthority(root, issuer.CopyWithPrivateKey(issuerKey));
    }

    /// <summary>Lists of the root (empty) and of the issuer.</summary>
    public (byte[] Root, byte[] Persons) Lists(IEnumerable<string> revoked, DateTimeOffset now)
    {
        var persons = new CertificateRevocationListBuilder();
        foreach (var serial in revoked)
            persons.AddEntry(Convert.FromHexString(serial), now.AddDays(-2), X509RevocationReason.KeyCompromise);
        return (Build(new CertificateRevocationListBuilder(), Root, now), Build(persons, Issuer, now));
    }

    /// <summary>By its key: an authority that was made anew has the name of the one before.</summary>
    public bool IsIssuerOf(X509Certificate2 certificate)
    {
        var named = certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;
        var own = Issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().First().SubjectKeyIdentifierBytes;
        return named is { } key && key.Span.SequenceEqual(own.Span);
    }

    public void Dispose()
    {
        Root.Dispose();
        Issuer.Dispose();
    }

    private static byte[] Build(CertificateRevocationListBuilder list, X509Certificate2 authority, DateTimeOffset now) =>
        list.Build(authority, now.ToUnixTimeSeconds(), now + ListLife, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, now.AddMinutes(-5));

    private static CertificateRequest Request(X500DistinguishedName name, RSA key, int pathLength)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, pathLength, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }
}
