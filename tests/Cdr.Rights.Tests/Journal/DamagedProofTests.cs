using System.Data.Common;
using Cdr.Contracts.Sessions;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Verification;
using Cdr.Rights.Tests.Harness;
using Cdr.Rights.Tests.Journal.Tampering;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cdr.Rights.Tests.Journal;

/// <summary>Whatever was done to the rows that a proof is made of: it is told as damage, and of which batch, chain or checkpoint; never as a record that is not there.</summary>
public sealed class DamagedProofTests : IDisposable
{
    private const int Seed = 20261127;
    private readonly TestFolder folder = new("damaged");
    private KeyRing Keys => field ??= KeyRing.Load(folder.File("keys.json"), createMissing: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Rows that no version of the service writes.</summary>
    [Theory]
    [InlineData("its batch is gone")]
    [InlineData("its batch bears a negative number")]
    [InlineData("it is of a batch that is none")]
    [InlineData("its position is negative")]
    [InlineData("its position is beyond")]
    [InlineData("it lies where a purge took one")]
    [InlineData("its instant is none")]
    [InlineData("the instant of its batch is none")]
    [InlineData("its batch counts none")]
    [InlineData("its batch counts fewer than none")]
    [InlineData("its batch counts more than a process holds")]
    [InlineData("its batch has no ids")]
    [InlineData("its batch has one id more")]
    [InlineData("its batch has a longer root")]
    [InlineData("its batch has another hash")]
    [InlineData("another batch has a longer hash")]
    [InlineData("another batch has a shorter hash")]
    [InlineData("a purge took a negative position")]
    [InlineData("a purge took a position beyond")]
    [InlineData("a purge took all of it")]
    [InlineData("a purge left short leaves")]
    [InlineData("a purge left no leaves")]
    [InlineData("a purge is gone")]
    [InlineData("its chain is stated at a negative place")]
    [InlineData("its chain is stated at a place beyond")]
    [InlineData("its chain is stated longer than it is")]
    [InlineData("its chain is stated as long as can be")]
    [InlineData("its chain is stated with a short root")]
    [InlineData("its chain is stated with another root")]
    [InlineData("a checkpoint states another root")]
    [InlineData("a checkpoint states no chains")]
    [InlineData("a checkpoint is gone")]
    public async Task A_row_that_nothing_writes_is_damage_to_whoever_asks_for_a_proof(string how)
    {
        var image = JournalImage.Make(Keys, Seed);
        await using var db = await StoredAsync(image);
        // What is left of a batch of which a purge took a part.
        var left = image.Tombstones.Single(t => t.Positions.Length > 0);
        var (journal, batch) = (left.Journal, left.Batch);
        var record = image.Records.First(r => r.Journal == journal && r.Batch == batch);
        Assert.Null(ProofCheck.Fault((await ProofMaking.MakeAsync(db, record.Id, Cancellation))!, VerificationKeys.Of(Keys)));

        Assert.True(await DamageAsync() > 0);

        var damage = await Assert.ThrowsAsync<InvalidDataException>(() => ProofMaking.MakeAsync(db, record.Id, Cancellation));
        Assert.True(damage.Message.Contains(journal.ToString(), StringComparison.Ordinal) || damage.Message.Contains(record.Id.ToString(), StringComparison.Ordinal) || image.Checkpoints.Exists(c => damage.Message.Contains(c.Id.ToString(), StringComparison.Ordinal)), damage.Message);

        Task<int> DamageAsync()
        {
            var batches = db.Batches.Where(b => b.Journal == journal && b.Batch == batch);
            var others = db.Batches.Where(b => b.Journal == journal && b.Batch != batch);
            var mine = db.Records.Where(r => r.Id == record.Id);
            var tombstones = db.Tombstones.Where(t => t.Journal == journal && t.Batch == batch);
            var heads = db.Heads.Where(h => h.Journal == journal);
            return how switch
            {
                "its batch is gone" => batches.ExecuteDeleteAsync(Cancellation),
                "its batch bears a negative number" => NegativeAsync(),
                "it is of a batch that is none" => mine.ExecuteUpdateAsync(set => set.SetProperty(r => r.Batch, 999), Cancellation),
                "its position is negative" => mine.ExecuteUpdateAsync(set => set.SetProperty(r => r.Position, -1), Cancellation),
                "its position is beyond" => mine.ExecuteUpdateAsync(set => set.SetProperty(r => r.Position, 99), Cancellation),
                "it lies where a purge took one" => mine.ExecuteUpdateAsync(set => set.SetProperty(r => r.Position, 0), Cancellation),
                "its instant is none" => db.Database.ExecuteSqlAsync($"UPDATE records SET \"At\" = 'never' WHERE \"Id\" = {record.Id}", Cancellation),
                "the instant of its batch is none" => db.Database.ExecuteSqlAsync($"UPDATE batches SET \"At\" = 'never' WHERE \"Batch\" = {batch} AND \"Journal\" = {journal}", Cancellation),
                "its batch counts none" => batches.ExecuteUpdateAsync(set => set.SetProperty(b => b.Records, 0), Cancellation),
                "its batch counts fewer than none" => batches.ExecuteUpdateAsync(set => set.SetProperty(b => b.Records, -1), Cancellation),
                "its batch counts more than a process holds" => batches.ExecuteUpdateAsync(set => set.SetProperty(b => b.Records, int.MaxValue), Cancellation),
                "its batch has no ids" => batches.ExecuteUpdateAsync(set => set.SetProperty(b => b.Ids, Array.Empty<Guid>()), Cancellation),
                "its batch has one id more" => batches.ExecuteUpdateAsync(set => set.SetProperty(b => b.Ids, IdsAndOne()), Cancellation),
                "its batch has a longer root" => batches.ExecuteUpdateAsync(set => set.SetProperty(b => b.Root, new byte[40]), Cancellation),
                "its batch has another hash" => batches.ExecuteUpdateAsync(set => set.SetProperty(b => b.Hash, new byte[32]), Cancellation),
                "another batch has a longer hash" => others.ExecuteUpdateAsync(set => set.SetProperty(b => b.Hash, new byte[40]), Cancellation),
                "another batch has a shorter hash" => others.ExecuteUpdateAsync(set => set.SetProperty(b => b.Hash, new byte[5]), Cancellation),
                "a purge took a negative position" => tombstones.ExecuteUpdateAsync(set => set.SetProperty(t => t.Positions, new[] { -1, 1 }), Cancellation),
                "a purge took a position beyond" => tombstones.ExecuteUpdateAsync(set => set.SetProperty(t => t.Positions, new[] { 0, 99 }), Cancellation),
                "a purge took all of it" => tombstones.ExecuteUpdateAsync(set => set.SetProperty(t => t.Positions, Array.Empty<int>()), Cancellation),
                "a purge left short leaves" => tombstones.ExecuteUpdateAsync(set => set.SetProperty(t => t.Leaves, new byte[40]), Cancellation),
                "a purge left no leaves" => tombstones.ExecuteUpdateAsync(set => set.SetProperty(t => t.Leaves, Array.Empty<byte>()), Cancellation),
                "a purge is gone" => tombstones.ExecuteDeleteAsync(Cancellation),
                "its chain is stated at a negative place" => heads.ExecuteUpdateAsync(set => set.SetProperty(h => h.Place, -1), Cancellation),
                "its chain is stated at a place beyond" => heads.ExecuteUpdateAsync(set => set.SetProperty(h => h.Place, 99), Cancellation),
                "its chain is stated longer than it is" => heads.ExecuteUpdateAsync(set => set.SetProperty(h => h.Size, 300), Cancellation),
                "its chain is stated as long as can be" => heads.ExecuteUpdateAsync(set => set.SetProperty(h => h.Size, long.MaxValue), Cancellation),
                "its chain is stated with a short root" => heads.ExecuteUpdateAsync(set => set.SetProperty(h => h.Root, new byte[5]), Cancellation),
                "its chain is stated with another root" => heads.ExecuteUpdateAsync(set => set.SetProperty(h => h.Root, new byte[32]), Cancellation),
                "a checkpoint states another root" => db.Checkpoints.ExecuteUpdateAsync(set => set.SetProperty(c => c.Root, new byte[32]), Cancellation),
                "a checkpoint states no chains" => db.Checkpoints.ExecuteUpdateAsync(set => set.SetProperty(c => c.Chains, 0), Cancellation),
                "a checkpoint is gone" => db.Checkpoints.ExecuteDeleteAsync(Cancellation),
                _ => Task.FromResult(0),
            };
        }

        async Task<int> NegativeAsync()
        {
            await db.Batches.Where(b => b.Journal == journal && b.Batch == batch).ExecuteUpdateAsync(set => set.SetProperty(b => b.Batch, -6), Cancellation);
            return await db.Records.Where(r => r.Journal == journal && r.Batch == batch).ExecuteUpdateAsync(set => set.SetProperty(r => r.Batch, -6), Cancellation);
        }

        Guid[] IdsAndOne() => [.. image.Batches.Single(b => b.Journal == journal && b.Batch == batch).Ids, Guid.Empty];
    }

    /// <summary>Each record that is still there has a proof, or is told to be damaged: nothing else comes of it, whatever was edited, deleted or swapped.</summary>
    [Fact]
    public async Task Of_a_journal_that_somebody_changed_each_record_has_a_proof_or_is_damage()
    {
        var whole = JournalImage.Make(Keys, Seed);
        var (proofs, damages) = (0, 0);
        for (var n = 1; n <= 80; n++)
        {
            var image = whole.Copy();
            var tamper = Tamper.Do(image, new Random(Seed - n));
            await using var db = await StoredAsync(image);
            foreach (var record in image.Records)
            {
                try
                {
                    Assert.NotNull(await ProofMaking.MakeAsync(db, record.Id, Cancellation));
                    proofs++;
                }
                catch (InvalidDataException)
                {
                    damages++;
                }
                catch (Exception e) when (e is not Xunit.Sdk.XunitException)
                {
                    Assert.Fail($"{n}: {tamper.What}: {e}");
                }
            }
        }

        Assert.True(proofs > 500 && damages > 100, $"{proofs} proofs, {damages} damages");
    }

    /// <summary>Each question of a proof sees the journal as it is by then.</summary>
    [Fact]
    public async Task A_purge_between_two_questions_of_one_proof_is_no_damage()
    {
        var image = JournalImage.Make(Keys, Seed);
        var record = image.Records[3];
        var purge = new PurgeMeanwhile($"DELETE FROM records WHERE \"Batch\" = {record.Batch} AND \"Journal\" = '{record.Journal.ToString().ToUpperInvariant()}'");
        await using var db = await StoredAsync(image, purge);
        purge.Begin();

        Assert.Null(await ProofMaking.MakeAsync(db, record.Id, Cancellation));
        Assert.True(purge.HasRun);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_no_record_that_was_purged_and_the_log_names_the_batch(bool hasNoIds)
    {
        using var overheard = new Overheard();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Logs = overheard });
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        var record = (await world.Host.RecordsAsync(answer.Id)).Single(r => r.Kind == RecordKind.Answered);
        await using var db = world.Host.Journal();
        var batch = db.Batches.Where(b => b.Journal == record.Journal && b.Batch == record.Batch);
        Assert.Equal(1, await (hasNoIds ? batch.ExecuteUpdateAsync(set => set.SetProperty(b => b.Ids, Array.Empty<Guid>()), Cancellation) : batch.ExecuteDeleteAsync(Cancellation)));

        var toOfficer = await world.Host.GetAsync($"/api/consultations/{answer.Id}/proof", new TestCaller { Role = CdrRoles.DataProtection }).ProblemAsync();
        var toService = await world.Host.GetAsync($"/internal/consultations/{answer.Id}/proof", new TestCaller { Kind = SubjectKinds.Service, Subject = "support", Role = null, Session = null, Finess = null }).ProblemAsync();

        Assert.Equal(((500, "journal-damaged"), (500, "journal-damaged")), ((toOfficer.Status, toOfficer.Code), (toService.Status, toService.Code)));
        Assert.Contains(FormattableString.Invariant($"Batch {record.Batch} of journal {record.Journal}"), overheard.Text(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    private static async Task<RightsDb> StoredAsync(JournalImage image, params IInterceptor[] interceptors)
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Cancellation);
        var options = new DbContextOptionsBuilder<RightsDb>().UseSqlite(connection, contextOwnsConnection: true).AddInterceptors(interceptors);
        var db = new RightsDb(options.Options);
        await db.Database.EnsureCreatedAsync(Cancellation);
        db.AddRange([.. image.Records, .. image.Batches, .. image.Writers, .. image.Checkpoints, .. image.Heads, .. image.Tombstones]);
        await db.SaveChangesAsync(Cancellation);
        db.ChangeTracker.Clear();
        return db;
    }

    /// <summary>Runs before the second question.</summary>
    private sealed class PurgeMeanwhile(string sql) : DbCommandInterceptor
    {
        private int? questions;

        public bool HasRun => questions > 1;

        public void Begin() => questions = 0;

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (++questions == 2)
            {
                await using var other = command.Connection!.CreateCommand();
                other.CommandText = sql;
                other.Transaction = command.Transaction;
                Assert.NotEqual(0, await other.ExecuteNonQueryAsync(cancellationToken));
            }

            return result;
        }
    }
}
