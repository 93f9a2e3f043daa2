using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Administration;

/// <summary>Who gave or took which access, when. Only ever added to: a trigger refuses the rest, in PostgreSQL the owner's.</summary>
internal sealed class AdministrationRecord
{
    public required Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Keyed reference of the person who did it; empty where an operator's file or command did.</summary>
    public required byte[] By { get; init; }

    public required Guid Session { get; init; }

    /// <summary>As which they did it.</summary>
    public required string Role { get; init; }

    /// <summary>One of <see cref="AdministrationActs"/>.</summary>
    public required string Act { get; init; }

    /// <summary>Id of what it was done to: a piece of software, a habilitation.</summary>
    public required string Target { get; init; }

    /// <summary>Keyed reference of the person it was done to; null where it was none.</summary>
    public byte[]? Person { get; init; }

    public string? EstablishmentFiness { get; init; }

    /// <summary>What it became, in words without anything personal.</summary>
    public required string Detail { get; init; }

    public static void Build(ModelBuilder model) => model.Entity<AdministrationRecord>(record =>
    {
        record.ToTable("administration_records").HasIndex(r => r.At);
        record.HasIndex(r => new { r.EstablishmentFiness, r.At });
        record.Property(r => r.Role).HasMaxLength(64);
        record.Property(r => r.Act).HasMaxLength(64);
        record.Property(r => r.Target).HasMaxLength(64);
        record.Property(r => r.EstablishmentFiness).HasMaxLength(9);
    });
}

/// <summary>Values of <see cref="AdministrationRecord.Act"/>.</summary>
internal static class AdministrationActs
{
    public const string RoleAssigned = "role-assigned";
    public const string RoleChanged = "role-changed";
    public const string RoleWithdrawn = "role-withdrawn";
    public const string SoftwareRegistered = "software-registered";
    public const string SoftwareChanged = "software-changed";
    public const string SoftwareWithdrawn = "software-withdrawn";
    public const string SoftwareScopeWithdrawn = "software-scope-withdrawn";

    /// <summary>Target: the file's SHA-256, so that it can be told later which one it was.</summary>
    public const string DirectoryImported = "directory-imported";
}
