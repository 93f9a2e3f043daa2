using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Cards;

/// <summary>Fetches the revocation lists into the trust folder: a file an authority and scope, so that no list takes another's place. One that does not verify, is another authority's or is older than the one in hand is left out.</summary>
internal sealed partial class ListDownload(
    IHttpClientFactory clients, TrustStore store, TrustNetwork network, DistributionPoints points, IOptions<TrustOptions> options, TimeProvider clock, IMeterFactory meters, ILogger<ListDownload> log) : BackgroundService
{
    public const string Client = "sessions:revocation-lists";

    // A national list of 200,000 entries is 7 MB.
    private const int Largest = 64 * 1024 * 1024;
    private const int AtOnce = 4;

    // The authority's clock and this machine's.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    // A server that is away for a moment must not cost an hour of a morning's list; one that is away for days is not asked each minute.
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    private readonly Counter<long> failures = meters.Create("Cdr.Sessions").CreateCounter<long>("cdr.sessions.revocation_list.failures", "{fetch}", "Revocation lists that were not fetched, by host.");

    // What each address gave last: so that its server can say that nothing changed.
    private readonly ConcurrentDictionary<string, (string File, DateTimeOffset Modified)> given = new(StringComparer.Ordinal);

    /// <summary>Fetches each once; false where one of them was not to be had.</summary>
    public async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        var learned = points.Addresses.Where(one => network.MayAsk(new Uri(one.Key)) && !options.Value.ListAddresses.Contains(one.Key)).Select(one => (one.Key, (IReadOnlyList<string>?)one.Value));
        var all = options.Value.ListAddresses.Select(address => (address, (IReadOnlyList<string>?)null)).Concat(learned);
        var failed = 0;
        // One server that answers drop by drop does not hold up the others.
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (one, cancel) =>
        {
            if (!await TryFetchAsync(one.Item1, one.Item2, cancel))
                Interlocked.Increment(ref failed);
        });
        return failed == 0;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            for (var next = Soon; ;)
            {
                var fetched = await RoundAsync(stoppingToken);
                var pause = fetched || next > options.Value.ListRefresh ? options.Value.ListRefresh : next;
                next = fetched ? Soon : pause * 2;
                using var early = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                await Task.WhenAny(Task.Delay(pause, clock, early.Token), points.LearnedAsync(early.Token));
                await early.CancelAsync();
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task<bool> TryFetchAsync(string address, IReadOnlyList<string>? whose, CancellationToken cancellationToken)
    {
        try
        {
            await FetchAsync(address, whose, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            failures.Add(1, new KeyValuePair<string, object?>("host", new Uri(address).Authority));
            Log.Failed(log, address, e);
            return false;
        }
    }

    private async Task FetchAsync(string address, IReadOnlyList<string>? whose, CancellationToken cancellationToken)
    {
        using var http = clients.CreateClient(Client);
        http.MaxResponseContentBufferSize = Largest;
        http.Timeout = TimeSpan.FromMinutes(2);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (given.TryGetValue(address, out var last) && File.Exists(last.File))
            request.Headers.IfModifiedSince = last.Modified;
        using var response = await http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotModified)
            return;
        var content = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);
        if (RevocationList.Read(content) is not { } list || store.Current() is not { } trust || trust.Authorities.Where(list.IsSignedBy).Select(Trust.IdOf).ToList() is not [var id, ..] signers)
        {
            Log.Unverified(log, address);
            return;
        }

        if (whose is not null && !whose.Intersect(signers, StringComparer.Ordinal).Any())
        {
            Log.Another(log, address);
            return;
        }

        if (!IsNews(trust, id, list, address))
            return;
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(store.Folder, "lists")).FullName, NameOf(id, list));
        if (!File.Exists(file) || !(await File.ReadAllBytesAsync(file, cancellationToken)).AsSpan().SequenceEqual(content))
        {
            // Two addresses may hold the same list.
            var part = $"{file}.{NameOf(address)}.part";
            await File.WriteAllBytesAsync(part, content, cancellationToken);
            File.Move(part, file, overwrite: true);
            store.Refresh();
        }

        if (response.Content.Headers.LastModified is { } modified)
            given[address] = (file, modified);
    }

    /// <summary>Whoever can answer for the address could play a list of before again, and a revoked card would open.</summary>
    private bool IsNews(Trust trust, string authority, RevocationList list, string address)
    {
        var latest = clock.GetUtcNow() + Skew;
        if (list.ThisUpdate > latest)
        {
            Log.Future(log, address);
            return false;
        }

        // Whatever its scope: in hand it would say that nobody can tell.
        if (list.NextUpdate + options.Value.ListGrace < clock.GetUtcNow())
        {
            Log.Older(log, address);
            return false;
        }

        // One in hand that begins in the future, put there by hand, would refuse all others until then.
        if (!trust.ListsOf(authority).Any(before => before.Scope.Key == list.Scope.Key && before.ThisUpdate <= latest && list.IsOlderThan(before)))
            return true;
        Log.Older(log, address);
        return false;
    }

    private static string NameOf(string authority, RevocationList list) =>
        $"{authority[..16].ToLowerInvariant()}{(list.Scope.Key == ListScope.Everything.Key ? "" : "-" + NameOf(list.Scope.Key))}.crl";

    private static string NameOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The revocation list at {Address} was not fetched, and is asked for again in a minute or some; the one before stays in force until its end.")]
        public static partial void Failed(ILogger logger, string address, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "The revocation list at {Address} is not a whole one signed by a trusted authority: it was left out.")]
        public static partial void Unverified(ILogger logger, string address);

        [LoggerMessage(3, LogLevel.Error, "The revocation list at {Address} is older than the one in hand, or over: it was left out.")]
        public static partial void Older(ILogger logger, string address);

        [LoggerMessage(4, LogLevel.Error, "The revocation list at {Address} begins in the future: it was left out. Look at this machine's clock.")]
        public static partial void Future(ILogger logger, string address);

        [LoggerMessage(5, LogLevel.Error, "The revocation list at {Address} is another authority's than that of the certificates that name it: it was left out.")]
        public static partial void Another(ILogger logger, string address);
    }
}
