using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Testing;

namespace Cdr.Sessions.Tests.Cards;

/// <summary>An authority that its root certified anew for the same key: two certificates, both pinned while cards of both are in use, and one list is both's.</summary>
public sealed class CertifiedTwiceTests : IDisposable
{
    private const string Former = "http://lists.test/former.crl";
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    private readonly TestFolder folder = new("trust");
    private readonly DemoAuthority authority = DemoAuthority.Make(Now);

    /// <summary>Whichever of the two was read last: what goes on with a list for the one goes on with it for the one only.</summary>
    [Theory]
    [InlineData("0.pem")]
    [InlineData("z.pem")]
    public void What_follows_a_list_is_each_certificates_own(string file)
    {
        Pin("roots/root.pem", authority.Root);
        Pin("issuers/issuer.pem", authority.Issuer);
        Write("former.crl", new WrittenList(Now, Now.AddHours(1)) { Number = 5, Scope = WrittenList.At(Former), Revoked = ["0A0B"] });
        Write("next.crl", new WrittenList(Now, Now.AddDays(2)) { Number = 6, Scope = WrittenList.At("http://lists.test/next.crl"), Revoked = ["0A0B"] });
        // Of others' certificates.
        Write("part.crl", new WrittenList(Now, Now.AddDays(2)) { Number = 6, Scope = WrittenList.At("http://lists.test/part.crl"), Revoked = ["0C0D"] });
        var before = Trust.Load(folder.Path, null);
        using var again = CertifiedAgain();
        Assert.True(Vouches(before, authority.Issuer));

        // What was in hand stays the first one's; the second has what is in the folder.
        File.Delete(Path.Combine(folder.Path, "lists", "next.crl"));
        Pin("issuers/" + file, again);
        var after = Trust.Load(folder.Path, before);

        Assert.Equal((3, 2), (after.ListsOf(Trust.IdOf(authority.Issuer)).Count, after.ListsOf(Trust.IdOf(again)).Count));
        Assert.True(Vouches(after, authority.Issuer));
        Assert.False(Vouches(after, again));
    }

    public void Dispose()
    {
        authority.Dispose();
        folder.Dispose();
    }

    private static bool Vouches(Trust trust, X509Certificate2 issuer) => trust.Vouches(Trust.IdOf(issuer), ofAuthority: false, Now.AddHours(8), TimeSpan.FromHours(6));

    private X509Certificate2 CertifiedAgain()
    {
        using var key = authority.Issuer.GetRSAPrivateKey()!;
        var request = new CertificateRequest(authority.Issuer.SubjectName, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        foreach (var extension in authority.Issuer.Extensions)
            request.CertificateExtensions.Add(extension);
        return request.Create(authority.Root, Now.AddDays(-1), Now.AddYears(3), RandomNumberGenerator.GetBytes(16).Positive());
    }

    private void Pin(string file, X509Certificate2 certificate) => File.WriteAllText(InFolder(file), certificate.ExportCertificatePem());

    private void Write(string file, WrittenList list) => File.WriteAllBytes(InFolder("lists/" + file), list.SignedBy(authority.Issuer));

    private string InFolder(string file)
    {
        var path = Path.Combine(folder.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
