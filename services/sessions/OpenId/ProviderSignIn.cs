using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.OpenId;

/// <summary>A sign-in that a browser began at a provider.</summary>
internal sealed class ProviderSignIn
{
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

    public static void Build(ModelBuilder model) => model.Entity<ProviderSignIn>(signIn =>
    {
        signIn.ToTable("provider_sign_ins").HasKey(s => s.State);
        signIn.Property(s => s.Provider).HasMaxLength(64);
        signIn.HasIndex(s => s.ExpiresAt);
    });
}
