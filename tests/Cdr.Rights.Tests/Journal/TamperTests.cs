using System.Collections.Concurrent;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Retention;
using Cdr.Rights.Journal.Verification;
using Cdr.Rights.Tests.Harness;
using Cdr.Rights.Tests.Journal.Tampering;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Cdr.Rights.Tests.Journal;

/// <summary>Whatever is done to the journal is found, and its place named.</summary>
public sealed class TamperTests(TestServers servers) : IDisposable
{
    private const int Seed = 20261125;
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2028, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TestFolder folder = new("tamper");
    private KeyRing Keys => field ??= KeyRing.Load(folder.File("keys.json"), createMissing: true);

    [Fact]
    public async Task An_untouched_journal_has_no_findings_and_says_what_was_purged()
    {
        var image = JournalImage.Make(Keys, Seed);

        var report = await VerifyAsync(image, image.Anchor);

        Assert.Empty(report.Findings);
        Assert.Equal((4, image.Batches.Count, image.Records.Count, 3), (report.Chains, (int)report.Batches, (int)report.Records, report.Checkpoints));
        Assert.StartsWith("policy=access-trace-12-months;", Assert.Single(report.Purges).Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_edits_deletions_swaps_and_truncations_are_all_found_and_located()
    {
        var whole = JournalImage.Make(Keys, Seed);
        ConcurrentBag<string> missed = [];
        ConcurrentDictionary<string, int> kinds = [];
        await Parallel.ForEachAsync(Enumerable.Range(0, 10_000), TestContext.Current.CancellationToken, async (n, _) =>
        {
            var image = whole.Copy();
            var tamper = Tamper.Do(image, new Random(Seed + n));
            var report = await VerifyAsync(image, image.Anchor);
            kinds.AddOrUpdate(tamper.What, 1, (_, count) => count + 1);
            if (Missed(tamper, report) is { } why)
                missed.Add($"{n}: {tamper.What}: {why}");
        });

        Assert.True(kinds.Count > 80, $"only {kinds.Count} ways were tried");
        Assert.True(missed.IsEmpty, $"{missed.Count} of 10,000:\n{string.Join('\n', missed.Order().Take(30))}");
    }

    [Fact]
    public async Task Sixty_edits_and_deletions_of_tiles_are_found_and_located()
    {
        var whole = JournalImage.Make(Keys, Seed, more: 600);
        Assert.Empty((await VerifyAsync(whole, whole.Anchor)).Findings);
        List<string> missed = [];
        for (var n = 0; n < 60; n++)
        {
            var image = whole.Copy();
            var tamper = Tamper.DoTile(image, new Random(Seed + n));
            if (Missed(tamper, await VerifyAsync(image, image.Anchor)) is { } why)
                missed.Add($"{n}: {tamper.What}: {why}");
        }

        Assert.True(missed.Count == 0, string.Join('\n', missed));
    }

    [Fact]
    public async Task Two_hundred_more_are_found_in_postgresql()
    {
        var database = await MigratedAsync();
        await using var source = NpgsqlDataSource.Create(database.Administrator);
        var whole = JournalImage.Make(Keys, Seed + 1);
        List<string> missed = [];
        var boundaries = 0;
        for (var n = 0; n < 200; n++)
        {
            var image = whole.Copy();
            var tamper = n == 0 ? null : Tamper.Do(image, new Random(Seed - n));
            await StoreAsync(database, image);
            // What was deleted stays in the files: each image has more blocks than the one before.
            await using var stored = await PostgresSource.OpenAsync(Open(database.Administrator), source, TestContext.Current.CancellationToken, blocksAtOnce: n < 20 ? 1 : n);
            boundaries += (await stored.PartsAsync(TestContext.Current.CancellationToken)).Count(part => part.Contains("ctid <", StringComparison.Ordinal));
            var report = await VerifyAsync(stored, image.Anchor);
            Assert.Equal(image.Records.Count, report.Records);
            if (tamper is null)
                Assert.Empty(report.Findings);
            else if (Missed(tamper, report) is { } why)
                missed.Add($"{n}: {tamper.What}: {why}");
        }

        Assert.True(boundaries > 200, $"only {boundaries} ends of parts were crossed");
        Assert.True(missed.Count == 0, $"{missed.Count} of 199:\n{string.Join('\n', missed.Take(30))}");
    }

    [Fact]
    public async Task Records_rewritten_with_their_hashes_are_located_in_their_batch()
    {
        var image = JournalImage.Make(Keys, Seed);
        var record = image.Records.First(r => r.Kind == RecordKind.Answered);
        Row.Set(record, nameof(JournalRecord.Reason), "patient-absent");
        record.Hash = RecordHash.Of(record);

        var found = Assert.Single((await VerifyAsync(image, image.Anchor)).Findings);

        Assert.Equal((FindingKind.RecordsRewritten, record.Journal, record.Batch), (found.Kind, found.Journal, found.Batch));
    }

    [Fact]
    public async Task A_batch_rewritten_and_signed_by_another_key_is_found_by_its_signature()
    {
        var image = JournalImage.Make(Keys, Seed);
        using var foreign = new BatchSigner(KeyRing.Load(folder.File("foreign.json"), createMissing: true));
        var last = image.Batches.GroupBy(b => b.Journal).Last(c => c.Count() > 1).MaxBy(b => b.Batch)!;
        image.Batches.Remove(last);
        image.Batches.Add(foreign.Sign(last.Journal, last.Batch, last.Ids, last.At, last.Previous, last.Root));

        var found = Assert.Single((await VerifyAsync(image, image.Anchor)).Findings);

        Assert.Equal((FindingKind.SignatureWrong, last.Journal, last.Batch), (found.Kind, found.Journal, found.Batch));
    }

    [Fact]
    public async Task A_deletion_that_is_dressed_as_a_purge_is_found()
    {
        var image = JournalImage.Make(Keys, Seed);
        var batch = image.Batches[^3];
        image.Records.RemoveAll(r => r.Journal == batch.Journal && r.Batch == batch.Batch);
        image.Tombstones.Add(new() { Journal = batch.Journal, Batch = batch.Batch, Purge = image.Tombstones[0].Purge, Positions = [], Leaves = [], Ids = Tombstone.IdsHash(batch.Ids, []) });

        var found = Assert.Single((await VerifyAsync(image, image.Anchor)).Findings);

        Assert.Equal((FindingKind.PurgeChanged, image.Tombstones[0].Purge), (found.Kind, found.Record));
    }

    [Fact]
    public async Task A_checkpoint_removed_with_its_lines_is_named_by_the_one_after()
    {
        var image = JournalImage.Make(Keys, Seed);
        var gone = image.Checkpoints[0].Id;
        image.Checkpoints.RemoveAt(0);
        image.Heads.RemoveAll(h => h.Checkpoint == gone);

        var found = Assert.Single((await VerifyAsync(image)).Findings);

        Assert.Equal((FindingKind.CheckpointMissing, gone), (found.Kind, found.Record));
    }

    [Fact]
    public async Task A_checkpoint_of_the_form_that_named_none_is_still_verified()
    {
        var image = JournalImage.Make(Keys, Seed);
        using var signer = new BatchSigner(Keys);
        var last = image.Checkpoints[^1];
        var (key, signature) = signer.Sign(CheckpointForm.Of(last.Id, last.At, last.Chains, last.Root, Guid.Empty, []));
        image.Checkpoints[^1] = new JournalCheckpoint { Id = last.Id, At = last.At, Chains = last.Chains, Root = last.Root, SignatureKey = key, Signature = signature };

        Assert.Empty((await VerifyAsync(image)).Findings);
    }

    [Theory]
    [InlineData("younger than six months")]
    [InlineData("younger than its policy")]
    [InlineData("of a shorter policy than the clocks")]
    [InlineData("of a shorter policy for proofs")]
    [InlineData("of no policy")]
    [InlineData("older than its batches")]
    [InlineData("more than it took")]
    [InlineData("fewer than it took")]
    [InlineData("in the future")]
    public async Task A_signed_purge_that_no_policy_lets_is_found(string how)
    {
        var image = JournalImage.Make(Keys, Seed, note => how switch
        {
            "younger than six months" => note with { Until = note.Until.AddMonths(7) },
            "younger than its policy" => note with { Until = note.Until.AddMonths(1) },
            "of a shorter policy than the clocks" => note with { Policy = "access-trace-11-months", Until = note.Until.AddMonths(1) },
            "of a shorter policy for proofs" => note with { Policy = "proof-12-months-and-0" },
            "of no policy" => note with { Policy = "spring-cleaning" },
            "older than its batches" => note with { Until = note.Until.AddMonths(-7) },
            "more than it took" => note with { Records = note.Records - 1 },
            "fewer than it took" => note with { Records = note.Records + 1 },
            _ => note,
        });
        var clock = how == "in the future" ? new FakeTimeProvider(Clock.GetUtcNow().AddMonths(-3)) : Clock;

        var report = await new JournalVerifier(image, VerificationKeys.Of(Keys), clock: clock).VerifyAsync([image.Anchor], TestContext.Current.CancellationToken);

        var found = Assert.Single(report.Findings);
        Assert.Equal((FindingKind.PurgeUnfounded, image.Tombstones[0].Purge), (found.Kind, found.Record));
        Assert.Empty(report.Purges);
    }

    [Fact]
    public async Task A_purge_by_a_shorter_policy_that_the_clocks_once_were_is_founded_where_it_is_named()
    {
        var image = JournalImage.Make(Keys, Seed, note => note with { Policy = "access-trace-11-months", Until = note.Until.AddMonths(1) });

        async Task<int> FindingsAsync(params string[] former) =>
            (await new JournalVerifier(image, VerificationKeys.Of(Keys), clock: Clock, policies: new PurgePolicies(new RetentionOptions(), former)).VerifyAsync([image.Anchor], TestContext.Current.CancellationToken)).Findings.Count;

        Assert.Equal(0, await FindingsAsync("access-trace-11-months"));
        // It took more than this one lets it.
        Assert.Equal(1, await FindingsAsync("access-trace-10-months"));
        Assert.Equal(1, await FindingsAsync());
    }

    public void Dispose() => folder.Dispose();

    private static string? Missed(Tamper tamper, VerificationReport report)
    {
        if (report.Findings.Count == 0)
            return "not found";
        if (!tamper.Located.All(located => report.Findings.Any(located)))
            return $"not located: {string.Join(" | ", report.Findings.Take(4))}";
        return report.Findings.FirstOrDefault(f => f.Journal is { } chain && !tamper.Chains.Contains(chain)) is { } noise ? $"another chain is blamed: {noise}" : null;
    }

    private Task<VerificationReport> VerifyAsync(IJournalSource source, params Anchor[] anchors) =>
        new JournalVerifier(source, VerificationKeys.Of(Keys), clock: Clock).VerifyAsync(anchors, TestContext.Current.CancellationToken);

    private async Task<Cdr.Testing.Servers.TestDatabase> MigratedAsync()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("tamper");
        await using var db = Open(database.Owner);
        await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
        return database;
    }

    private static async Task StoreAsync(Cdr.Testing.Servers.TestDatabase database, JournalImage image)
    {
        // Truncating makes the files of sixty months anew.
        await Sql.RunAsync(database.Administrator, "DELETE FROM records; DELETE FROM batches; DELETE FROM writers; DELETE FROM checkpoints; DELETE FROM checkpoint_heads; DELETE FROM tombstones");
        await using var db = Open(database.Administrator);
        db.AddRange([.. image.Records, .. image.Batches, .. image.Writers, .. image.Checkpoints, .. image.Heads, .. image.Tombstones]);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private static RightsDb Open(string connection) => new(new DbContextOptionsBuilder<RightsDb>().UseNpgsql(connection, npgsql => npgsql.MigrationsHistoryTable("migrations", "public")).Options);
}
