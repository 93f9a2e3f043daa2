using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cdr.Domain;
using Cdr.Sessions.Cards;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.OpenId;

/// <summary>What a provider's answer proves.</summary>
internal abstract record ProviderProof
{
    /// <param name="Identity">Whom.</param>
    /// <param name="IdToken">By which the provider knows whom to sign out.</param>
    public sealed record Proven(CardIdentity Identity, string IdToken) : ProviderProof;

    public sealed record Refused(Refusal Why) : ProviderProof;
}

/// <summary>Exchanges the code for an identity: the code flow with PKCE of OpenID Connect Core 1.0.</summary>
internal sealed class ProviderClient(IHttpClientFactory clients, ProviderDescriptions descriptions, IOptions<SessionsOptions> sessions, TimeProvider clock)
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(10);

    // Of a sign-in that began at most ten minutes ago.
    private static readonly TimeSpan Oldest = TimeSpan.FromMinutes(11);

    public string ReturnAddress => sessions.Value.Origin.TrimEnd('/') + ProvidersOptions.ReturnPath;

    public string LeftAddress => sessions.Value.Origin.TrimEnd('/') + ProvidersOptions.LeftPath;

    /// <exception cref="HttpRequestException">The provider is silent.</exception>
    public async Task<ProviderProof> ProveAsync(ProviderOptions provider, ProviderSignIn began, string code, string verifier, string? issuer, CancellationToken cancellationToken)
    {
        var description = await descriptions.OfAsync(provider, cancellationToken);
        // RFC 9207: of two providers, the one that was asked.
        if (issuer is null ? description.AuthorizationResponseIssParameterSupported : issuer != provider.Issuer)
            return new ProviderProof.Refused(ProviderRefusals.OtherProvider);
        using var tokens = await ExchangeAsync(provider, description, code, verifier, cancellationToken);
        if (Text(tokens, "id_token") is not { } idToken || Text(tokens, "access_token") is not { } access)
            return new ProviderProof.Refused(ProviderRefusals.CodeRefused);
        if (await ReadAsync(provider, idToken, cancellationToken) is not { } id || !IsOurs(id, provider, began.Nonce) || !IsOf(id, access))
            return new ProviderProof.Refused(ProviderRefusals.TokenRefused);
        if (!IsFresh(id, began.BeganAt))
            return new ProviderProof.Refused(ProviderRefusals.NotAnew);
        if (!IsStrong(id, provider))
            return new ProviderProof.Refused(ProviderRefusals.TooWeak);
        using var person = await PersonAsync(description, access, cancellationToken);
        // OpenID Connect Core 5.3.2: another's data must not come with this one's token.
        if (person is null || Text(person, "sub") != id.Subject)
            return new ProviderProof.Refused(ProviderRefusals.TokenRefused);
        return NumberOf(provider, id, person) is { } number
            ? new ProviderProof.Proven(new CardIdentity(provider.Kind, true, number, Text(person, "family_name") ?? "", Text(person, "given_name") ?? "", null), idToken)
            : new ProviderProof.Refused(ProviderRefusals.NoIdentifier);
    }

    /// <summary>RFC 7636.</summary>
    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    /// <summary>Null where the provider does not take the code.</summary>
    private async Task<JsonDocument?> ExchangeAsync(ProviderOptions provider, OpenIdConnectConfiguration description, string code, string verifier, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, description.TokenEndpoint)
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", ReturnAddress), new("client_id", provider.ClientId), new("code_verifier", verifier),
            ]),
        };
        // RFC 6749, 2.3.1: each part is form-encoded before.
        var pair = $"{WebUtility.UrlEncode(provider.ClientId)}:{WebUtility.UrlEncode(provider.ClientSecret)}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        return await SendAsync(request, cancellationToken);
    }

    private async Task<JsonDocument?> PersonAsync(OpenIdConnectConfiguration description, string access, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, description.UserInfoEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        return await SendAsync(request, cancellationToken);
    }

    private async Task<JsonDocument?> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var http = clients.CreateClient(ProviderDescriptions.Client);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if ((int)response.StatusCode >= 500)
                throw new HttpRequestException("The provider answers with an error.");
            return response.IsSuccessStatusCode ? JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException("The provider is silent.", e);
        }
    }

    /// <summary>Signature, issuer, audience and life; null when one of them is wrong.</summary>
    private async Task<JsonWebToken?> ReadAsync(ProviderOptions provider, string token, CancellationToken cancellationToken)
    {
        var result = await ValidateAsync(provider, await descriptions.OfAsync(provider, cancellationToken), token);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
            result = await ValidateAsync(provider, await descriptions.FreshAsync(provider, cancellationToken), token);
        return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
    }

    private Task<TokenValidationResult> ValidateAsync(ProviderOptions provider, OpenIdConnectConfiguration description, string token)
    {
        var now = clock.GetUtcNow();
        return new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = provider.ClientId,
            ValidAlgorithms = provider.AcceptedAlgorithms,
            IssuerSigningKeys = description.SigningKeys,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (from, until, _, _) => until is { } end && end > (now - Skew).UtcDateTime && (from is null || from <= (now + Skew).UtcDateTime),
        });
    }

    private bool IsOurs(JsonWebToken id, ProviderOptions provider, byte[] nonce)
    {
        var now = clock.GetUtcNow();
        return Claim(id, "nonce") is { } told && CryptographicOperations.FixedTimeEquals(Secret.HashOf(told), nonce)
            && id.Subject is { Length: > 0 and <= 255 }
            && (id.Audiences.Count() == 1 || id.Azp == provider.ClientId) && (id.Azp is not { Length: > 0 } azp || azp == provider.ClientId)
            && id.IssuedAt > (now - Oldest).UtcDateTime && id.IssuedAt <= (now + Skew).UtcDateTime;
    }

    /// <summary>The person proved themselves for this sign-in, and not for whoever sat here before (2, auth_time; 3.1.3.7, 13).</summary>
    private bool IsFresh(JsonWebToken id, DateTimeOffset began) =>
        id.TryGetPayloadValue<long>("auth_time", out var seconds)
        && seconds >= (began - Skew).ToUnixTimeSeconds() && seconds <= (clock.GetUtcNow() + Skew).ToUnixTimeSeconds();

    /// <summary>The access token beside it is the one it was made with, where it says so (3.1.3.6).</summary>
    private static bool IsOf(JsonWebToken id, string access) =>
        Claim(id, "at_hash") is not { } hash || hash == Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(access)).AsSpan(0, 16));

    private static bool IsStrong(JsonWebToken id, ProviderOptions provider)
    {
        var methods = id.Claims.Where(claim => claim.Type == "amr").Select(claim => claim.Value).ToList();
        return (provider.Acr.Length == 0 || Claim(id, "acr") is { } level && provider.Acr.Contains(level))
            && (provider.Amr.Length == 0 || provider.Amr.Any(methods.Contains));
    }

    /// <summary>How the register calls the person. A professional: the card's own number. Staff: the provider's name for them, which nobody else's is.</summary>
    private static string? NumberOf(ProviderOptions provider, JsonWebToken id, JsonDocument person)
    {
        if (provider.Holders == ProviderHolders.Staff)
            return $"openid|{provider.Issuer}|{id.Subject}";
        // Only whom the register of professionals knows, and who acts in a profession.
        return Text(person, "SubjectNameID") is ['8', .. var rpps] number && Rpps.Parse(rpps).TryGet(out var read, out _) && read.Value == rpps && HasRole(person) ? number : null;
    }

    private static bool HasRole(JsonDocument person) =>
        person.RootElement.TryGetProperty("SubjectRole", out var role) && role.ValueKind switch
        {
            JsonValueKind.String => role.GetString()!.Length > 0,
            JsonValueKind.Array => role.GetArrayLength() > 0,
            _ => false,
        };

    private static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) ? value : null;

    private static string? Text(JsonDocument? document, string name) =>
        document is { RootElement.ValueKind: JsonValueKind.Object } && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
