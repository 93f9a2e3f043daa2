using System.Collections.Concurrent;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.OpenId;

/// <summary>What providers publish of themselves: addresses and keys. Kept for an hour; read again for a key that is not among them.</summary>
internal sealed class ProviderDescriptions(IHttpClientFactory clients, TimeProvider clock)
{
    public const string Client = "sessions:providers";

    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    // A token with an invented key must not make us ask for each.
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, OpenIdConnectConfiguration Said)> known = new(StringComparer.Ordinal);

    /// <exception cref="HttpRequestException">The provider is silent, or says something else than what it is.</exception>
    public Task<OpenIdConnectConfiguration> OfAsync(ProviderOptions provider, CancellationToken cancellationToken) => OfAsync(provider, Kept, cancellationToken);

    /// <summary>Where its keys have changed since.</summary>
    public Task<OpenIdConnectConfiguration> FreshAsync(ProviderOptions provider, CancellationToken cancellationToken) => OfAsync(provider, Soonest, cancellationToken);

    private async Task<OpenIdConnectConfiguration> OfAsync(ProviderOptions provider, TimeSpan age, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(provider.Issuer, out var kept) && clock.GetUtcNow() - kept.At < age)
            return kept.Said;
        try
        {
            var said = await ReadAsync(provider, cancellationToken);
            known[provider.Issuer] = (clock.GetUtcNow(), said);
            return said;
        }
        // Its keys of before are still its keys: a provider that is silent for a moment signs nobody out.
        catch (HttpRequestException) when (kept.Said is not null && age == Kept)
        {
            return kept.Said;
        }
    }

    private async Task<OpenIdConnectConfiguration> ReadAsync(ProviderOptions provider, CancellationToken cancellationToken)
    {
        using var http = clients.CreateClient(Client);
        try
        {
            var metadata = new Uri(provider.Metadata ?? provider.Issuer.TrimEnd('/') + "/.well-known/openid-configuration");
            var said = OpenIdConnectConfiguration.Create(await http.GetStringAsync(metadata, cancellationToken));
            // OpenID Connect Discovery 4.3: otherwise one provider could speak for another.
            if (said.Issuer != provider.Issuer || !IsSafe(said.AuthorizationEndpoint, metadata) || !IsSafe(said.TokenEndpoint, metadata) || !IsSafe(said.UserInfoEndpoint, metadata) || !IsSafe(said.JwksUri, metadata))
                throw new HttpRequestException("The provider's description is another's, or incomplete.");
            // RP-Initiated Logout 1.0: optional, and then as safe as the others.
            if (!IsSafe(said.EndSessionEndpoint, metadata))
                said.EndSessionEndpoint = null;
            foreach (var key in new JsonWebKeySet(await http.GetStringAsync(new Uri(said.JwksUri), cancellationToken)).GetSigningKeys())
                said.SigningKeys.Add(key);
            return said;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.Text.Json.JsonException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException("The provider's description is not readable.", e);
        }
    }

    private static bool IsSafe(string? text, Uri metadata) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == metadata.Scheme;
}
