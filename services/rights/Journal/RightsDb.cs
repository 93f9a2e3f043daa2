using Cdr.Rights.Batches;
using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Retention;
using Cdr.Rights.Regimes;
using Cdr.Rights.Statements;
using Cdr.ServiceDefaults.Stores;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal;

/// <summary>The journal, and beside it the files of questions under way. On PostgreSQL <c>records</c> is partitioned by month of its UUIDv7 (see the first migration).</summary>
internal sealed class RightsDb(DbContextOptions<RightsDb> options) : StoreContext(options)
{
    public DbSet<JournalRecord> Records => Set<JournalRecord>();

    public DbSet<JournalBatch> Batches => Set<JournalBatch>();

    public DbSet<JournalWriterRow> Writers => Set<JournalWriterRow>();

    public DbSet<JournalCheckpoint> Checkpoints => Set<JournalCheckpoint>();

    public DbSet<CheckpointHead> Heads => Set<CheckpointHead>();

    public DbSet<TreeTile> Tiles => Set<TreeTile>();

    public DbSet<Tombstone> Tombstones => Set<Tombstone>();

    public DbSet<JournalDispatch> Dispatches => Set<JournalDispatch>();

    public DbSet<BatchFile> BatchFiles => Set<BatchFile>();

    public DbSet<BatchLine> BatchLines => Set<BatchLine>();

    public DbSet<StatementRow> Statements => Set<StatementRow>();

    public DbSet<AnnouncedDowntimeRow> AnnouncedDowntimes => Set<AnnouncedDowntimeRow>();

    /// <inheritdoc />
    public override IReadOnlyList<string> ChangingTables => ["batch_files", "batch_lines"];

    /// <inheritdoc />
    public override IReadOnlyList<string> AppendOnlyTables => ["statements", "announced_downtimes"];

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<JournalRecord>(record =>
        {
            record.ToTable("records").HasKey(r => r.Id);
            record.Property(r => r.Id).ValueGeneratedNever();
            // An answer's id is its consultation's; only the others need this one. « kind <> 3 » as both stores write it.
            record.HasIndex(r => r.Consultation).HasFilter("\"Kind\" <> 3");
            record.HasIndex(r => new { r.Subject, r.Id });
            record.HasIndex(r => r.Pseudonym);
            record.HasIndex(r => r.PatientPseudonym).HasFilter("\"PatientPseudonym\" IS NOT NULL");
        });
        modelBuilder.Entity<JournalBatch>().ToTable("batches").HasKey(b => new { b.Journal, b.Batch });
        modelBuilder.Entity<JournalWriterRow>().ToTable("writers").HasKey(w => w.Journal);
        modelBuilder.Entity<JournalWriterRow>().Property(w => w.Journal).ValueGeneratedNever();
        modelBuilder.Entity<JournalCheckpoint>().ToTable("checkpoints").HasKey(c => c.Id);
        modelBuilder.Entity<JournalCheckpoint>().Property(c => c.Id).ValueGeneratedNever();
        modelBuilder.Entity<CheckpointHead>(head =>
        {
            // The first that covers a batch is one index look-up.
            head.ToTable("checkpoint_heads").HasKey(h => new { h.Journal, h.Size, h.Checkpoint });
            head.HasIndex(h => h.Checkpoint);
        });
        modelBuilder.Entity<TreeTile>().ToTable("tiles").HasKey(t => new { t.Journal, t.Level, t.Place });
        modelBuilder.Entity<Tombstone>(tombstone =>
        {
            tombstone.ToTable("tombstones").HasKey(t => new { t.Journal, t.Batch, t.Purge });
            tombstone.HasIndex(t => t.Purge);
        });
        modelBuilder.Entity<StatementRow>().ToTable("statements").HasKey(s => s.CodeHash);
        modelBuilder.Entity<JournalDispatch>().ToTable("dispatches").HasKey(d => new { d.Journal, d.Batch });
        modelBuilder.Entity<AnnouncedDowntimeRow>(downtime =>
        {
            downtime.ToTable("announced_downtimes").HasKey(one => new { one.Announcement, one.SaidAt });
            // Each process looks every few seconds for what is not over.
            downtime.HasIndex(one => one.To);
        });
        modelBuilder.Entity<BatchFile>(file =>
        {
            file.ToTable("batch_files").HasKey(f => f.Id);
            file.Property(f => f.Id).ValueGeneratedNever();
            // The same key twice is the same file: the store says so where two arrive at one moment.
            file.HasIndex(f => new { f.Establishment, f.Subject, f.Key }).IsUnique();
            file.HasIndex(f => f.EndedAt).HasFilter("\"ErasedAt\" IS NULL");
        });
        modelBuilder.Entity<BatchLine>(line =>
        {
            line.ToTable("batch_lines").HasKey(l => new { l.Batch, l.Line });
            line.HasIndex(l => l.NextTry).HasFilter("\"State\" = 0");
            line.HasIndex(l => l.Lease).HasFilter("\"State\" = 0");
        });
    }
}
