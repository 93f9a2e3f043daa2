using Cdr.Contracts.Rights;
using Cdr.ServiceDefaults.Stores;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Store;

/// <summary>Counts, and how far each journal is counted. Columns have their names here because the upserts are written in SQL.</summary>
internal sealed class UsageDb(DbContextOptions<UsageDb> options) : StoreContext(options)
{
    public DbSet<CountedJournal> Journals => Set<CountedJournal>();

    public DbSet<DailyCount> Daily => Set<DailyCount>();

    public DbSet<RegimeDailyCount> RegimeDaily => Set<RegimeDailyCount>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<CountedJournal>(journal =>
        {
            journal.ToTable("journals").HasKey(j => j.Id);
            journal.Property(j => j.Id).HasColumnName("id").ValueGeneratedNever();
            journal.Property(j => j.LastBatch).HasColumnName("last_batch");
        });
        modelBuilder.Entity<DailyCount>(count =>
        {
            count.ToTable("daily").HasKey(c => new { c.Day, c.Department, c.Group, c.Establishment, c.Unit, c.Function, c.Regime, c.Reason, c.Outcome, c.Source });
            count.Property(c => c.Day).HasColumnName("day");
            count.Property(c => c.Department).HasColumnName("department");
            count.Property(c => c.Group).HasColumnName("hospital_group");
            count.Property(c => c.Establishment).HasColumnName("establishment");
            count.Property(c => c.Unit).HasColumnName("unit");
            count.Property(c => c.Function).HasColumnName("function");
            count.Property(c => c.Regime).HasColumnName("regime");
            count.Property(c => c.Reason).HasColumnName("reason");
            count.Property(c => c.Outcome).HasColumnName("outcome").HasConversion<string>();
            count.Property(c => c.Source).HasColumnName("source").HasConversion<string>();
            count.Property(c => c.Consultations).HasColumnName("consultations");
            // A clerk's page must not read the whole country's days.
            count.HasIndex(c => new { c.Establishment, c.Day });
            count.HasIndex(c => new { c.Group, c.Day });
        });
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
    }
}

/// <summary>A journal of Rights, and the last batch up to which all are counted.</summary>
internal sealed class CountedJournal
{
    public required Guid Id { get; init; }

    public required long LastBatch { get; init; }
}

/// <summary>Consultations of one day (Europe/Paris) that are alike in everything counted.</summary>
internal sealed class DailyCount
{
    public required DateOnly Day { get; init; }

    public required string Department { get; init; }

    public required string Group { get; init; }

    public required string Establishment { get; init; }

    public required string Unit { get; init; }

    public required string Function { get; init; }

    public required string Regime { get; init; }

    public required string Reason { get; init; }

    public required ConsultationOutcome Outcome { get; init; }

    public required Freshness Source { get; init; }

    public required long Consultations { get; init; }
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
