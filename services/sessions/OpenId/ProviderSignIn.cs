using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.OpenId;

/// <summary>A sign-in that a browser began at a provider.</summary>
internal sealed class ProviderSignIn
{
    /// <summary>A card or a telephone, its code, and a slow connection.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>SHA-256 of the state; the state itself is kept nowhere.</summary>
    public required byte[] State { get; init; }

    public required string Provider { get; init; }

    /// <summary>SHA-256 of the secret in the browser's cookie.</summary>
    public required byte[] Binding { get; init; }

    /// <summary>SHA-256 of the nonce.</summary>
    public required byte[] Nonce { get; init; }

    /// <summary>PKCE verifier, sealed.</summary>
    public required byte[] Verifier { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    public DateTimeOffset BeganAt => ExpiresAt - Lifetime;

    public static void Build(ModelBuilder model) => model.Entity<ProviderSignIn>(signIn =>
    {
        signIn.ToTable("provider_sign_ins").HasKey(s => s.State);
        signIn.Property(s => s.Provider).HasMaxLength(64);
        signIn.HasIndex(s => s.ExpiresAt);
    });
}

/// <summary>What leaves the provider with a session: until it has been used, or the session cannot live any more.</summary>
internal sealed class ProviderLogin
{
    public required Guid SessionId { get; init; }

    public required string Provider { get; init; }

    /// <summary>The token by which it knows whom to sign out, sealed: it names the person.</summary>
    public required byte[] IdToken { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    public static void Build(ModelBuilder model) => model.Entity<ProviderLogin>(login =>
    {
        login.ToTable("provider_logins").HasKey(l => l.SessionId);
        login.Property(l => l.Provider).HasMaxLength(64);
        login.HasIndex(l => l.EndsAt);
    });
}
