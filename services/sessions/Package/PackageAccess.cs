using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Package;

/// <summary>Somebody's access to the package, without a card.</summary>
internal sealed class PackageAccess
{
    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] Secret { get; init; }

    public required string EstablishmentFiness { get; init; }

    public required string Type { get; init; }

    /// <summary>Who asked and where they are reached, sealed.</summary>
    public required byte[] Requester { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The version that was accepted.</summary>
    public string? Licence { get; set; }

    public DateTimeOffset? LicenceAt { get; set; }
}

/// <summary>A file that was handed out.</summary>
internal sealed class PackageDownload
{
    public required Guid Id { get; init; }

    public required Guid AccessId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Folder and name.</summary>
    public required string File { get; init; }

    public required string Sha256 { get; init; }

    public PackageAccess? Access { get; init; }
}

/// <summary>How the trial of a post went, as an access told it.</summary>
internal sealed class PackageTrial
{
    public required Guid Id { get; init; }

    public required Guid AccessId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Its id, or the name that the referent gives it: it may never have reported.</summary>
    public required string Post { get; init; }

    public required string Function { get; init; }

    /// <summary>Checks, a space between; empty: passed.</summary>
    public required string Failed { get; init; }

    /// <summary>The ticket as it was made then, JSON; null where it passed.</summary>
    public required string? Ticket { get; init; }

    /// <value>Since when the hotline is to be told of it; null: it was, or there is no ticket.</value>
    public DateTimeOffset? TicketDueAt { get; set; }

    public PackageAccess? Access { get; init; }
}

internal static class PackageTables
{
    public static void Build(ModelBuilder model)
    {
        model.Entity<PackageAccess>(access =>
        {
            access.ToTable("package_accesses").HasIndex(a => a.EstablishmentFiness);
            access.Property(a => a.EstablishmentFiness).HasMaxLength(9);
            access.Property(a => a.Type).HasMaxLength(64);
            access.Property(a => a.Licence).HasMaxLength(64);
        });
        model.Entity<PackageDownload>(download =>
        {
            download.ToTable("package_downloads").HasIndex(d => d.At);
            download.Property(d => d.File).HasMaxLength(320);
            download.Property(d => d.Sha256).HasMaxLength(64);
            download.HasOne(d => d.Access).WithMany().HasForeignKey(d => d.AccessId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<PackageTrial>(trial =>
        {
            trial.ToTable("package_trials").HasIndex(t => t.At);
            // Those still to be told are few.
            trial.HasIndex(t => t.TicketDueAt).HasFilter("\"TicketDueAt\" IS NOT NULL");
            trial.Property(t => t.Post).HasMaxLength(64);
            trial.Property(t => t.Function).HasMaxLength(64);
            trial.Property(t => t.Failed).HasMaxLength(256);
            trial.HasOne(t => t.Access).WithMany().HasForeignKey(t => t.AccessId).OnDelete(DeleteBehavior.Restrict);
        });
    }
}
