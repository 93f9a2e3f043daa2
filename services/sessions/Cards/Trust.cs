using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.Sessions.Cards;

/// <summary>Roots, issuers and revocation lists, as the folder held them at one moment.</summary>
internal sealed class Trust
{
    /// <summary>Extension of the drawer's root (an arc for examples: nobody else's). Such a root never opens anything in production.</summary>
    public const string DemoMark = "2.999.250.1";

    private readonly Dictionary<string, RevocationList?> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<RevocationList>> lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PinnedIssuer> pinned = new(StringComparer.Ordinal);

    // What may go on with a list under another place of publication: held against each other once, not at each question.
    // An authority that was certified twice has two ids and one key: one list can be both's, and be followed for the one only.
    private readonly Dictionary<(string Authority, RevocationList List), IReadOnlyList<Follower>> followers = [];
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

        foreach (var issuer in Issuers)
        {
            if (Pinned(issuer) is { } one)
                pinned[one.Id] = one;
        }

        foreach (var authority in Authorities)
        {
            // What was in hand stays in force until it ends or a newer one comes, whatever became of its file: a copy under way, an older list.
            var all = files.Values.OfType<RevocationList>().Where(list => list.IsSignedBy(authority)).Concat(before?.ListsOf(IdOf(authority)) ?? []);
            var inForce = lists[IdOf(authority)] = InForce([.. all]);
            foreach (var list in inForce)
                followers[(IdOf(authority), list)] = [.. inForce.Where(next => list.IsOlderThan(next) && next.Scope.CoversKinds(list.Scope)).Select(next => new Follower(next, next.SharesEntries(list)))];
        }
    }

    public X509Certificate2Collection Roots { get; }

    public X509Certificate2Collection Issuers { get; }

    /// <summary>Issuers of a family, each under its root.</summary>
    public IReadOnlyCollection<PinnedIssuer> Pinnings => pinned.Values;

    /// <summary>Whoever must publish lists: pinned issuers and their roots.</summary>
    public IEnumerable<X509Certificate2> Authorities => pinned.Values.SelectMany(one => new[] { one.Root, one.Certificate }).DistinctBy(IdOf);

    public int Lists => lists.Values.Sum(some => some.Count);

    /// <summary>Entries of all lists in force.</summary>
    public int Entries => lists.Values.Sum(some => some.Sum(list => list.Entries));

    /// <param name="folder">The trust folder.</param>
    /// <param name="before">What was read from it last.</param>
    public static Trust Load(string folder, Trust? before) => new(folder, before);

    /// <summary>Why this installation must not trust it; null: it may.</summary>
    public string? Unfit(TrustOptions options)
    {
        if (!options.DemoAllowed && Roots.Any(root => root.Extensions[DemoMark] is not null))
            return "The root of the demo cards is among the trusted roots: anybody could sign in. Remove it.";
        if (!options.DemoAllowed && pkis is null)
            return $"The trust folder has no {Pki.File}: nothing says which issuers are trusted under which roots, until when, and what their cards may sign with. Write it.";
        // Cards of a test PKI are in everybody's hands: where they open sessions, no real card does.
        return options.TestPki && pkis?.FirstOrDefault(pki => !pki.Test) is { } real
            ? $"Sessions:Trust:TestPki is set and {Pki.File} has a family that is no test's ({real.Id}): an installation takes test cards or real ones."
            : null;
    }

    /// <summary>Null: not pinned under a root by any family.</summary>
    public PinnedIssuer? Find(string issuer) => pinned.GetValueOrDefault(issuer);

    /// <summary>The pinned issuer that a certificate chains to, straight under its root, and whether all their dates hold.</summary>
    public (PinnedIssuer? Issuer, bool InTime) IssuerOf(X509Certificate2 certificate, DateTimeOffset now)
    {
        using var chain = Chain(Roots);
        chain.ChainPolicy.ExtraStore.AddRange(Issuers);
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        var built = chain.Build(certificate);
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if (!built && status != X509ChainStatusFlags.NotTimeValid)
            return (null, false);
        // Only one that we were told about: the machine knows others.
        return chain.ChainElements is [_, { Certificate: var issuer }, _] ? (Find(IdOf(issuer)), built) : (null, false);
    }

    /// <summary>In force for that authority: one a scope.</summary>
    public IReadOnlyList<RevocationList> ListsOf(string authority) => lists.GetValueOrDefault(authority) ?? [];

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

    /// <summary>Which certificate an authority is: names can be alike.</summary>
    public static string IdOf(X509Certificate2 authority) => authority.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>Null: nobody vouches for it.</summary>
    public bool? IsRevoked(string authority, SerialNumber serial, bool ofAuthority, DateTimeOffset now, TimeSpan grace)
    {
        if (ListsOf(authority).Any(list => list.Holds(serial) && list.Scope.IsOf(ofAuthority)))
            return true;
        return Vouches(authority, ofAuthority, now, grace) ? false : null;
    }

    /// <summary>Whether there are lists of that authority for such certificates, and none is past its end and grace.</summary>
    public bool Vouches(string authority, bool ofAuthority, DateTimeOffset now, TimeSpan grace) =>
        ListsFor(authority, ofAuthority, now) is { Count: > 0 } some && some.All(list => now <= list.NextUpdate + grace);

    /// <summary>
    /// Those that must be in time. An authority that renames where its list is published renews the former one no more: once that is over it
    /// counts no longer, where one in time goes on with it. It may as well be the list of another part of the certificates, of which nobody
    /// could say anything then: so the two must have an entry in common. Of authorities' own certificates nobody publishes parts.
    /// </summary>
    /// <param name="authority">Its id.</param>
    /// <param name="ofAuthority">For certificates of authorities, or for the others.</param>
    /// <param name="now">UTC.</param>
    public IReadOnlyList<RevocationList> ListsFor(string authority, bool ofAuthority, DateTimeOffset now) =>
        [.. ListsOf(authority).Where(list => list.Scope.IsOf(ofAuthority) && (now <= list.NextUpdate || !followers[(authority, list)].Any(next => now <= next.List.NextUpdate && (ofAuthority || next.SharesEntries))))];

    /// <summary>Of lists for the same certificates the newest; none for some of them beside a newer one for more.</summary>
    private static List<RevocationList> InForce(IReadOnlyList<RevocationList> all)
    {
        var newest = all.GroupBy(list => list.Scope.Key).Select(same => same.Aggregate((best, list) => best.IsOlderThan(list) ? list : best)).ToList();
        return [.. newest.Where(list => !newest.Any(other => other != list && other.Scope.Covers(list.Scope) && list.IsOlderThan(other)))];
    }

    private PinnedIssuer? Pinned(X509Certificate2 issuer)
    {
        var id = IdOf(issuer);
        foreach (var root in Roots.Where(root => IsUnder(issuer, root)).OrderByDescending(root => root.NotAfter))
        {
            var family = pkis is null
                ? root.Extensions[DemoMark] is null ? null : Pki.Demo
                : pkis.FirstOrDefault(pki => pki.Issuers.Contains(id) && pki.Roots.Contains(IdOf(root)));
            if (family is not null)
                return new PinnedIssuer(id, issuer, root, family);
        }

        return null;
    }

    /// <summary>Signed by it, whatever the day: dates are looked at when somebody asks.</summary>
    private static bool IsUnder(X509Certificate2 issuer, X509Certificate2 root)
    {
        if (!issuer.IssuerName.RawData.AsSpan().SequenceEqual(root.SubjectName.RawData))
            return false;
        using var chain = Chain([root]);
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(issuer) && chain.ChainElements.Count == 2;
    }

    private static X509Chain Chain(X509Certificate2Collection roots)
    {
        var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.DisableCertificateDownloads = true;
        // StillTrusted asks the lists that we verified; the platform's own look-ups fail open when a server is away.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain;
    }

    private static string StampOf(string file)
    {
        var info = new FileInfo(file);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file}|{info.Length}|{info.LastWriteTimeUtc.Ticks};");
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

/// <summary>A newer list of the same authority, for the same kinds of certificates, published elsewhere.</summary>
internal sealed record Follower(RevocationList List, bool SharesEntries);

/// <summary>An issuer that a family names, under one of its roots.</summary>
/// <param name="Id">Of the issuer's certificate.</param>
/// <param name="Certificate">The issuer's.</param>
/// <param name="Root">The root's.</param>
/// <param name="Family">Whose both are.</param>
internal sealed record PinnedIssuer(string Id, X509Certificate2 Certificate, X509Certificate2 Root, Pki Family)
{
    public string RootId { get; } = Trust.IdOf(Root);
}
