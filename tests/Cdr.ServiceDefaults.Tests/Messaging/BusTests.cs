using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Cdr.ServiceDefaults.Tests.Doubles;
using Cdr.Testing.Identity;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cdr.ServiceDefaults.Tests.Messaging;

public sealed class BusTests
{
    [Fact]
    public async Task The_bus_tells_nobody_outside_how_it_is_used()
    {
        await using var tokens = await TestTokens.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var host = new DefaultsHost { Sessions = tokens };
        await host.StartAsync(_ => { });

        Assert.False(host.App.Services.GetRequiredService<IOptions<UsageTelemetryOptions>>().Value.Enabled);
    }

    /// <summary>Whoever stands between a service and its broker would be told its password.</summary>
    [Theory]
    [InlineData("localhost", false)]
    [InlineData("elsewhere", true)]
    public async Task A_broker_that_does_not_prove_itself_is_told_nothing(string name, bool believed)
    {
        using var certificate = BelievedAuthority.CertificateOf(name, believed);
        Assert.Equal(("localhost", ""), await ToldAsync(certificate));
    }

    [Fact]
    public async Task A_broker_that_proves_itself_is_spoken_to_over_TLS_on_whichever_port()
    {
        using var certificate = BelievedAuthority.CertificateOf("localhost", believed: true);
        Assert.Equal(("localhost", "AMQP"), await ToldAsync(certificate));
    }

    /// <summary>For which name a broker's certificate is asked (none where it is not asked at all, for want of TLS), and what the broker is told then.</summary>
    private static async Task<(string? Name, string Told)> ToldAsync(X509Certificate2 certificate)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var tokens = await TestTokens.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var host = new DefaultsHost { Sessions = tokens };
        await host.StartAsync(_ => { }, settings: new KeyValuePair<string, string?>("ConnectionStrings:RabbitMq", $"amqps://cdr:secret@localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/cdr"));

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        using var caller = await listener.AcceptTcpClientAsync(deadline.Token);
        await using var tls = new SslStream(caller.GetStream());
        string? name = null;
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateSelectionCallback = (_, asked) =>
            {
                name = asked;
                return certificate;
            },
        };
        var told = new byte[4];
        var count = 0;
        var ended = await Record.ExceptionAsync(async () =>
        {
            await tls.AuthenticateAsServerAsync(options, deadline.Token);
            count = await tls.ReadAtLeastAsync(told, told.Length, throwOnEndOfStream: false, deadline.Token);
        });
        Assert.True(ended is null or AuthenticationException or IOException, ended?.ToString());
        return (name, Encoding.ASCII.GetString(told, 0, count));
    }
}
