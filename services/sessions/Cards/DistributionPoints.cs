using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Cards;

/// <summary>
/// Where revocation lists are published, as trusted certificates tell it, and whose list each address holds: issuers at once, cards when the
/// first of them is presented. A certificate that no pinned issuer signed is never followed. Kept in the trust folder.
/// </summary>
internal sealed partial class DistributionPoints : IDisposable
{
    private const string Extension = "2.5.29.31";
    private const int Most = 64;

    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> elsewhere = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim learned = new(0, 1);
    private readonly string file;
    private readonly TrustNetwork network;
    private readonly ILogger<DistributionPoints> log;
    private readonly bool followed;

    public DistributionPoints(TrustNetwork network, IOptions<TrustOptions> options, ILogger<DistributionPoints> log)
    {
        this.log = log;
        this.network = network;
        followed = options.Value.FollowDistributionPoints;
        file = Path.Combine(options.Value.Folder!, "distribution-points.json");
        foreach (var (address, authorities) in Kept())
            known[address] = authorities;
    }

    /// <summary>Address → ids of the authorities whose certificates name it: no other's list is taken from there.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Addresses => followed ? known : new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Returns when a new address was learned.</summary>
    public Task LearnedAsync(CancellationToken cancellationToken) => learned.WaitAsync(cancellationToken);

    /// <param name="certificate">Signed by a pinned authority.</param>
    /// <param name="authority">Id of that authority.</param>
    public void Learn(X509Certificate2 certificate, string authority)
    {
        if (!followed)
            return;
        var news = false;
        foreach (var address in Of(certificate))
        {
            if (known.TryGetValue(address, out var whose) ? whose.Contains(authority) : known.Count >= Most)
                continue;
            var uri = new Uri(address);
            if (!network.MayAsk(uri))
            {
                if (elsewhere.Count < Most && elsewhere.TryAdd(uri.Authority, true))
                    Log.Elsewhere(log, uri.Authority);
                continue;
            }

            known[address] = [.. whose ?? [], authority];
            news = true;
        }

        if (!news)
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
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
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

    /// <summary>Names under .invalid exist nowhere (RFC 2606): demo cards.</summary>
    public static bool IsFetched(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && !uri.Host.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase);

    /// <summary>The addresses of a DistributionPointName.</summary>
    /// <exception cref="AsnContentException">No names.</exception>
    public static IEnumerable<string> FullName(AsnReader name)
    {
        var at = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        if (!name.PeekTag().HasSameClassAndValue(at))
            yield break;
        var general = name.ReadSequence(at);
        var address = new Asn1Tag(TagClass.ContextSpecific, 6);
        while (general.HasData)
        {
            if (general.PeekTag().HasSameClassAndValue(address))
                yield return general.ReadCharacterString(UniversalTagNumber.IA5String, address);
            else
                general.ReadEncodedValue();
        }
    }

    /// <summary>A point that names another issuer of its list has none that we believe.</summary>
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
            var own = FullName(point.ReadSequence(at)).ToList();
            // Reasons, or another issuer.
            if (!point.HasData)
                names.AddRange(own);
        }

        return names;
    }

    private Dictionary<string, string[]> Kept()
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllBytes(file)) ?? [] : [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // Learned again from issuers and cards.
            Log.NotKept(log, e);
            return [];
        }
    }

    private void Keep()
    {
        try
        {
            File.WriteAllBytes(file + ".part", JsonSerializer.SerializeToUtf8Bytes(known));
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
        [LoggerMessage(1, LogLevel.Warning, "The addresses of revocation lists were not kept, or not read.")]
        public static partial void NotKept(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "A certificate names {Host} for its revocation list: neither Sessions:Trust:Hosts nor a pinned issuer's own certificate does, and it is not asked.")]
        public static partial void Elsewhere(ILogger logger, string host);
    }
}
