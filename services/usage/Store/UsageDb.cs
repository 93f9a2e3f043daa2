using Cdr.Contracts.Rights;
using Cdr.ServiceDefaults.Stores;
using Cdr.Usage.Campaigns;
using Cdr.Usage.Rollups;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Store;

/// <summary>
/// Counts, and how far each journal is counted. Columns have their names here because the upserts are written in SQL. On PostgreSQL the
/// full counts by hour and day are partitioned by month, those by month by year (see the migration).
/// </summary>
internal sealed class UsageDb(DbContextOptions<UsageDb> options) : StoreContext(options)
{
    public DbSet<CountedJournal> Journals => Set<CountedJournal>();

    public DbSet<Cell> Cells => Set<Cell>();

    public DbSet<RegimeDailyCount> RegimeDaily => Set<RegimeDailyCount>();

    public DbSet<Presence> Presences => Set<Presence>();

    public DbSet<CampaignRow> Campaigns => Set<CampaignRow>();

    public DbSet<PhaseRow> Phases => Set<PhaseRow>();

    public DbSet<TargetRow> Targets => Set<TargetRow>();

    public DbSet<SiteRow> Sites => Set<SiteRow>();

    public DbSet<SnapshotRow> Snapshots => Set<SnapshotRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<CountedJournal>(journal =>
        {
            journal.ToTable("journals").HasKey(j => j.Id);
            journal.Property(j => j.Id).HasColumnName("id").ValueGeneratedNever();
            journal.Property(j => j.LastBatch).HasColumnName("last_batch");
            journal.Property(j => j.RecountedTo).HasColumnName("recounted_to");
            journal.Property(j => j.FrozenBefore).HasColumnName("frozen_before");
            journal.Property(j => j.SummedTo).HasColumnName("summed_to");
        });
        modelBuilder.Entity<Cell>(cell =>
        {
            cell.ToTable("cells").HasKey(c => c.Id);
            cell.Property(c => c.Id).HasColumnName("id");
            cell.Property(c => c.Shape).HasColumnName("shape");
            cell.Property(c => c.Department).HasColumnName("department");
            cell.Property(c => c.Group).HasColumnName("hospital_group");
            cell.Property(c => c.Establishment).HasColumnName("establishment");
            cell.Property(c => c.Unit).HasColumnName("unit");
            cell.Property(c => c.Function).HasColumnName("function");
            cell.Property(c => c.Regime).HasColumnName("regime");
            cell.Property(c => c.Reason).HasColumnName("reason");
            cell.Property(c => c.Outcome).HasColumnName("outcome");
            cell.Property(c => c.Source).HasColumnName("source");
            cell.Property(c => c.Key).HasColumnName("key");
            cell.HasIndex(c => c.Key).IsUnique();
            cell.HasIndex(c => new { c.Shape, c.Department });
            // Of the version before, which looks all words up by it: goes when it may.
            cell.HasIndex(c => new { c.Shape, c.Department, c.Group, c.Establishment, c.Unit, c.Function, c.Regime, c.Reason, c.Outcome, c.Source }).IsUnique();
            // A clerk's page must not read the whole country's cells.
            cell.HasIndex(c => new { c.Establishment, c.Shape });
            cell.HasIndex(c => new { c.Group, c.Shape });
        });
        foreach (var table in RollupTable.All)
            table.Map(modelBuilder);
        modelBuilder.Entity<RegimeDailyCount>(count =>
        {
            count.ToTable("regime_daily").HasKey(c => new { c.Day, c.Regime, c.Outcome });
            count.Property(c => c.Day).HasColumnName("day");
            count.Property(c => c.Regime).HasColumnName("regime");
            count.Property(c => c.Outcome).HasColumnName("outcome").HasConversion<string>();
            count.Property(c => c.Answers).HasColumnName("answers");
            count.Property(c => c.Calls).HasColumnName("calls");
            count.Property(c => c.Milliseconds).HasColumnName("milliseconds");
        });
        modelBuilder.Entity<Presence>(presence =>
        {
            presence.ToTable("presences").HasKey(p => new { p.Establishment, p.Function });
            presence.Property(p => p.Establishment).HasColumnName("establishment");
            presence.Property(p => p.Function).HasColumnName("function");
            presence.Property(p => p.Department).HasColumnName("department");
            presence.Property(p => p.Group).HasColumnName("hospital_group");
            presence.Property(p => p.First).HasColumnName("first_day");
            presence.Property(p => p.Last).HasColumnName("last_day");
        });
        CampaignModel.Map(modelBuilder);
    }
}

/// <summary>A journal of Rights, and the last batch up to which all are counted.</summary>
internal sealed class CountedJournal
{
    public required Guid Id { get; init; }

    public required long LastBatch { get; init; }

    /// <value>Batches up to it are counted again since a rebuild; 0 where there was none.</value>
    public long RecountedTo { get; init; }

    /// <value>Month (<see cref="Periods"/>) before which that recount changes nothing.</value>
    public int FrozenBefore { get; init; }

    /// <value><see cref="LastBatch"/>, or -1 where another version counted without <see cref="LateSums"/>: a trigger marks it.</value>
    public long SummedTo { get; init; }
}

/// <summary>The row of a <see cref="CellKey"/>.</summary>
internal sealed class Cell
{
    public required int Id { get; init; }

    /// <value><see cref="CellKey.Digest"/>.</value>
    public required Guid Key { get; init; }

    public required short Shape { get; init; }

    public required string Department { get; init; }

    public required string Group { get; init; }

    public required string Establishment { get; init; }

    public required string Unit { get; init; }

    public required string Function { get; init; }

    public required string Regime { get; init; }

    public required string Reason { get; init; }

    public required string Outcome { get; init; }

    public required string Source { get; init; }
}

/// <summary>What one regime answered in one day.</summary>
internal sealed class RegimeDailyCount
{
    public required DateOnly Day { get; init; }

    public required string Regime { get; init; }

    public required RegimeOutcome Outcome { get; init; }

    /// <value>Its parts in consultations, those from the cache included.</value>
    public required long Answers { get; init; }

    /// <value>Those for which it was really asked: only they took time.</value>
    public required long Calls { get; init; }

    /// <value>Total of the calls.</value>
    public required long Milliseconds { get; init; }
}

/// <summary>
/// The first and the last day on which a function of an establishment was answered: since when it is equipped, and whether it fell
/// silent. Older than the journal: a rebuild leaves it.
/// </summary>
internal sealed class Presence
{
    public required string Establishment { get; init; }

    /// <value>reception, emergencies, invoicing…; empty when none.</value>
    public required string Function { get; init; }

    public required string Department { get; init; }

    public required string Group { get; init; }

    public required DateOnly First { get; init; }

    public required DateOnly Last { get; init; }
}
