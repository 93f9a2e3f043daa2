using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Cards;

/// <summary>Fetches the revocation lists into the trust folder. A list that does not verify never replaces one that does, nor an older one a newer.</summary>
internal sealed partial class ListDownload(IHttpClientFactory clients, TrustStore store, DistributionPoints points, IOptions<TrustOptions> options, TimeProvider clock, ILogger<ListDownload> log) : BackgroundService
{
    public const string Client = "sessions:revocation-lists";

    // A national list of 200,000 entries is 7 MB.
    private const int Largest = 64 * 1024 * 1024;

    // The authority's clock and this machine's.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>Fetches each once.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        foreach (var address in options.Value.ListAddresses.Union(points.Addresses, StringComparer.Ordinal))
        {
            try
            {
                await FetchAsync(address, cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                Log.Failed(log, address, e);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await RoundAsync(stoppingToken);
                using var early = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                await Task.WhenAny(Task.Delay(options.Value.ListRefresh, early.Token), points.LearnedAsync(early.Token));
                await early.CancelAsync();
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task FetchAsync(string address, CancellationToken cancellationToken)
    {
        using var http = clients.CreateClient(Client);
        http.MaxResponseContentBufferSize = Largest;
        http.Timeout = TimeSpan.FromMinutes(2);
        var folder = Directory.CreateDirectory(Path.Combine(store.Folder, "lists")).FullName;
        var file = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)))[..16] + ".crl");
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (File.Exists(file))
            request.Headers.IfModifiedSince = File.GetLastWriteTimeUtc(file);
        using var response = await http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotModified)
            return;
        var content = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);
        if (RevocationList.Read(content) is not { } list || store.Current() is not { } trust || trust.Roots.Concat(trust.Issuers).FirstOrDefault(list.IsSignedBy) is not { } authority)
        {
            Log.Unverified(log, address);
            return;
        }

        var latest = clock.GetUtcNow() + Skew;
        if (list.ThisUpdate > latest)
        {
            Log.Future(log, address);
            return;
        }

        // Whoever can answer for the address could play a list of before again, and a revoked card would open.
        if (File.Exists(file) && RevocationList.Read(await File.ReadAllBytesAsync(file, cancellationToken)) is { } before
            && before.IsSignedBy(authority) && before.ThisUpdate > list.ThisUpdate && before.ThisUpdate <= latest)
        {
            Log.Older(log, address);
            return;
        }

        await File.WriteAllBytesAsync(file + ".part", content, cancellationToken);
        // The server's own date, so that it can say that nothing changed.
        if (response.Content.Headers.LastModified is { } modified)
            File.SetLastWriteTimeUtc(file + ".part", modified.UtcDateTime);
        File.Move(file + ".part", file, overwrite: true);
        store.Refresh();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The revocation list at {Address} was not fetched; the one before stays in force until its end.")]
        public static partial void Failed(ILogger logger, string address, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "The revocation list at {Address} is not signed by a trusted authority: it was left out.")]
        public static partial void Unverified(ILogger logger, string address);

        [LoggerMessage(3, LogLevel.Error, "The revocation list at {Address} is older than the one that was fetched before: it was left out.")]
        public static partial void Older(ILogger logger, string address);

        [LoggerMessage(4, LogLevel.Error, "The revocation list at {Address} begins in the future: it was left out. Look at this machine's clock.")]
        public static partial void Future(ILogger logger, string address);
    }
}
