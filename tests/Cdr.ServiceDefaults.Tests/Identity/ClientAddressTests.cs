using System.Net;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Tests.Doubles;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cdr.ServiceDefaults.Tests.Identity;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("192.0.2.1", null, "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", null, "192.0.2.1")]
    [InlineData("2001:db8:0:1::1", null, "2001:db8:0:1::/64")]
    [InlineData("2001:db8:0:1:ffff:ffff:ffff:ffff", null, "2001:db8:0:1::/64")]
    [InlineData("10.0.0.1", "2001:db8:0:2::1", "2001:db8:0:2::/64")]
    [InlineData("10.0.0.1", "198.51.100.1, 192.0.2.7", "192.0.2.7")]
    [InlineData("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1")]
    [InlineData("192.0.2.1", "198.51.100.1", "192.0.2.1")]
    public void A_client_is_an_address_or_of_IPv6_a_network(string peer, string? forwarded, string expected)
    {
        using var logs = new KeptLogs();
        Assert.Equal(expected, Addresses(logs).Of(From(peer, forwarded)));
    }

    [Fact]
    public void A_proxy_that_is_not_known_is_warned_of_once_and_no_address_is_written()
    {
        using var logs = new KeptLogs();
        var addresses = Addresses(logs);

        addresses.Of(From("10.0.0.1", "192.0.2.7"));
        addresses.Of(From("192.0.2.1", null));
        addresses.Of(From("127.0.0.1", "192.0.2.7, 192.0.2.8"));
        Assert.Empty(logs.Text);
        addresses.Of(From("192.0.2.1", "198.51.100.1"));
        addresses.Of(From("192.0.2.2", "198.51.100.1"));

        Assert.StartsWith("Warning ", Assert.Single(logs.Text.Split('\n')), StringComparison.Ordinal);
        Assert.Contains("Statements:KnownProxies", logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2", logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("198.51", logs.Text, StringComparison.Ordinal);
    }

    private static ClientAddress Addresses(KeptLogs logs) => new(["10.0.0.0/8"], "Statements:KnownProxies", LoggerFactory.Create(builder => builder.AddProvider(logs)).CreateLogger<ClientAddress>());

    private static DefaultHttpContext From(string peer, string? forwarded)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        if (forwarded is not null)
            http.Request.Headers["X-Forwarded-For"] = forwarded;
        return http;
    }
}
