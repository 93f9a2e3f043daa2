using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.Tests.Features;

public sealed class ServiceTokenTests : IClassFixture<SharedHost>
{
    private readonly SessionsHost host;
    private readonly string folder;
    private int assertions;

    public ServiceTokenTests(SharedHost shared)
    {
        ArgumentNullException.ThrowIfNull(shared);
        host = shared.Sessions;
        folder = Path.Combine(host.Folder, "identity");
        if (!File.Exists(Path.Combine(folder, "rights.pem")))
            ServiceIdentities.CreateKey(folder, "rights");
    }

    [Fact]
    public async Task A_service_proves_itself_and_may_ask_whether_a_session_lives()
    {
        var agent = new TestAgent(host);
        var grant = await agent.SignInAsync("cps-infirmier");
        var token = (await TokenAsync(Assertion("rights"))).Value;
        Assert.Equal(new SessionLiveness(true, null), await LivenessAsync(grant.Session, token.Value));
        await host.Api.EndAsync(grant.Session, "Bearer " + grant.Token.Value, TestContext.Current.CancellationToken);
        Assert.Equal(new SessionLiveness(false, "signed-out"), await LivenessAsync(grant.Session, token.Value));
        Assert.Equal(new SessionLiveness(false, "unknown"), await LivenessAsync(Guid.CreateVersion7(host.Clock.GetUtcNow()), token.Value));
    }

    [Fact]
    public async Task An_assertion_is_good_once()
    {
        var assertion = Assertion("rights");
        Assert.Equal(200, (await TokenAsync(assertion)).Status);
        var again = await TokenAsync(assertion);
        Assert.Equal((401, "assertion-refused"), (again.Status, again.Code));
    }

    [Fact]
    public async Task Of_one_assertion_sent_many_times_at_once_one_is_taken()
    {
        var assertion = Assertion("rights");
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TokenAsync(assertion)));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(3, answers.Count(answer => answer.Status == 401));
    }

    [Fact]
    public async Task What_does_not_prove_the_service_is_refused()
    {
        var now = host.Clock.GetUtcNow();
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string[] wrong =
        [
            Assertion("nobody", key: stranger),
            Assertion("rights", key: stranger),
            Assertion("../identity/rights"),
            Assertion("rights", subject: "portal"),
            Assertion("rights", audience: "cdr"),
            Assertion("rights", until: now.AddMinutes(10)),
            Assertion("rights", until: now.AddSeconds(-1)),
            Assertion("rights", jti: ""),
            Assertion("rights")[..^8] + "AAAAAAAA",
            Unsigned(now),
            "not.a.token",
        ];
        foreach (var assertion in wrong)
            Assert.Equal((401, "assertion-refused"), await TokenAsync(assertion) is var answer ? (answer.Status, answer.Code) : default);
    }

    private static string Unsigned(DateTimeOffset now) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "rights",
        Audience = ServiceIdentities.AssertionAudience,
        Expires = now.AddSeconds(50).UtcDateTime,
        Claims = new Dictionary<string, object> { ["sub"] = "rights", ["jti"] = "unsigned" },
    });

    private string Assertion(string service, ECDsa? key = null, string? subject = null, string audience = ServiceIdentities.AssertionAudience, DateTimeOffset? until = null, string? jti = null)
    {
        using var own = ECDsa.Create();
        own.ImportFromPem(File.ReadAllText(Path.Combine(folder, "rights.pem")));
        var now = host.Clock.GetUtcNow();
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = service,
            Audience = audience,
            NotBefore = now.AddMinutes(-5).UtcDateTime,
            Expires = (until ?? now.AddSeconds(55)).UtcDateTime,
            Claims = new Dictionary<string, object> { ["sub"] = subject ?? service, ["jti"] = jti ?? $"{nameof(ServiceTokenTests)}-{GetHashCode()}-{assertions++}" },
            SigningCredentials = new SigningCredentials(
                new ECDsaSecurityKey(key ?? own) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } }, SecurityAlgorithms.EcdsaSha256),
        });
    }

    private Task<Answer<AccessToken>> TokenAsync(string assertion) => new TestAgent(host).PostAsync<AccessToken>("/api/sessions/service-tokens", new ServiceTokenRequest(assertion));

    private async Task<SessionLiveness?> LivenessAsync(Guid session, string token)
    {
        using var http = host.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.GetAsync(new Uri($"/internal/sessions/{session}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<SessionLiveness>(TestContext.Current.CancellationToken);
    }
}
