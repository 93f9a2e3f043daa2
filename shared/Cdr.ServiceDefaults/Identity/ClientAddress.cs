using System.Net;
using Microsoft.AspNetCore.Http;

namespace Cdr.ServiceDefaults.Identity;

/// <summary>Whose request it is, behind the portal and what stands before it.</summary>
/// <param name="knownProxies">Addresses or networks that are believed when they name their client; this machine always is.</param>
public sealed class ClientAddress(IEnumerable<string> knownProxies)
{
    private readonly IPNetwork[] proxies = [.. knownProxies.Select(Network).OfType<IPNetwork>()];

    /// <summary>From the nearest backwards, the first address that is no known proxy's: what is named before it, anybody could have written.</summary>
    public string Of(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var client = http.Connection.RemoteIpAddress;
        var named = http.Request.Headers["X-Forwarded-For"].SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)).Reverse();
        foreach (var name in named)
        {
            if (client is null || !IsKnown(client) || !IPEndPoint.TryParse(name, out var before))
                break;
            client = before.Address;
        }

        return client is null ? "" : Plain(client).ToString();
    }

    /// <summary>Null when the text is neither an address nor a network.</summary>
    public static IPNetwork? Network(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
            return network;
        return IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private bool IsKnown(IPAddress address) => IPAddress.IsLoopback(address) || proxies.Any(proxy => proxy.Contains(Plain(address)));
}
