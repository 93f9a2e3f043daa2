using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Cdr.Support.Webhooks;

/// <summary>
/// Tells a program. The name is resolved here, every address it has must be of the Internet, and one of these is connected to: what a name
/// means when it is registered, or between a check and a connection, changes nothing. No redirection is followed, no proxy used, no answer read.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    public const string IdHeader = "Cdr-Webhook-Id";
    public const string TimestampHeader = "Cdr-Webhook-Timestamp";
    public const string SignatureHeader = "Cdr-Webhook-Signature";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient http;
    private readonly bool allowPrivate;

    public WebhookClient(IOptions<WebhookOptions> options)
    {
        allowPrivate = options.Value.AllowPrivate;
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectCallback = ConnectAsync, PooledConnectionLifetime = TimeSpan.FromMinutes(1), MaxResponseHeadersLength = 16,
        }) { Timeout = Patience };
    }

    /// <summary>Null: it may be tried.</summary>
    public static string? Fault(Uri url, bool allowPrivate) => url switch
    {
        _ when url.Scheme != Uri.UriSchemeHttps && !(allowPrivate && url.Scheme == Uri.UriSchemeHttp) => "url-not-https",
        { UserInfo.Length: > 0 } => "url-with-user",
        { Fragment.Length: > 0 } => "url-with-fragment",
        { IsLoopback: true } when !allowPrivate => "url-private",
        _ when IPAddress.TryParse(url.IdnHost, out var address) && !allowPrivate && !PublicAddress.Is(address) => "url-private",
        _ => null,
    };

    /// <summary>What the program answered, or why it did not: a code.</summary>
    public async Task<(int? Status, string? Fault)> TellAsync(Uri url, byte[] secret, Guid id, byte[] body, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Fault(url, allowPrivate) is { } fault)
            return (null, fault);
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(IdHeader, id.ToString());
        request.Headers.Add(TimestampHeader, timestamp);
        request.Headers.Add(SignatureHeader, "v1=" + Sign(secret, timestamp, body));
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return ((int)response.StatusCode, null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, e.InnerException is PrivateAddressException ? "url-private" : e is OperationCanceledException ? "silent" : "unreachable");
        }
    }

    /// <summary>HMAC-SHA-256 of <c>timestamp.body</c>, in hexadecimal.</summary>
    public static string Sign(byte[] secret, string timestamp, byte[] body) => Convert.ToHexStringLower(HMACSHA256.HashData(secret, (byte[])[.. Encoding.ASCII.GetBytes(timestamp + "."), .. body]));

    public void Dispose() => http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        if (!allowPrivate && (addresses.Length == 0 || !addresses.All(PublicAddress.Is)))
            throw new PrivateAddressException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class PrivateAddressException : IOException;
}
