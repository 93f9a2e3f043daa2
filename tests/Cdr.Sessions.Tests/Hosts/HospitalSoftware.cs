using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cdr.Contracts.Sessions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.Tests.Hosts;

/// <summary>A hospital's software, registered and asking for tokens; it can be made to lie in each part of its assertion.</summary>
internal sealed class HospitalSoftware(SessionsHost host, string id = "dossier-mont-vert")
{
    public const string North = "590991014";
    public const string South = "590991022";
    public const string Elsewhere = "690991013";
    public const string Audience = SessionsHost.Origin + "/api/sessions/software-tokens";

    private static readonly OnBehalfOf Account = new(LocalIdentifier: "mdurand");
    private int assertions;

    public string Id => id;

    /// <summary>Registered by the administrator: by certificate, and by key where one is given.</summary>
    public async Task<Answer<SoftwareView>> RegisterAsync(AsymmetricAlgorithm? key = null, string[]? establishments = null, DateOnly? from = null, DateOnly? until = null) =>
        await SendAsync<SoftwareView>(HttpMethod.Put, $"/api/sessions/software-clients/{id}", await TokenOfAsync("cpa-administrateur"), new SoftwareRegistration(
            "Dossier du Mont-Vert", establishments ?? [North, South], Organisations.Structure, Organisations.CommonName, key?.ExportSubjectPublicKeyInfoPem(), from ?? new DateOnly(2026, 1, 1), until));

    public async Task<string> TokenOfAsync(string card) => (await new TestAgent(host).SignInAsync(card)).Token.Value;

    public Task<Answer<AccessToken>> AskAsync(string? assertion, string finess = North, OnBehalfOf? human = null, string? unit = null) =>
        new TestAgent(host).PostAsync<AccessToken>("/api/sessions/software-tokens", new SoftwareTokenRequest(id, finess, human ?? Account, unit, assertion));

    public string Assertion(X509Certificate2 certificate, Action<SecurityTokenDescriptor>? lie = null)
    {
        using var key = certificate.GetRSAPrivateKey()!;
        return Assertion(key, descriptor =>
        {
            descriptor.AdditionalHeaderClaims = new Dictionary<string, object> { ["x5c"] = new[] { Convert.ToBase64String(certificate.RawData) } };
            lie?.Invoke(descriptor);
        });
    }

    public string Assertion(AsymmetricAlgorithm key, Action<SecurityTokenDescriptor>? lie = null, string? algorithm = null)
    {
        var now = host.Clock.GetUtcNow();
        var uncached = new CryptoProviderFactory { CacheSignatureProviders = false };
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = id,
            Audience = Audience,
            Expires = now.AddSeconds(50).UtcDateTime,
            Claims = new Dictionary<string, object> { ["sub"] = id, ["jti"] = $"{GetHashCode()}-{assertions++}" },
            SigningCredentials = key is RSA rsa
                ? new SigningCredentials(new RsaSecurityKey(rsa) { CryptoProviderFactory = uncached }, algorithm ?? SecurityAlgorithms.RsaSha256)
                : new SigningCredentials(new ECDsaSecurityKey((ECDsa)key) { CryptoProviderFactory = uncached }, algorithm ?? SecurityAlgorithms.EcdsaSha256),
        };
        lie?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    public async Task<Answer<TValue>> SendAsync<TValue>(HttpMethod method, string path, string? token, object? body = null)
    {
        using var http = host.CreateClient();
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync<TValue>(response);
    }
}
