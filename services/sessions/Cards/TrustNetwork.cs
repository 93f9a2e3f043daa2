using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Cards;

/// <summary>
/// Where Sessions goes because a certificate says so, for lists and responders: to hosts that the operator named, by setting or by the
/// issuers they pinned, and to no inner address that no setting names. Otherwise whoever can have a certificate issued chooses what this
/// machine asks of its neighbours.
/// </summary>
internal sealed class TrustNetwork(TrustStore store, IOptions<TrustOptions> options)
{
    private static readonly IPNetwork[] Inner =
    [
        .. ((string[])["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
            "::/127", "64:ff9b::/96", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"]).Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>Whether a certificate's address may be asked.</summary>
    public bool MayAsk(Uri address) =>
        address.Scheme is "http" or "https" && (IsNamed(address) || address.IsDefaultPort && IsIssuers(address.IdnHost));

    /// <summary>Follows no redirection: it would lead where nobody looked.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxResponseHeadersLength = 16,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = ConnectAsync,
    };

    internal static bool IsInner(IPAddress address) => Array.Exists(Inner, network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    /// <summary>What is connected to is what was looked at: a name that is resolved again could say something else.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (asked, end) = (context.InitialRequestMessage.RequestUri!, context.DnsEndPoint);
        var all = await Dns.GetHostAddressesAsync(end.Host, cancellationToken);
        // Through the machine's proxy, the proxy is where we go, and what lies behind is its affair.
        var allowed = end.Host != asked.IdnHost || IsNamed(asked) ? all : [.. all.Where(address => !IsInner(address))];
        if (allowed.Length == 0)
            throw new HttpRequestException("The address is an inner one, and Sessions:Trust:Hosts does not name its host.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, end.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>By a setting: the only way to an inner address or another port.</summary>
    private bool IsNamed(Uri address) =>
        options.Value.Hosts.Any(host => Is(host, address)) || options.Value.ListAddresses.Any(one => Uri.TryCreate(one, UriKind.Absolute, out var told) && told.Authority == address.Authority);

    private static bool Is(string host, Uri address) => string.Equals(host, address.IdnHost, StringComparison.OrdinalIgnoreCase) || string.Equals(host, $"{address.IdnHost}:{address.Port}", StringComparison.OrdinalIgnoreCase);

    private bool IsIssuers(string host) =>
        store.Current()?.Pinnings.SelectMany(one => new[] { one.Certificate, one.Root }).SelectMany(AddressesOf).Any(address => address.IsDefaultPort && address.IdnHost == host) is true;

    private static IEnumerable<Uri> AddressesOf(X509Certificate2 authority) =>
        DistributionPoints.Of(authority).Concat(ResponderOf(authority)).Select(address => new Uri(address));

    private static IEnumerable<string> ResponderOf(X509Certificate2 authority) =>
        authority.Extensions.OfType<X509AuthorityInformationAccessExtension>().SelectMany(access => access.EnumerateOcspUris()).Where(DistributionPoints.IsFetched);
}
