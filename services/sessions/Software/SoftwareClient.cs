using Cdr.Contracts.Sessions;
using Cdr.Sessions.Data;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Software;

/// <summary>A hospital's software that asks by itself, for the humans it names.</summary>
internal sealed class SoftwareClient
{
    /// <summary>Chosen at registration; issuer and subject of its assertions.</summary>
    public required string Id { get; init; }

    public required string Name { get; set; }

    /// <summary>Structure's number on its certificate (OU), as it is written there; null: no certificate proves it.</summary>
    public string? Structure { get; set; }

    /// <summary>Common name on its certificate: a structure has several pieces of software. The certificate's renewal keeps both.</summary>
    public string? CommonName { get; set; }

    /// <summary>SubjectPublicKeyInfo of its own key; null: only a certificate proves it.</summary>
    public byte[]? PublicKey { get; set; }

    public required DateOnly From { get; set; }

    /// <summary>Last day; null: until withdrawn.</summary>
    public DateOnly? Until { get; set; }

    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Final.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }

    public DateTimeOffset? SeenAt { get; set; }

    /// <summary>End of the certificate it last used: they are not renewed by themselves.</summary>
    public DateTimeOffset? CertificateEndsAt { get; set; }

    public List<SoftwareScope> Scope { get; } = [];
}

/// <summary>An establishment that a client may ask for.</summary>
internal sealed class SoftwareScope
{
    public required string ClientId { get; init; }

    public required string EstablishmentFiness { get; init; }

    public Establishment? Establishment { get; init; }
}

/// <summary>One human at one client, for one establishment: what a token's <c>sid</c> leads back to.</summary>
internal sealed class SoftwareSession
{
    public required Guid Id { get; init; }

    public required string ClientId { get; init; }

    public required string EstablishmentFiness { get; init; }

    public string? Unit { get; init; }

    /// <summary>Keyed reference of the human: <c>sub</c>. The same as with a card, where the national identifier was given.</summary>
    public required byte[] Subject { get; init; }

    /// <summary>The identifier the client gave, sealed.</summary>
    public required byte[] Human { get; init; }

    /// <summary>SHA-256 of the issuer's certificate, hexadecimal; empty where the client proved its own key.</summary>
    public required string Issuer { get; init; }

    /// <summary>Of the certificate; empty where the client proved its own key.</summary>
    public required string Serial { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset SeenAt { get; set; }

    /// <summary>At the latest.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>One of <see cref="SessionEnds"/>.</summary>
    public string? EndedBecause { get; set; }

    /// <summary>When the copy that says "ended" is to be written (again); null when it was.</summary>
    public DateTimeOffset? CopyDueAt { get; set; }
}

internal static class SoftwareTables
{
    private const int Code = 64;

    public static void Build(ModelBuilder model)
    {
        model.Entity<SoftwareClient>(client =>
        {
            client.ToTable("software_clients").Property(c => c.Id).HasMaxLength(Code);
            client.Property(c => c.Structure).HasMaxLength(Code);
            client.Property(c => c.CommonName).HasMaxLength(256);
        });
        model.Entity<SoftwareScope>(scope =>
        {
            scope.ToTable("software_scopes").HasKey(s => new { s.ClientId, s.EstablishmentFiness });
            scope.HasOne<SoftwareClient>().WithMany(c => c.Scope).HasForeignKey(s => s.ClientId);
            scope.HasOne(s => s.Establishment).WithMany().HasForeignKey(s => s.EstablishmentFiness).OnDelete(DeleteBehavior.Restrict);
            scope.HasIndex(s => s.EstablishmentFiness);
        });
        model.Entity<SoftwareSession>(session =>
        {
            session.ToTable("software_sessions").HasIndex(s => new { s.ClientId, s.Subject });
            session.Property(s => s.ClientId).HasMaxLength(Code);
            session.Property(s => s.EstablishmentFiness).HasMaxLength(9);
            session.Property(s => s.Unit).HasMaxLength(Code);
            session.Property(s => s.Issuer).HasMaxLength(64);
            session.Property(s => s.Serial).HasMaxLength(64);
            session.Property(s => s.EndedBecause).HasMaxLength(Code);
            session.HasIndex(s => new { s.EndedAt, s.EndsAt });
            session.HasIndex(s => s.CopyDueAt);
            session.HasOne<SoftwareClient>().WithMany().HasForeignKey(s => s.ClientId).OnDelete(DeleteBehavior.Restrict);
        });
    }
}
