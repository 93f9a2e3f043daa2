using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Tests.Doubles;
using Cdr.Support.Tests.Features;
using Cdr.Support.Webhooks;
using Microsoft.Extensions.Options;
using Refit;

namespace Cdr.Support.Tests.Webhooks;

/// <summary>As an installation has it by default: nothing of the inside is called.</summary>
public sealed class PrivateAddressTests : HostTests
{
    [Theory]
    [InlineData("http://exemple.fr/cdr", "url-not-https")]
    [InlineData("ftp://exemple.fr/cdr", "url-not-https")]
    [InlineData("exemple.fr", "url-invalid")]
    [InlineData("", "url-invalid")]
    [InlineData("https://moi:secret@exemple.fr/", "url-with-user")]
    [InlineData("https://exemple.fr/#x", "url-with-fragment")]
    [InlineData("https://localhost/", "url-private")]
    [InlineData("https://127.0.0.1/", "url-private")]
    [InlineData("https://127.1/", "url-private")]
    [InlineData("https://2130706433/", "url-private")]
    [InlineData("https://10.0.0.5/", "url-private")]
    [InlineData("https://169.254.169.254/latest", "url-private")]
    [InlineData("https://[::1]/", "url-private")]
    [InlineData("https://[::ffff:10.0.0.5]/", "url-private")]
    [InlineData("https://[fd00::1]/", "url-private")]
    public async Task An_address_of_the_inside_is_not_registered(string url, string code)
    {
        var regime = RestService.ForGenerated<IWebhooksApi>(Host.ClientOf(Token(CdrRoles.RegimeAgent, "agent-1", regime: "test-regime")), new RefitSettings());
        Assert.Equal(code, await RefusedAsync(() => regime.RegisterAsync(new WebhookRequest(url), Cancel), HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2a00:1450:4007::1", true)]
    [InlineData("172.15.0.1", true)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("64:ff9b::a00:5", false)]
    [InlineData("2002:a00:5::", false)]
    [InlineData("2001:db8::1", false)]
    public void What_is_of_the_Internet(string address, bool expected) => Assert.Equal(expected, PublicAddress.Is(IPAddress.Parse(address)));

    /// <summary>As one whose owner points it at the inside after it was registered.</summary>
    [Fact]
    public async Task A_name_that_means_the_inside_is_not_connected_to()
    {
        await using var listener = await ListenerDouble.StartAsync();
        using var client = new WebhookClient(Options.Create(new WebhookOptions()));
        var port = new Uri(listener.Url).Port;
        var (status, fault) = await client.TellAsync(new Uri($"https://{Inside()}:{port}/told"), [1], Guid.Empty, [1], Clock.GetUtcNow(), Cancel);

        Assert.Null(status);
        Assert.Equal("url-private", fault);
        Assert.Empty(listener.Told);
    }

    // A name of this machine's hosts file or of its resolver that is not known as loopback by its spelling.
    private static string Inside()
    {
        foreach (var name in new[] { "app.localhost", Dns.GetHostName(), "localhost.localdomain" })
        {
            try
            {
                if (Dns.GetHostAddresses(name) is { Length: > 0 } found && !found.All(PublicAddress.Is) && WebhookClient.Fault(new Uri($"https://{name}/"), allowPrivate: false) is null)
                    return name;
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Not known here.
            }
        }

        Assert.Skip("This machine has no name for an address of the inside.");
        return "";
    }
}
