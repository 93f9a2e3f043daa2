using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Cards;
using TrustMaterial = Cdr.Sessions.Cards.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Sessions.Tests.Hosts;

/// <summary>Authorities of structures' software as a host trusts them: a root, and issuers of two grades of which one is accepted.</summary>
public sealed class Organisations : IDisposable
{
    public const string Accepted = "AC IGC-SANTE ELEMENTAIRE ORGANISATIONS";
    public const string OtherGrade = "AC IGC-SANTE STANDARD ORGANISATIONS";
    public const string Policy = "2.999.250.20";
    public const string Structure = "3590991014";
    public const string CommonName = "dossier.mont-vert.test";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private readonly X509Certificate2 root;
    private readonly Dictionary<string, X509Certificate2> issuers = [];

    /// <summary>From now, of the lists that are written next.</summary>
    public TimeSpan ListLife { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Last day of their family; null: none.</summary>
    public DateOnly? Until { get; set; }

    public Organisations()
    {
        root = Authority("AC RACINE IGC-SANTE ELEMENTAIRE", null);
        foreach (var name in (string[])[Accepted, OtherGrade])
            issuers[name] = Authority(name, root);
    }

    /// <summary>The settings that accept one grade.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Settings { get; } =
    [
        new("Sessions:Software:Grades:0:Name", "elementaire"), new("Sessions:Software:Grades:0:Issuer", Accepted), new("Sessions:Software:Grades:0:Policy", Policy),
    ];

    /// <summary>Puts authorities and lists where a host looks for them.</summary>
    public void Trust(SessionsHost host, params X509Certificate2[] revoked)
    {
        ArgumentNullException.ThrowIfNull(host);
        var trust = Path.Combine(host.Folder, "trust");
        File.WriteAllText(Path.Combine(trust, "roots", "organisations.pem"), root.ExportCertificatePem());
        WriteList(trust, "organisations-root", root, []);
        foreach (var (name, issuer) in issuers)
        {
            File.WriteAllText(Path.Combine(trust, "issuers", name + ".pem"), issuer.ExportCertificatePem());
            WriteList(trust, name, issuer, revoked.Where(one => one.Issuer == issuer.Subject));
        }

        Families(host, trust);
        // As the follower does within seconds.
        host.Services.GetRequiredService<TrustStore>().Refresh();
    }

    public X509Certificate2 Issue(
        string structure = Structure, string commonName = CommonName, string issuer = Accepted, string? policy = Policy, string use = "1.3.6.1.5.5.7.3.2",
        DateTimeOffset? from = null, DateTimeOffset? until = null, int bits = 2048)
    {
        using var key = RSA.Create(bits);
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        name.AddOrganizationalUnitName(structure);
        name.AddOrganizationName("CENTRE HOSPITALIER DU MONT-VERT");
        name.AddCountryOrRegion("FR");
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        if (policy is not null)
            request.CertificateExtensions.Add(new X509Extension("2.5.29.32", Policies(policy), false));
        using var certificate = request.Create(issuers[issuer], from ?? Now.AddDays(-1), until ?? Now.AddYears(3), RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        root.Dispose();
        foreach (var issuer in issuers.Values)
            issuer.Dispose();
    }

    /// <summary>Pinned as software's, beside the drawer's own as cards'.</summary>
    private void Families(SessionsHost host, string trust)
    {
        using var demo = DemoAuthority.Ensure(Path.Combine(host.Folder, "drawer"), Now);
        File.WriteAllBytes(Path.Combine(trust, Pki.File), JsonSerializer.SerializeToUtf8Bytes(new object[]
        {
            new { id = "igc-sante", issuers = new[] { TrustMaterial.IdOf(demo.Issuer) }, roots = new[] { TrustMaterial.IdOf(demo.Root) }, algorithms = CardVerification.Algorithms },
            new { id = "igc-sante-organisations", issuers = issuers.Values.Select(TrustMaterial.IdOf), roots = new[] { TrustMaterial.IdOf(root) }, software = true, until = Until },
        }));
    }

    private void WriteList(string trust, string name, X509Certificate2 authority, IEnumerable<X509Certificate2> revoked)
    {
        var list = new CertificateRevocationListBuilder();
        foreach (var one in revoked)
            list.AddEntry(one, Now.AddHours(-1));
        var file = Path.Combine(trust, "lists", name + ".crl");
        File.WriteAllBytes(file + ".part", list.Build(authority, Now.ToUnixTimeSeconds(), Now + ListLife, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, Now.AddMinutes(-5)));
        File.Move(file + ".part", file, overwrite: true);
    }

    private static X509Certificate2 Authority(string name, X509Certificate2? root)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}, OU=IGC-SANTE, O=ASIP-SANTE, C=FR", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, root is null ? 1 : 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (root is null)
            return request.CreateSelfSigned(Now.AddYears(-6), Now.AddYears(15));
        using var issued = request.Create(root, Now.AddYears(-6), Now.AddYears(14), RandomNumberGenerator.GetBytes(16));
        return issued.CopyWithPrivateKey(key);
    }

    private static byte[] Policies(string policy)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
            writer.WriteObjectIdentifier(policy);
        return writer.Encode();
    }
}
