using System.Net;
using System.Net.Sockets;

namespace Cdr.Support.Webhooks;

/// <summary>Whether an address is of the Internet: not of this machine, of a private network, of a cloud's inside, nor of anything reserved. Pure.</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Inside =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        }.Select(IPNetwork.Parse),
    ];

    // Of IPv6 only what is given out at all (2000::/3), less what is in it and not of the Internet, and less the ways into IPv4.
    private static readonly IPNetwork Given = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] InsideV6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Array.Exists(Inside, network => network.Contains(address)),
            AddressFamily.InterNetworkV6 => Given.Contains(address) && !Array.Exists(InsideV6, network => network.Contains(address)),
            _ => false,
        };
    }
}
