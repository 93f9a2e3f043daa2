using System.Text.RegularExpressions;
using Cdr.Domain;

namespace Cdr.Sessions.OpenId;

/// <summary>OpenID Connect providers, each by its id: <c>Sessions:Providers:{id}:…</c>.</summary>
internal sealed class ProvidersOptions : Dictionary<string, ProviderOptions>
{
    public const string Section = "Sessions:Providers";

    /// <summary>Where a provider sends the browser back to, under the platform's origin; registered with it.</summary>
    public const string ReturnPath = "/connexion/retour";

    /// <summary>Where it sends the browser back to once it has signed the person out; registered with it too.</summary>
    public const string LeftPath = "/connexion/sortie";

    /// <summary>What is wrong with one of them; null: nothing.</summary>
    public string? Error() => this.Select(one => Error(one.Key, one.Value)).FirstOrDefault(error => error is not null);

    private static string? Error(string id, ProviderOptions provider)
    {
        if (!Regex.IsMatch(id, "^[a-z0-9-]{1,40}$"))
            return $"{Section}: {id} is no id: lower-case letters, digits and dashes.";
        if (!IsSafe(provider.Issuer) || provider.Metadata is { } metadata && !IsSafe(metadata))
            return $"{Section}:{id}: Issuer and Metadata are https addresses.";
        if (provider.ClientId.Length == 0 || provider.ClientSecret.Length == 0 || provider.Label.Length == 0)
            return $"{Section}:{id} needs a Label, a ClientId and a ClientSecret.";
        // Otherwise a password alone would open what a card in a reader opens.
        if (provider.Acr.Length == 0 && provider.Amr.Length == 0)
            return $"{Section}:{id} needs Acr or Amr: what shows that it asked for a second factor.";
        return null;
    }

    /// <summary>Over TLS, or on this machine.</summary>
    private static bool IsSafe(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == "https" || address.Scheme == "http" && address.IsLoopback);
}

/// <summary>One provider.</summary>
internal sealed class ProviderOptions
{
    /// <value>As its button says it: Pro Santé Connect.</value>
    public string Label { get; init; } = "";

    /// <value>Exactly as its tokens say it.</value>
    public string Issuer { get; init; } = "";

    /// <value>Address of its description. Default: the issuer's <c>.well-known/openid-configuration</c>.</value>
    public string? Metadata { get; init; }

    /// <value>This platform's name there.</value>
    public string ClientId { get; init; } = "";

    /// <value>This platform's secret there.</value>
    public string ClientSecret { get; init; } = "";

    /// <value>Default <c>openid</c>; Pro Santé Connect: <c>openid scope_all</c>.</value>
    public string Scope { get; init; } = "openid";

    /// <value>Accepted levels (<c>acr</c>), asked for in this order; one of them must be in the token. Pro Santé Connect: <c>eidas1</c>.</value>
    public string[] Acr { get; init; } = [];

    /// <value>Accepted second factors (<c>amr</c>, RFC 8176: <c>mfa, otp, hwk, sc</c>); one of them must be in the token. Default none asked.</value>
    public string[] Amr { get; init; } = [];

    /// <value>Whom it vouches for. Default professionals.</value>
    public ProviderHolders Holders { get; init; }

    /// <value>Accepted algorithms of its tokens.</value>
    public string[] Algorithms { get; init; } = [];

    /// <value>How long its sessions last at the most: no card leaves a reader. Default 4 h.</value>
    public TimeSpan Life { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Asymmetric only: the client's secret signs nothing.</summary>
    public IReadOnlyCollection<string> AcceptedAlgorithms => Algorithms.Length > 0 ? Algorithms : ["RS256", "PS256", "ES256"];

    /// <summary>What its sessions may open, as the kind of card that opens the same.</summary>
    public CardKind Kind => Holders == ProviderHolders.Staff ? CardKind.Cpa : CardKind.Cps;
}

/// <summary>Whom a provider vouches for.</summary>
internal enum ProviderHolders
{
    /// <summary>Health professionals by their national identifier: the same person as with their card.</summary>
    Professionals,

    /// <summary>Staff of the hotline, of operations, of a regime: by the provider's own name for them; their roles are ours alone, and none consults.</summary>
    Staff,
}
