using Cdr.Contracts.Usage;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Campaigns;

/// <summary>A deployment campaign.</summary>
internal sealed class CampaignRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public List<PhaseRow> Phases { get; } = [];

    public List<KitRow> Kit { get; } = [];

    public List<MeetingRow> Meetings { get; } = [];
}

/// <summary>A phase: its targets are of one kind, counted together.</summary>
internal sealed class PhaseRow
{
    public required Guid Campaign { get; init; }

    public required int Number { get; init; }

    public required string Name { get; init; }

    public required TargetKind Targets { get; init; }

    public required DateOnly BeganOn { get; init; }

    /// <value>Day of its first import: months that end after it are frozen. Null: it has no targets yet.</value>
    public DateOnly? ImportedOn { get; init; }
}

/// <summary>An establishment, or a legal entity, to be equipped.</summary>
internal sealed class TargetRow
{
    public required Guid Campaign { get; init; }

    public required int Phase { get; init; }

    public required string Finess { get; init; }

    public required string Name { get; init; }

    public required string Department { get; init; }

    /// <value>As imported: what was equipped before the counts began.</value>
    public DateOnly? EquippedOn { get; init; }
}

/// <summary>A site whose consultations count for a target: itself, or one of the legal entity's.</summary>
internal sealed class SiteRow
{
    public required Guid Campaign { get; init; }

    public required int Phase { get; init; }

    public required string Finess { get; init; }

    public required string Establishment { get; init; }
}

/// <summary>A phase in a département at the end of a month, as it was known then. Never changed.</summary>
internal sealed class SnapshotRow
{
    public required Guid Campaign { get; init; }

    public required int Phase { get; init; }

    /// <value>As <see cref="Rollups.Periods"/> number months.</value>
    public required int Month { get; init; }

    public required string Department { get; init; }

    public required int Targets { get; init; }

    public required int Equipped { get; init; }
}

/// <summary>A document of the communication kit.</summary>
internal sealed class KitRow
{
    public required Guid Id { get; init; }

    public required Guid Campaign { get; init; }

    public required string Title { get; init; }

    public required string Address { get; init; }

    public required DateOnly PublishedOn { get; init; }
}

/// <summary>A regional meeting.</summary>
internal sealed class MeetingRow
{
    public required Guid Id { get; init; }

    public required Guid Campaign { get; init; }

    public required DateOnly Day { get; init; }

    public required string Region { get; init; }

    public required string Place { get; init; }

    public List<GuestRow> Guests { get; } = [];
}

/// <summary>Who was invited to a meeting.</summary>
internal sealed class GuestRow
{
    public required Guid Meeting { get; init; }

    public required string Finess { get; init; }
}

/// <summary>The tables of campaigns.</summary>
internal static class CampaignModel
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<CampaignRow>(campaign =>
        {
            campaign.ToTable("campaigns").HasKey(c => c.Id);
            campaign.Property(c => c.Id).ValueGeneratedNever();
            campaign.HasMany(c => c.Phases).WithOne().HasForeignKey(p => p.Campaign);
            campaign.HasMany(c => c.Kit).WithOne().HasForeignKey(k => k.Campaign);
            campaign.HasMany(c => c.Meetings).WithOne().HasForeignKey(m => m.Campaign);
        });
        model.Entity<PhaseRow>().ToTable("campaign_phases").HasKey(p => new { p.Campaign, p.Number });
        model.Entity<PhaseRow>().Property(p => p.Targets).HasConversion<string>();
        model.Entity<TargetRow>().ToTable("campaign_targets").HasKey(t => new { t.Campaign, t.Phase, t.Finess });
        model.Entity<TargetRow>().HasOne<PhaseRow>().WithMany().HasForeignKey(t => new { t.Campaign, t.Phase });
        model.Entity<SiteRow>().ToTable("campaign_sites").HasKey(s => new { s.Campaign, s.Phase, s.Finess, s.Establishment });
        model.Entity<SiteRow>().HasOne<TargetRow>().WithMany().HasForeignKey(s => new { s.Campaign, s.Phase, s.Finess });
        model.Entity<SnapshotRow>().ToTable("campaign_snapshots").HasKey(s => new { s.Campaign, s.Phase, s.Month, s.Department });
        model.Entity<KitRow>().ToTable("campaign_kit").HasKey(k => k.Id);
        model.Entity<KitRow>().Property(k => k.Id).ValueGeneratedNever();
        model.Entity<MeetingRow>().ToTable("campaign_meetings").HasKey(m => m.Id);
        model.Entity<MeetingRow>().Property(m => m.Id).ValueGeneratedNever();
        model.Entity<MeetingRow>().HasMany(m => m.Guests).WithOne().HasForeignKey(g => g.Meeting);
        model.Entity<GuestRow>().ToTable("campaign_guests").HasKey(g => new { g.Meeting, g.Finess });
    }
}
