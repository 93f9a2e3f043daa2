using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
    [Fact]
    public async Task A_broker_whose_certificate_nobody_vouches_for_is_told_nothing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var tokens = await TestTokens.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var host = new DefaultsHost { Sessions = tokens };
        await host.StartAsync(_ => { }, settings: new KeyValuePair<string, string?>("ConnectionStrings:RabbitMq", $"amqps://cdr:secret@localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/cdr"));

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        using var caller = await listener.AcceptTcpClientAsync(deadline.Token);
        await using var tls = new SslStream(caller.GetStream());
        var told = 0;
        var refused = await Record.ExceptionAsync(async () =>
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, deadline.Token);
            told = await tls.ReadAsync(new byte[8], deadline.Token);
        });
        // It speaks TLS, looks at the certificate, and goes.
        Assert.False(deadline.IsCancellationRequested);
        Assert.True(refused is null or AuthenticationException or IOException, refused?.ToString());
        Assert.Equal(0, told);
    }
}
