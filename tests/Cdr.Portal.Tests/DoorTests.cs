using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Cdr.Contracts.Rights;
using Cdr.Portal.Tests.Fakes;

namespace Cdr.Portal.Tests;

public sealed class DoorTests : IAsyncLifetime
{
    private FakePlatform platform = null!;

    public async ValueTask InitializeAsync() => platform = await FakePlatform.StartAsync();

    public async ValueTask DisposeAsync() => await platform.DisposeAsync();

    [Theory]
    [InlineData("GET", "/api/regimes")]
    [InlineData("GET", "/.well-known/jwks.json")]
    [InlineData("GET", "/verify")]
    [InlineData("GET", "/verify/7K2QM-0X4TB")]
    [InlineData("GET", "/openapi/rights.json")]
    [InlineData("GET", "/openapi/sessions.json")]
    [InlineData("GET", "/openapi/usage.json")]
    [InlineData("POST", "/fhir/CoverageEligibilityRequest/$submit")]
    public async Task The_door_forwards_the_public_paths(string method, string path)
    {
        await using var portal = await PortalHost.StartAsync(platform, door: true);
        using var client = Program();
        var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), portal.Address + path), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(platform.Seen, seen => seen == $"{method} {path}");
    }

    [Fact]
    public async Task The_door_keeps_the_caller_s_token_and_drops_the_page_s_cookie()
    {
        await using var portal = await PortalHost.StartAsync(platform, door: true);
        using var client = Program();
        var request = new HttpRequestMessage(HttpMethod.Post, portal.Address + "/api/consultations") { Content = JsonContent.Create(new ConsultationRequest { Nir = Samples.Nir, Reason = "emergency" }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "of-the-caller");
        request.Headers.Add("Cookie", "cdr-session=x");
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal("Bearer of-the-caller", Assert.Single(platform.Rights.Tokens));
        Assert.Empty(platform.Cookies);
    }

    [Fact]
    public async Task The_door_adds_its_client_to_what_the_proxy_before_it_said()
    {
        await using var portal = await PortalHost.StartAsync(platform, door: true);
        using var client = Program();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");
        await client.GetAsync(portal.Address + "/api/regimes", TestContext.Current.CancellationToken);
        Assert.Equal("192.0.2.1,127.0.0.1", platform.Clients["/api/regimes"].Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_stream_passes_the_door_as_it_comes()
    {
        platform.Rights.Pace = TimeSpan.FromMilliseconds(150);
        await using var portal = await PortalHost.StartAsync(platform, door: true);
        using var client = Program();
        var request = new HttpRequestMessage(HttpMethod.Post, portal.Address + "/api/consultations") { Content = JsonContent.Create(new ConsultationRequest { Nir = Samples.Nir, Reason = "emergency" }) };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("event: started", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Single(platform.Rights.Asked);
    }

    [Fact]
    public async Task What_is_inside_stays_inside()
    {
        await using var portal = await PortalHost.StartAsync(platform, door: true);
        using var client = Program();
        var response = await client.GetAsync(portal.Address + "/internal/secret", TestContext.Current.CancellationToken);
        Assert.NotEqual(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(platform.Seen, seen => seen.Contains("/internal/secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_module_alone_has_no_door()
    {
        await using var portal = await PortalHost.StartAsync(platform);
        using var client = Program();
        await client.GetAsync(portal.Address + "/api/regimes", TestContext.Current.CancellationToken);
        await client.GetAsync(portal.Address + "/fhir/metadata", TestContext.Current.CancellationToken);
        Assert.DoesNotContain(platform.Seen, seen => seen is "GET /api/regimes" or "GET /fhir/metadata");
    }

    private static HttpClient Program() => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
}
