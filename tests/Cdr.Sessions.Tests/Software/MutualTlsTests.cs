using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Testing;
using Cdr.Testing.Servers;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cdr.Sessions.Tests.Software;

/// <summary>Mutual TLS against the program's own server, on an address that asks for certificates.</summary>
public sealed class MutualTlsTests : IAsyncLifetime
{
    private readonly TestFolder folder = new("mutual-tls");
    private readonly Organisations organisations = new();
    private readonly SessionsHost host;
    private readonly HospitalSoftware software;
    private readonly Uri address = new($"https://127.0.0.1:{FreePort.Take()}");

    public MutualTlsTests(PrintedCards cards)
    {
        var pem = folder.File("server.pem");
        host = new SessionsHost(cards,
        [
            .. Organisations.Settings, new("Sessions:AnonymousRequestsPerMinute", "12"),
            new("Kestrel:Endpoints:Plain:Url", $"http://127.0.0.1:{FreePort.Take()}"),
            new("Kestrel:Endpoints:Mutual:Url", address.AbsoluteUri), new("Kestrel:Endpoints:Mutual:ClientCertificateMode", "AllowCertificate"),
            new("Kestrel:Endpoints:Mutual:Certificate:Path", pem), new("Kestrel:Endpoints:Mutual:Certificate:KeyPath", pem),
        ]);
        using var key = RSA.Create(2048);
        using var server = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(pem, server.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        host.UseKestrel();
        software = new HospitalSoftware(host);
    }

    public async ValueTask InitializeAsync()
    {
        host.StartServer();
        organisations.Trust(host);
        Assert.Equal(200, (await software.RegisterAsync()).Status);
    }

    [Fact]
    public async Task The_handshake_proves_the_client_and_the_token_is_as_any_other()
    {
        using var certificate = organisations.Issue();
        var token = new JsonWebToken((await AskAsync(certificate)).Value.Value);
        Assert.Equal(("software", HospitalSoftware.North), (token.GetClaim("kind").Value, token.GetClaim("finess").Value));
        var seen = Assert.Single((await software.SendAsync<SoftwareView[]>(HttpMethod.Get, "/api/sessions/software-clients", await software.TokenOfAsync("cpa-administrateur"))).Value);
        Assert.Equal(certificate.NotAfter.ToUniversalTime(), seen.CertificateEndsAt!.Value.UtcDateTime);
    }

    [Fact]
    public async Task A_certificate_that_proves_nothing_here_obtains_nothing()
    {
        using var revoked = organisations.Issue();
        organisations.Trust(host, revoked);
        using var elsewhere = new Organisations();
        using var stranger = elsewhere.Issue();
        using var card = host.Cards.Authentication("cps-medecin");
        using var other = organisations.Issue(commonName: "urgences.mont-vert.test");
        Assert.Equal("software-not-proven", (await AskAsync(null)).Code);
        Assert.Equal("software-certificate-revoked", (await AskAsync(revoked)).Code);
        Assert.Equal("software-certificate-refused", (await AskAsync(stranger)).Code);
        Assert.Equal("software-certificate-refused", (await AskAsync(card)).Code);
        Assert.Equal("software-certificate-of-another", (await AskAsync(other)).Code);
    }

    [Fact]
    public async Task Nothing_but_tokens_is_obtained_there()
    {
        using var certificate = organisations.Issue();
        using var http = Connect(certificate);
        foreach (var path in new[] { "/health/ready", "/health/live", "/api/sessions/keys", "/.well-known/jwks.json", "/internal/sessions", "/", "/api/sessions/software-tokens/" })
        {
            using var response = await http.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(404, (int)response.StatusCode);
        }

        using var opening = await http.PostAsJsonAsync("/api/sessions/challenges", new { }, TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)opening.StatusCode);
        Assert.Equal(200, (await AskAsync(certificate)).Status);
    }

    [Fact]
    public async Task Who_names_another_address_is_limited_by_their_own()
    {
        using var elsewhere = new Organisations();
        using var stranger = elsewhere.Issue();
        for (var ask = 0; ask < 3; ask++)
            Assert.Equal("software-certificate-refused", (await AskAsync(stranger, $"192.0.2.{ask}")).Code);
        Assert.Equal("too-many-requests", (await AskAsync(stranger, "192.0.2.9")).Code);
    }

    public ValueTask DisposeAsync()
    {
        host.Dispose();
        organisations.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<Answer<AccessToken>> AskAsync(X509Certificate2? certificate, string? forwarded = null)
    {
        using var http = Connect(certificate);
        if (forwarded is not null)
            http.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);
        using var response = await http.PostAsJsonAsync(
            "/api/sessions/software-tokens", new SoftwareTokenRequest(software.Id, HospitalSoftware.North, new OnBehalfOf(LocalIdentifier: "mdurand")), TestContext.Current.CancellationToken);
        return await Answer.ReadAsync<AccessToken>(response);
    }

    private HttpClient Connect(X509Certificate2? certificate)
    {
        // The test's own server certificate; whether the client believes the server is not what is tested.
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        if (certificate is not null)
            handler.ClientCertificates.Add(certificate);
        return new HttpClient(handler) { BaseAddress = address };
    }
}
