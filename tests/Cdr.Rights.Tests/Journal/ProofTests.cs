using Cdr.Testing.Servers;
using System.Data.Common;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Verification;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cdr.Rights.Tests.Journal;

/// <summary>That a record was in the journal, shown to somebody who has the public key and nothing else.</summary>
public sealed class ProofTests(TestServers servers) : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
    private readonly TestFolder folder = new("proof");
    private readonly Guid journal = Guid.CreateVersion7(Start);
    private KeyRing keys = null!;
    private BatchSigner signer = null!;
    private readonly List<Guid> damaged = [];
    private byte[] previous = new byte[32];
    private TestDatabase? database;

    public async ValueTask InitializeAsync()
    {
        keys = KeyRing.Load(folder.File("keys.json"), createMissing: true);
        signer = new BatchSigner(keys);
        await using var db = Open();
        await db.Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        await BeginAsync(db);
    }

    public ValueTask DisposeAsync()
    {
        signer.Dispose();
        SqliteConnection.ClearAllPools();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_proof_for_services_is_of_the_answers_own_bytes_and_of_no_others()
    {
        await using var world = await RightsWorld.StartAsync();
        var question = new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" };
        var (first, second) = ((await world.Host.AskAsync(question).AnswerAsync()).Id, (await world.Host.AskAsync(question).AnswerAsync()).Id);
        using var read = await world.Host.GetAsync($"/api/consultations/{first}");
        var (mine, other) = (await ProofAsync(first), await ProofAsync(second));
        var ring = VerificationKeys.Of(world.Host.Services.GetRequiredKeyedService<KeyRing>("Rights"));

        Assert.Equal(System.Security.Cryptography.SHA256.HashData(await read.BytesAsync()), mine.AnswerHash);
        Assert.Null(ProofCheck.Fault(mine, ring));
        Assert.NotNull(ProofCheck.Fault(mine with { AnswerHash = other.AnswerHash }, ring));
        Assert.NotNull(ProofCheck.Fault(mine with { AnswerHash = other.AnswerHash, Signature = other.Signature }, ring));
        Assert.NotNull(ProofCheck.Fault(mine with { Consultation = second }, ring));
        Assert.NotNull(ProofCheck.Fault(mine with { Inclusion = other.Inclusion }, ring));

        async Task<AnswerProof> ProofAsync(Guid id)
        {
            using var response = await world.Host.GetAsync($"/internal/consultations/{id}/proof", new TestCaller { Kind = SubjectKinds.Service, Subject = "support", Role = null, Session = null, Finess = null });
            return JsonSerializer.Deserialize<AnswerProof>(await response.BytesAsync(), JsonSerializerOptions.Web)!;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Proofs_hold_across_checkpoints_and_tiles_and_a_changed_byte_of_them_does_not(bool onPostgres)
    {
        if (onPostgres)
            await OnPostgresAsync();
        await WriteAsync(1, 300);
        await CheckpointAsync();
        await WriteAsync(301, 1100);
        await CheckpointAsync();
        var public_ = VerificationKeys.Of(keys);
        await using var db = Open();
        Assert.Equal(4, await db.Tiles.CountAsync(TestContext.Current.CancellationToken));

        var ids = await db.Records.OrderBy(r => r.Batch).ThenBy(r => r.Position).Select(r => r.Id).ToListAsync(TestContext.Current.CancellationToken);
        foreach (var (n, id) in ids.Where((_, n) => n % 47 == 0).Index())
        {
            var proof = (await ProofMaking.MakeAsync(db, id, TestContext.Current.CancellationToken))!;
            Assert.Null(ProofCheck.Fault(proof, public_));
            Assert.Contains(("id", id.ToString()), ProofCheck.Says(proof));
            Assert.All(Changed(proof, new Random(n)), changed => Assert.NotNull(ProofCheck.Fault(changed, public_)));
        }

        await using var reading = database is null ? null : PostgresSource.Database(database.Owner);
        await using var source = reading is null ? await StoreSource.OpenAsync(Open(), TestContext.Current.CancellationToken) : await PostgresSource.OpenAsync(Open(), reading, TestContext.Current.CancellationToken);
        Assert.Empty((await new JournalVerifier(source, public_).VerifyAsync([], TestContext.Current.CancellationToken)).Findings);
    }

    [Theory]
    [InlineData("\"Ids\" = ARRAY[NULL]::uuid[]", "InvalidCastException")]
    [InlineData("\"At\" = 'infinity'", "Batch 7")]
    public async Task A_row_that_the_stores_client_cannot_read_is_damage_of_the_proof_that_needs_it(string change, string said)
    {
        await OnPostgresAsync();
        await WriteAsync(1, 20);
        await CheckpointAsync();
        await using var db = Open();
        var record = await db.Records.FirstAsync(r => r.Batch == 7, TestContext.Current.CancellationToken);

        await Sql.RunAsync(database!.Administrator, $"UPDATE batches SET {change} WHERE \"Batch\" = 7");

        var damage = await Assert.ThrowsAsync<InvalidDataException>(() => ProofMaking.MakeAsync(db, record.Id, TestContext.Current.CancellationToken));
        Assert.Contains(said, damage.Message, StringComparison.Ordinal);
    }

    /// <summary>A plain second look would meet the next change: it is of one instant.</summary>
    [Fact]
    public async Task What_changes_between_two_questions_of_both_looks_is_no_damage_of_the_second()
    {
        await OnPostgresAsync();
        await WriteAsync(1, 20);
        await CheckpointAsync();
        JournalRecord record;
        await using (var before = Open())
            record = await before.Records.AsNoTracking().FirstAsync(r => r.Batch == 7, TestContext.Current.CancellationToken);
        var meanwhile = new Meanwhile(position => Sql.RunAsync(database!.Administrator, $"UPDATE records SET \"Position\" = {position ?? record.Position} WHERE \"Id\" = '{record.Id}' RETURNING \"Id\""));
        await using var db = Open(meanwhile);

        Assert.NotNull(await ProofMaking.MakeAsync(db, record.Id, TestContext.Current.CancellationToken));

        Assert.Equal((true, true), (meanwhile.First > 1, meanwhile.Second > 1));
    }

    [Fact]
    public async Task A_changed_tile_is_found()
    {
        await WriteAsync(1, 600);
        await CheckpointAsync();
        await using (var db = Open())
            await db.Tiles.Where(t => t.Place == 1).ExecuteUpdateAsync(set => set.SetProperty(t => t.Hash, new byte[32]), TestContext.Current.CancellationToken);

        await using var source = await StoreSource.OpenAsync(Open(), TestContext.Current.CancellationToken);
        var found = Assert.Single((await new JournalVerifier(source, VerificationKeys.Of(keys)).VerifyAsync([], TestContext.Current.CancellationToken)).Findings);

        Assert.Equal((FindingKind.TileChanged, 257L, 512L), (found.Kind, found.Batch, found.Last));
    }

    [Fact]
    public async Task A_tile_that_is_gone_is_found_and_made_again_with_the_next_checkpoint()
    {
        await WriteAsync(1, 800);
        await CheckpointAsync();
        await using (var db = Open())
            await db.Tiles.Where(t => t.Place == 1).ExecuteDeleteAsync(TestContext.Current.CancellationToken);

        var found = Assert.Single(await FindingsAsync());
        await WriteAsync(801, 803);
        await CheckpointAsync();

        Assert.Equal((FindingKind.TileMissing, 257L, 512L), (found.Kind, found.Batch, found.Last));
        Assert.Empty(damaged);
        Assert.Empty(await FindingsAsync());
    }

    [Fact]
    public async Task A_damaged_chain_keeps_no_other_from_its_checkpoint()
    {
        await WriteAsync(1, 300);
        await using (var db = Open())
        {
            await db.Batches.Where(b => b.Batch == 7).ExecuteDeleteAsync(TestContext.Current.CancellationToken);
            var other = signer.Sign(Guid.CreateVersion7(Start), 1, [Guid.CreateVersion7(Start)], Start, new byte[32], new byte[32]);
            db.Batches.Add(other);
            db.Writers.Add(new JournalWriterRow { Journal = other.Journal, Started = Start, Host = "test:2" });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await CheckpointAsync();

        await using var stated = Open();
        Assert.Equal([journal], damaged);
        Assert.NotEqual(journal, (await stated.Heads.SingleAsync(TestContext.Current.CancellationToken)).Journal);
    }

    [Fact]
    public async Task A_chain_that_no_longer_grows_is_not_stated_again()
    {
        await WriteAsync(1, 3);
        await CheckpointAsync();
        await CheckpointAsync();

        await using var db = Open();
        Assert.Equal(1, await db.Checkpoints.CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Data_protection_obtains_the_proof_of_a_consultation_and_its_public_key_checks_it()
    {
        await using var world = await RightsWorld.StartAsync();
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await world.Host.Services.GetServices<IHostedService>().OfType<Checkpoints>().Single().MakeAsync(TestContext.Current.CancellationToken);

        using var response = await world.Host.GetAsync($"/api/consultations/{answer.Id}/proof", new TestCaller { Role = CdrRoles.DataProtection });
        var bytes = await response.BytesAsync();

        var proof = JsonSerializer.Deserialize<InclusionProof>(bytes, JsonSerializerOptions.Web)!;
        var ring = world.Host.Services.GetRequiredKeyedService<KeyRing>("Rights");
        Assert.Null(ProofCheck.Fault(proof, VerificationKeys.Read(VerificationKeys.Of(ring).ToJson())));
        Assert.NotNull(proof.Checkpoint);
        Assert.Contains(("reason", "emergency"), ProofCheck.Says(proof));
        Assert.InRange(bytes.Length, 1, 4096);
    }

    [Fact]
    public async Task A_checkpoint_that_is_gone_is_damage_to_whoever_asks_for_a_proof()
    {
        await WriteAsync(1, 2);
        await CheckpointAsync();
        await using var db = Open();
        await db.Checkpoints.ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        var id = await db.Records.Select(r => r.Id).FirstAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<InvalidDataException>(() => ProofMaking.MakeAsync(db, id, TestContext.Current.CancellationToken));
    }

    /// <summary>Another record of the batch, whose hash is a part of every proof there.</summary>
    [Theory]
    [InlineData("\"Position\" = 9")]
    [InlineData("\"Position\" = -1")]
    [InlineData("\"Hash\" = x'00'")]
    [InlineData("\"Hash\" = zeroblob(40)")]
    [InlineData("\"Hash\" = zeroblob(32)")]
    public async Task A_batch_of_which_a_record_was_changed_is_damage_to_whoever_asks_for_a_proof(string change)
    {
        var found = Guid.Empty;
        await using var db = Open();
        for (var number = 1; found == Guid.Empty; number++)
        {
            await WriteAsync(number, number);
            if (await db.Records.Where(r => r.Batch == number).OrderBy(r => r.Position).Select(r => r.Id).ToListAsync(TestContext.Current.CancellationToken) is [var first, var second, ..])
            {
                found = first;
                // A value that a test names, and nobody sends.
                var statement = $"UPDATE records SET {change} WHERE \"Id\" = {{0}}";
                Assert.Equal(1, await db.Database.ExecuteSqlRawAsync(statement, [second], TestContext.Current.CancellationToken));
            }
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => ProofMaking.MakeAsync(db, found, TestContext.Current.CancellationToken));
    }

    private async Task<IReadOnlyList<Finding>> FindingsAsync()
    {
        await using var source = await StoreSource.OpenAsync(Open(), TestContext.Current.CancellationToken);
        return (await new JournalVerifier(source, VerificationKeys.Of(keys)).VerifyAsync([], TestContext.Current.CancellationToken)).Findings;
    }

    private static IEnumerable<InclusionProof> Changed(InclusionProof proof, Random random)
    {
        byte[] Flip(byte[] bytes)
        {
            var copy = bytes.ToArray();
            copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
            return copy;
        }

        var (batch, chain, checkpoint) = (proof.Batch, proof.Chain!, proof.Checkpoint!);
        yield return proof with { Record = Flip(proof.Record) };
        yield return proof with { Batch = batch with { Previous = Flip(batch.Previous) } };
        yield return proof with { Batch = batch with { Signature = Flip(batch.Signature) } };
        yield return proof with { Batch = batch with { At = batch.At.AddSeconds(1) } };
        yield return proof with { Batch = batch with { Batch = batch.Batch + 1 } };
        yield return proof with { Batch = batch with { Path = Flip([.. batch.Path, 0]) } };
        yield return proof with { Chain = chain with { Path = Flip(chain.Path) } };
        yield return proof with { Chain = chain with { Size = chain.Size + 1 } };
        yield return proof with { Chain = null };
        yield return proof with { Checkpoint = checkpoint with { Signature = Flip(checkpoint.Signature) } };
        yield return proof with { Checkpoint = checkpoint with { At = checkpoint.At.AddDays(-1) } };
        yield return proof with { Checkpoint = checkpoint with { Key = 9 } };
    }

    private async Task WriteAsync(int from, int until)
    {
        await using var db = Open();
        var random = new Random(from);
        for (var number = from; number <= until; number++)
        {
            var at = Start.AddSeconds(number);
            JournalRecord[] records = [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => SyntheticRecord.At(at, random))];
            foreach (var (position, record) in records.Index())
                (record.Journal, record.Batch, record.Position) = (journal, number, position);
            var batch = signer.Sign(journal, number, [.. records.Select(r => r.Id)], at, previous, RecordHash.Root([.. records.Select(r => r.Hash)]));
            previous = batch.Hash;
            db.Records.AddRange(records);
            db.Batches.Add(batch);
        }

        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private async Task BeginAsync(RightsDb db)
    {
        db.Writers.Add(new JournalWriterRow { Journal = journal, Started = Start, Host = "test:1" });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private async Task OnPostgresAsync()
    {
        database = await (await servers.PostgresAsync()).CreateDatabaseAsync("proofs");
        await using var db = Open();
        await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
        await BeginAsync(db);
    }

    private async Task CheckpointAsync()
    {
        await using var db = Open();
        await Checkpoint.MakeAsync(db, signer, Start.AddHours(1), all: false, damaged.Add, TestContext.Current.CancellationToken);
    }

    private RightsDb Open(params IInterceptor[] interceptors)
    {
        var options = new DbContextOptionsBuilder<RightsDb>();
        return new RightsDb((database is null ? options.UseSqlite($"Data Source={folder.File("rights.db")}") : options.UseNpgsql(database.Owner, npgsql => npgsql.MigrationsHistoryTable("migrations", "public"))).AddInterceptors(interceptors).Options);
    }

    /// <summary>A record is out of its place before each look's second question, and back before the second look.</summary>
    private sealed class Meanwhile(Func<int?, Task> moveAsync) : DbCommandInterceptor
    {
        public int First { get; private set; }

        public int Second { get; private set; }

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            var question = command.Transaction is null ? ++First : ++Second;
            if (question == 2)
                await moveAsync(99);
            else if (question == 1 && command.Transaction is not null)
                await moveAsync(null);
            return result;
        }
    }
}
