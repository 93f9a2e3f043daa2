using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Cards;

/// <summary>
/// Where revocation lists are published, as trusted certificates tell it: issuers at once, cards when the first of them is presented. A
/// certificate that no pinned issuer signed is never followed. Kept in the trust folder.
/// </summary>
internal sealed partial class DistributionPoints : IDisposable
{
    private const string Extension = "2.5.29.31";
    private const int Most = 64;

    private readonly ConcurrentDictionary<string, bool> known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim learned = new(0, 1);
    private readonly string file;
    private readonly ILogger<DistributionPoints> log;
    private readonly bool followed;

    public DistributionPoints(IOptions<TrustOptions> options, ILogger<DistributionPoints> log)
    {
        this.log = log;
        followed = options.Value.FollowDistributionPoints;
        file = Path.Combine(options.Value.Folder!, "distribution-points.json");
        if (!File.Exists(file))
            return;
        foreach (var address in JsonSerializer.Deserialize<string[]>(File.ReadAllBytes(file)) ?? [])
            known[address] = true;
    }

    public IReadOnlyList<string> Addresses => followed ? [.. known.Keys.Order(StringComparer.Ordinal)] : [];

    /// <summary>Returns when a new address was learned.</summary>
    public Task LearnedAsync(CancellationToken cancellationToken) => learned.WaitAsync(cancellationToken);

    /// <param name="certificate">Signed by a pinned authority.</param>
    public void Learn(X509Certificate2 certificate)
    {
        if (!followed)
            return;
        var news = Of(certificate).Where(address => known.Count < Most && known.TryAdd(address, true)).ToList();
        if (news.Count == 0)
            return;
        Keep();
        lock (learned)
        {
            if (learned.CurrentCount == 0)
                learned.Release();
        }
    }

    public void Dispose() => learned.Dispose();

    /// <summary>Addresses in a certificate's extension (RFC 5280, 4.2.1.13) that can be fetched.</summary>
    public static IEnumerable<string> Of(X509Certificate2 certificate)
    {
        if (certificate.Extensions[Extension] is not { } extension)
            return [];
        try
        {
            return [.. Names(extension.RawData).Where(IsFetched)];
        }
        catch (AsnContentException)
        {
            return [];
        }
    }

    // Names under .invalid exist nowhere (RFC 2606): demo cards.
    private static bool IsFetched(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && !uri.Host.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase);

    private static List<string> Names(byte[] extension)
    {
        List<string> names = [];
        var points = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        while (points.HasData)
        {
            var point = points.ReadSequence();
            var at = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
            if (!point.HasData || !point.PeekTag().HasSameClassAndValue(at))
                continue;
            var name = point.ReadSequence(at);
            if (!name.PeekTag().HasSameClassAndValue(at))
                continue;
            var general = name.ReadSequence(at);
            var address = new Asn1Tag(TagClass.ContextSpecific, 6);
            while (general.HasData)
            {
                if (general.PeekTag().HasSameClassAndValue(address))
                    names.Add(general.ReadCharacterString(UniversalTagNumber.IA5String, address));
                else
                    general.ReadEncodedValue();
            }
        }

        return names;
    }

    private void Keep()
    {
        try
        {
            File.WriteAllBytes(file + ".part", JsonSerializer.SerializeToUtf8Bytes(Addresses));
            File.Move(file + ".part", file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Learned again from the next card.
            Log.NotKept(log, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "An address of revocation lists was not kept.")]
        public static partial void NotKept(ILogger logger, Exception exception);
    }
}
