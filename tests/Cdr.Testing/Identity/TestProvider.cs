using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Testing.Identity;

/// <summary>
/// An OpenID Connect provider of its own: discovery, authorization code with PKCE, tokens, user info, keys that rotate. It keeps the
/// rules by itself; a test makes it lie in one part. Whoever comes to its page is signed in as <see cref="Person"/> at once, unless it still
/// knows whoever came before and is not asked to forget them (<c>prompt</c>, <c>max_age</c>): it serves one browser.
/// </summary>
public sealed class TestProvider : IAsyncDisposable
{
    /// <summary>The platform's name there.</summary>
    public const string ClientId = "cdr-test";

    /// <summary>With characters that must be encoded.</summary>
    public const string ClientSecret = "a secret: with + and %";

    private readonly ConcurrentDictionary<string, Grant> codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Dictionary<string, object>> access = new(StringComparer.Ordinal);
    private readonly TimeProvider clock;
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, byte> signed = new(StringComparer.Ordinal);
    private RSA key = RSA.Create(2048);
    private (Dictionary<string, object> Person, DateTimeOffset At)? known;
    private string kid = "key-1";

    private TestProvider(TimeProvider clock)
    {
        this.clock = clock;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Use(async (context, next) =>
        {
            if (Silent)
                context.Abort();
            else
                await next(context);
        });
        app.MapGet("/.well-known/openid-configuration", () => TypedResults.Json(Description()));
        app.MapGet("/keys", () => TypedResults.Json(new { keys = new[] { PublicKey() } }));
        app.MapGet("/authorize", Authorize);
        app.MapPost("/token", TokenAsync);
        app.MapGet("/userinfo", UserInfo);
        app.MapPost("/leave", LeaveAsync);
    }

    /// <summary>Its issuer, and its address.</summary>
    public string Issuer { get; private set; } = "";

    /// <summary>Where it sends browsers back to.</summary>
    public string ReturnAddress { get; init; } = "https://cdr.test/connexion/retour";

    /// <summary>Where it sends browsers to that it has signed out.</summary>
    public string LeftAddress { get; init; } = "https://cdr.test/connexion/sortie";

    /// <summary>It does not do what is asked of it: who was here before is still here.</summary>
    public bool NeverAsksAgain { get; set; }

    /// <summary>Whether it would let whoever came before in again.</summary>
    public bool Remembers => known is not null;

    /// <summary>Who signs in there: claims of the user info, <c>sub</c> among them.</summary>
    public Dictionary<string, object> Person { get; set; } = [];

    /// <summary>How they signed in: claims of the token.</summary>
    public Dictionary<string, object> How { get; set; } = new() { ["acr"] = "eidas1" };

    /// <summary>Changes a token just before it is signed.</summary>
    public Action<SecurityTokenDescriptor>? Lie { get; set; }

    /// <summary>Changes a token after it was signed.</summary>
    public Func<string, string>? Forge { get; set; }

    /// <summary>Says another person's data with this one's token.</summary>
    public Dictionary<string, object>? OtherPerson { get; set; }

    /// <summary>Every connection is cut.</summary>
    public bool Silent { get; set; }

    /// <summary>How many codes were exchanged for tokens.</summary>
    public int Exchanged { get; private set; }

    /// <summary>Starts on a port of its own.</summary>
    public static async Task<TestProvider> StartAsync(TimeProvider? clock = null, string? returnAddress = null, CancellationToken cancellationToken = default)
    {
        var provider = returnAddress is null
            ? new TestProvider(clock ?? TimeProvider.System)
            : new TestProvider(clock ?? TimeProvider.System) { ReturnAddress = returnAddress, LeftAddress = new Uri(new Uri(returnAddress), "/connexion/sortie").AbsoluteUri };
        await provider.app.StartAsync(cancellationToken);
        // To a browser another site than 127.0.0.1, as a real provider is.
        provider.Issuer = provider.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        return provider;
    }

    /// <summary>The settings by which a host of Sessions knows it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings(string id, string label, params (string Name, string Value)[] more)
    {
        foreach (var (name, value) in (IEnumerable<(string, string)>)[("Label", label), ("Issuer", Issuer), ("ClientId", ClientId), ("ClientSecret", ClientSecret), .. more])
            yield return new($"Sessions:Providers:{id}:{name}", value);
    }

    /// <summary>Its next key; the one before is published no more.</summary>
    public void RotateKey()
    {
        key = RSA.Create(2048);
        kid += "+";
    }

    /// <summary>A browser comes to its page and is sent back: the address it is sent to.</summary>
    public static async Task<Uri> VisitAsync(string address, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var response = await http.GetAsync(new Uri(address), cancellationToken);
        return response.Headers.Location ?? throw new InvalidOperationException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
    }

    private Dictionary<string, object> Description() => new()
    {
        ["issuer"] = Issuer, ["authorization_endpoint"] = Issuer + "/authorize", ["token_endpoint"] = Issuer + "/token", ["userinfo_endpoint"] = Issuer + "/userinfo", ["end_session_endpoint"] = Issuer + "/leave", ["jwks_uri"] = Issuer + "/keys",
        ["response_types_supported"] = new[] { "code" }, ["subject_types_supported"] = new[] { "public" }, ["id_token_signing_alg_values_supported"] = new[] { "RS256" },
        ["code_challenge_methods_supported"] = new[] { "S256" }, ["authorization_response_iss_parameter_supported"] = true,
    };

    private object PublicKey()
    {
        var numbers = key.ExportParameters(false);
        return new { kty = "RSA", use = "sig", alg = "RS256", kid, n = Base64UrlEncoder.Encode(numbers.Modulus), e = Base64UrlEncoder.Encode(numbers.Exponent) };
    }

    private IResult Authorize(HttpRequest request)
    {
        var asked = request.Query.ToDictionary(one => one.Key, one => one.Value.ToString());
        string Of(string name) => asked.GetValueOrDefault(name, "");
        if (Of("client_id") != ClientId || Of("redirect_uri") != ReturnAddress || Of("response_type") != "code" || !Of("scope").Split(' ').Contains("openid")
            || Of("code_challenge_method") != "S256" || Of("code_challenge").Length != 43 || Of("nonce").Length < 20 || Of("state").Length < 20)
            return TypedResults.BadRequest("The request is not conformant.");
        var now = clock.GetUtcNow();
        var again = Of("prompt").Split(' ').Contains("login") || known is { At: var at } && int.TryParse(Of("max_age"), CultureInfo.InvariantCulture, out var age) && now - at > TimeSpan.FromSeconds(age);
        if (known is null || again && !NeverAsksAgain)
            known = (new(Person), now);
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        codes[code] = new Grant(Of("nonce"), Of("code_challenge"), known.Value.Person, known.Value.At, now.AddSeconds(60));
        return TypedResults.Redirect(QueryHelpers.AddQueryString(ReturnAddress, new Dictionary<string, string?> { ["code"] = code, ["state"] = Of("state"), ["iss"] = Issuer }));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{System.Net.WebUtility.UrlEncode(ClientId)}:{System.Net.WebUtility.UrlEncode(ClientSecret)}"));
        if (request.Headers.Authorization != basic)
            return TypedResults.Json(new { error = "invalid_client" }, statusCode: 401);
        if (form["grant_type"] != "authorization_code" || !codes.TryRemove(form["code"].ToString(), out var grant) || grant.ExpiresAt < clock.GetUtcNow() || form["redirect_uri"] != ReturnAddress
            || Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != grant.Challenge)
            return TypedResults.Json(new { error = "invalid_grant" }, statusCode: 400);
        Exchanged++;
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        access[token] = OtherPerson ?? grant.Person;
        return TypedResults.Json(new { access_token = token, token_type = "Bearer", expires_in = 60, id_token = IdToken(grant, token) });
    }

    private IResult UserInfo(HttpRequest request) =>
        request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token] && access.TryGetValue(token, out var person)
            ? TypedResults.Json(person)
            : TypedResults.Json(new { error = "invalid_token" }, statusCode: 401);

    private string IdToken(Grant grant, string token)
    {
        var now = clock.GetUtcNow();
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = ClientId,
            IssuedAt = now.UtcDateTime,
            Expires = now.AddMinutes(2).UtcDateTime,
            Claims = new Dictionary<string, object>(How)
            {
                ["sub"] = grant.Person["sub"], ["nonce"] = grant.Nonce, ["auth_time"] = grant.AuthenticatedAt.ToUnixTimeSeconds(),
                ["at_hash"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)).AsSpan(0, 16)),
            },
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(key) { KeyId = kid, CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } }, SecurityAlgorithms.RsaSha256),
        };
        Lie?.Invoke(descriptor);
        var signed = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
        this.signed[signed] = 0;
        return Forge?.Invoke(signed) ?? signed;
    }

    /// <summary>RP-Initiated Logout 1.0: by its own token, of this client, back to an address it knows.</summary>
    private async Task<IResult> LeaveAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        if (!signed.ContainsKey(form["id_token_hint"].ToString()) || form["client_id"] != ClientId || form["post_logout_redirect_uri"] != LeftAddress)
            return TypedResults.BadRequest("The request is not conformant.");
        known = null;
        return TypedResults.Redirect(LeftAddress);
    }

    private sealed record Grant(string Nonce, string Challenge, Dictionary<string, object> Person, DateTimeOffset AuthenticatedAt, DateTimeOffset ExpiresAt);
}
