using Cdr.Contracts.Support;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Information;

/// <summary>What an announcement says now: the newest of its versions. Plain: it names nobody.</summary>
internal sealed class AnnouncementRow
{
    public required Guid Id { get; init; }

    public required AnnouncementKind Kind { get; init; }

    /// <value>Null: the whole service.</value>
    public string? Regime { get; init; }

    /// <value>Null: the regime's own, or the hotline's.</value>
    public string? Organism { get; init; }

    public required string Title { get; set; }

    public required string Markdown { get; set; }

    public required DateTimeOffset From { get; set; }

    public DateTimeOffset? To { get; set; }

    public bool Withdrawn { get; set; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public required int Version { get; set; }
}

/// <summary>What it said, who said it: only ever added.</summary>
internal sealed class AnnouncementVersionRow
{
    public required Guid Announcement { get; init; }

    public required int Number { get; init; }

    public required string Title { get; init; }

    public required string Markdown { get; init; }

    public required DateTimeOffset From { get; init; }

    public DateTimeOffset? To { get; init; }

    public required bool Withdrawn { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }

    public required string Role { get; init; }
}

internal static class InformationModel
{
    public static readonly string[] AppendOnly = ["announcement_versions"];

    public static void AddInformation(this ModelBuilder model)
    {
        model.Entity<AnnouncementRow>(announcement =>
        {
            announcement.ToTable("announcements").HasKey(one => one.Id);
            announcement.Property(one => one.Id).ValueGeneratedNever();
            announcement.Property(one => one.Version).IsConcurrencyToken();
            // Each page of a question asks what concerns now.
            announcement.HasIndex(one => one.To).HasFilter("NOT \"Withdrawn\"");
        });
        model.Entity<AnnouncementVersionRow>().ToTable("announcement_versions").HasKey(one => new { one.Announcement, one.Number });
    }
}
