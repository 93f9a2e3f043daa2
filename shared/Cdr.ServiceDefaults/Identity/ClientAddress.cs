using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cdr.ServiceDefaults.Identity;

/// <summary>Whose request it is, behind the portal and what stands before it.</summary>
/// <param name="knownProxies">Addresses or networks that are believed when they name their client; this machine always is.</param>
/// <param name="setting">Where they are set: it is named, once, when somebody else names a client.</param>
/// <param name="logger">Where it is named.</param>
public sealed partial class ClientAddress(IEnumerable<string> knownProxies, string setting, ILogger<ClientAddress> logger)
{
    private readonly IPNetwork[] proxies = [.. knownProxies.Select(Network).OfType<IPNetwork>()];
    private int warned;

    /// <summary>
    /// From the nearest backwards, the first address that is no known proxy's: what is named before it, anybody could have written.
    /// Of IPv6 the network (/64): whoever has one address there has all of them.
    /// </summary>
    public string Of(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var client = http.Connection.RemoteIpAddress;
        var named = http.Request.Headers["X-Forwarded-For"].SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)).Reverse();
        foreach (var name in named)
        {
            if (client == http.Connection.RemoteIpAddress && client is not null && !IsKnown(client) && Interlocked.Exchange(ref warned, 1) == 0)
                Log.Unbelieved(logger, setting);
            if (client is null || !IsKnown(client) || !IPEndPoint.TryParse(name, out var before))
                break;
            client = before.Address;
        }

        return client is null ? "" : Counted(Plain(client));
    }

    /// <summary>Null when the text is neither an address nor a network.</summary>
    public static IPNetwork? Network(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
            return network;
        return IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
    }

    private static string Counted(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6
        ? new IPAddress([.. address.GetAddressBytes().AsSpan(0, 8), .. new byte[8]]) + "/64"
        : address.ToString();

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private bool IsKnown(IPAddress address) => IPAddress.IsLoopback(address) || proxies.Any(proxy => proxy.Contains(Plain(address)));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "X-Forwarded-For came from an address that {Setting} does not hold: that address is taken for the client. Behind a proxy that is not named there, everybody is one client.")]
        public static partial void Unbelieved(ILogger logger, string setting);
    }
}
