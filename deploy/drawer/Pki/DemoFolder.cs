using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Cdr.Drawer.Pki;

/// <summary>The drawer's folder: authority, cards, revoked serial numbers; and what Sessions needs in order to believe them.</summary>
internal sealed class DemoFolder(string folder, string trust, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Lock> cards = Deck.Cards.ToDictionary(card => card.Id, _ => new Lock());

    private string Cards => Path.Combine(folder, "cards");

    private string Revoked => Path.Combine(folder, "revoked.json");

    /// <summary>The authority, the cards that are on its list, the list: all that a start has to wait for. A key takes a tenth of a second or more.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(Cards);
        var now = clock.GetUtcNow();
        using var authority = DemoAuthority.Ensure(folder, now);
        foreach (var card in Deck.Cards.Where(card => card.State == DeckCardState.Revoked))
            Ensure(card, CertificateUse.Authentication, authority, now);
        Publish(authority, now);
    }

    /// <summary>Every card that is missing or ends within a month. One that is taken from the drawer before is made at once.</summary>
    public void Fill(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        using var authority = DemoAuthority.Ensure(folder, now);
        var missing = Deck.Cards.SelectMany(card => new[] { (card, CertificateUse.Authentication), (card, CertificateUse.Signature) });
        Parallel.ForEach(missing, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount / 2), CancellationToken = cancellationToken }, one => Ensure(one.card, one.Item2, authority, now));
    }

    public X509Certificate2 Authentication(string card) => Take(card, CertificateUse.Authentication);

    public X509Certificate2 Signature(string card) => Take(card, CertificateUse.Signature);

    /// <summary>A new card of the same kind; the one before is revoked.</summary>
    public void Renew(DeckCard card)
    {
        var now = clock.GetUtcNow();
        using var authority = DemoAuthority.Ensure(folder, now);
        using (var before = Authentication(card.Id))
        {
            Revoke(before);
        }

        foreach (var use in Enum.GetValues<CertificateUse>())
        {
            lock (cards[card.Id])
                Print(card, use, authority, now);
        }

        Publish(authority, now);
    }

    /// <summary>New lists: a list's life is a week.</summary>
    public void Publish()
    {
        var now = clock.GetUtcNow();
        using var authority = DemoAuthority.Ensure(folder, now);
        Publish(authority, now);
    }

    private string FileOf(string card, CertificateUse use) => Path.Combine(Cards, card + (use == CertificateUse.Authentication ? ".auth.pem" : ".sign.pem"));

    private X509Certificate2 Take(string id, CertificateUse use)
    {
        var now = clock.GetUtcNow();
        using (var authority = DemoAuthority.Ensure(folder, now))
        {
            Ensure(Deck.Find(id)!, use, authority, now);
        }

        return X509Certificate2.CreateFromPemFile(FileOf(id, use));
    }

    private void Ensure(DeckCard card, CertificateUse use, DemoAuthority authority, DateTimeOffset now)
    {
        lock (cards[card.Id])
        {
            if (!IsGood(card, use, authority, now))
                Print(card, use, authority, now);
        }
    }

    private bool IsGood(DeckCard card, CertificateUse use, DemoAuthority authority, DateTimeOffset now)
    {
        var file = FileOf(card.Id, use);
        if (!File.Exists(file))
            return false;
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
        return certificate.SubjectName.RawData.AsSpan().SequenceEqual(SubjectName.Of(card).RawData)
            && authority.IsIssuerOf(certificate)
            && (card.State == DeckCardState.Expired || certificate.NotAfter.ToUniversalTime() > now.UtcDateTime.AddDays(30));
    }

    private void Print(DeckCard card, CertificateUse use, DemoAuthority authority, DateTimeOffset now)
    {
        using var certificate = CardPrinter.Print(card, use, authority, now);
        if (card.State == DeckCardState.Revoked && use == CertificateUse.Authentication)
            Revoke(certificate);
        Pem.Write(FileOf(card.Id, use), certificate);
    }

    private void Revoke(X509Certificate2 certificate)
    {
        lock (gate)
        {
            var serials = Serials();
            serials.Add(Convert.ToHexString(certificate.SerialNumberBytes.Span));
            Write(Revoked, JsonSerializer.SerializeToUtf8Bytes(serials.Distinct()));
        }
    }

    private List<string> Serials() => File.Exists(Revoked) ? JsonSerializer.Deserialize<List<string>>(File.ReadAllBytes(Revoked)) ?? [] : [];

    private void Publish(DemoAuthority authority, DateTimeOffset now)
    {
        lock (gate)
        {
            var (root, persons) = authority.Lists(Serials(), now);
            Write(Path.Combine(trust, "roots", "demo-root.pem"), System.Text.Encoding.ASCII.GetBytes(authority.Root.ExportCertificatePem()));
            Write(Path.Combine(trust, "issuers", "demo-persons.pem"), System.Text.Encoding.ASCII.GetBytes(authority.Issuer.ExportCertificatePem()));
            Write(Path.Combine(trust, "lists", "demo-root.crl"), root);
            Write(Path.Combine(trust, "lists", "demo-persons.crl"), persons);
            using var directory = typeof(DemoFolder).Assembly.GetManifestResourceStream("directory.json")!;
            using var bytes = new MemoryStream();
            directory.CopyTo(bytes);
            Write(Path.Combine(folder, "directory.json"), bytes.ToArray());
        }
    }

    private static void Write(string path, byte[] content)
    {
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path + ".part", content);
        File.Move(path + ".part", path, overwrite: true);
    }
}
