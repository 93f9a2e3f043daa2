using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.Sessions.Cards;

/// <summary>Roots, issuers and revocation lists, as the folder held them at one moment.</summary>
internal sealed class Trust
{
    /// <summary>Extension of the drawer's root (an arc for examples: nobody else's). Such a root never opens anything in production.</summary>
    public const string DemoMark = "2.999.250.1";

    private readonly Dictionary<string, RevocationList> lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RevocationList?> files = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<Pki>? pkis;

    private Trust(string folder, Trust? before)
    {
        Roots = Certificates(Path.Combine(folder, "roots"));
        Issuers = Certificates(Path.Combine(folder, "issuers"));
        pkis = Pki.Read(folder);
        foreach (var file in Files(Path.Combine(folder, "lists")))
        {
            // One list of several changed: the others, of hundreds of thousands of entries, are not read again.
            var stamp = StampOf(file);
            files[stamp] = before?.files.TryGetValue(stamp, out var known) is true ? known : RevocationList.Read(File.ReadAllBytes(file));
        }

        var read = files.Values.OfType<RevocationList>().ToList();
        foreach (var authority in Roots.Concat(Issuers))
        {
            var latest = read.Where(list => list.IsSignedBy(authority)).MaxBy(list => list.ThisUpdate);
            if (latest is not null)
                lists[IdOf(authority)] = latest;
        }
    }

    public X509Certificate2Collection Roots { get; }

    public X509Certificate2Collection Issuers { get; }

    public int Lists => lists.Count;

    public bool HasDemoRoot => Roots.Any(root => root.Extensions[DemoMark] is not null);

    /// <summary>Entries of all lists in force.</summary>
    public int Entries => lists.Values.Sum(list => list.Entries);

    /// <param name="folder">The trust folder.</param>
    /// <param name="before">What was read from it last: lists that did not change are taken from there.</param>
    public static Trust Load(string folder, Trust? before) => new(folder, before);

    /// <summary>The family of an issuer under a root; null when no family has both.</summary>
    public Pki? PkiOf(string issuer, string root)
    {
        if (pkis is null)
            return Pki.Everything;
        return pkis.FirstOrDefault(pki => pki.Issuers.Contains(issuer) && pki.Roots.Contains(root));
    }

    /// <summary>Differs when a file came, went or changed.</summary>
    public static string Stamp(string folder)
    {
        var stamp = new System.Text.StringBuilder();
        foreach (var part in (ReadOnlySpan<string>)["roots", "issuers", "lists"])
        {
            foreach (var file in Files(Path.Combine(folder, part)))
                stamp.Append(StampOf(file));
        }

        var families = Path.Combine(folder, Pki.File);
        if (File.Exists(families))
            stamp.Append(StampOf(families));
        return stamp.ToString();
    }

    private static string StampOf(string file)
    {
        var info = new FileInfo(file);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file}|{info.Length}|{info.LastWriteTimeUtc.Ticks};");
    }

    /// <summary>Which certificate an authority is: names can be alike.</summary>
    public static string IdOf(X509Certificate2 authority) => authority.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>Null: no list of that authority is believable now.</summary>
    public bool? IsRevoked(string authority, SerialNumber serial, DateTimeOffset now, TimeSpan grace)
    {
        if (!lists.TryGetValue(authority, out var list) || list.NextUpdate + grace < now)
            return null;
        return list.Holds(serial);
    }

    private static X509Certificate2Collection Certificates(string folder)
    {
        var all = new X509Certificate2Collection();
        foreach (var file in Files(folder))
        {
            if (X509Certificate2.GetCertContentType(file) == X509ContentType.Cert && !File.ReadAllBytes(file).AsSpan().StartsWith("-----BEGIN"u8))
                all.Add(X509CertificateLoader.LoadCertificateFromFile(file));
            else
                all.ImportFromPemFile(file);
        }

        return all;
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Where(file => !file.EndsWith(".part", StringComparison.Ordinal)).Order(StringComparer.Ordinal) : [];
}
