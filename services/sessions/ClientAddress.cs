using System.Net;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions;

/// <summary>Whose request it is, behind the portal and what stands before it.</summary>
internal sealed class ClientAddress(IOptions<SessionsOptions> options)
{
    private readonly IPNetwork[] proxies = [.. options.Value.KnownProxies.Select(Network).OfType<IPNetwork>()];

    /// <summary>From the nearest backwards, the first address that is no known proxy's: what is named before it, anybody could have written.</summary>
    public string Of(HttpContext http)
    {
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
    internal static IPNetwork? Network(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
            return network;
        return IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private bool IsKnown(IPAddress address) => IPAddress.IsLoopback(address) || proxies.Any(proxy => proxy.Contains(Plain(address)));
}
