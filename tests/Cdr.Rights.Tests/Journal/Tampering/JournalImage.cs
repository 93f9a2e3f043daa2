using System.Security.Cryptography;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Retention;
using Cdr.Rights.Journal.Verification;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Rights.Tests.Journal.Tampering;

/// <summary>A small journal as the tables of a store: three chains, one purge a year and a half later, two checkpoints; and an anchor that lies elsewhere.</summary>
internal sealed class JournalImage : IJournalSource
{
    public IReadOnlyList<UnreadRow> Unread => [];

    public List<JournalWriterRow> Writers { get; private set; } = [];

    public List<JournalBatch> Batches { get; private set; } = [];

    public List<JournalRecord> Records { get; private set; } = [];

    public List<JournalCheckpoint> Checkpoints { get; private set; } = [];

    public List<CheckpointHead> Heads { get; private set; } = [];

    public List<Tombstone> Tombstones { get; private set; } = [];

    public List<TreeTile> Tiles { get; private set; } = [];

    public Anchor Anchor { get; private set; } = null!;

    public static JournalImage Make(KeyRing keys, int seed, Func<PurgeNote, PurgeNote>? purge = null, int more = 0)
    {
        var random = new Random(seed);
        using var signer = new BatchSigner(keys);
        var image = new JournalImage();
        var at = new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);
        for (var chain = 0; chain < 3; chain++)
        {
            at = at.AddMinutes(1);
            var (journal, previous) = (Id(random, at), new byte[32]);
            image.Writers.Add(new JournalWriterRow { Journal = journal, Started = at, Host = "test:1" });
            for (var number = 1; number <= 4 + chain + more; number++)
            {
                at = at.AddMilliseconds(random.Next(1, 500)).AddTicks(random.Next(1000) * 10);
                JournalRecord[] records = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Record(random, at))];
                previous = image.Commit(signer, journal, number, records, at, previous);
            }

            if (chain == 1)
                image.CheckpointAll(signer, at.AddSeconds(1), random);
        }

        // A year and a half later, when it is past its time.
        at = at.AddMonths(18);
        image.Purge(signer, at.AddSeconds(2), random, purge ?? (note => note));
        image.CheckpointAll(signer, at.AddSeconds(3), random);
        image.Anchor = Anchor.Of(image.Checkpoints[^1], image.Heads.Where(h => h.Checkpoint == image.Checkpoints[^1].Id));
        return image;
    }

    public JournalImage Copy() => new()
    {
        Writers = [.. Writers.Select(Row.Copy)],
        Batches = [.. Batches.Select(Row.Copy)],
        Records = [.. Records.Select(Row.Copy)],
        Checkpoints = [.. Checkpoints.Select(Row.Copy)],
        Heads = [.. Heads.Select(Row.Copy)],
        Tombstones = [.. Tombstones.Select(Row.Copy)],
        Tiles = [.. Tiles.Select(Row.Copy)],
        Anchor = Anchor,
    };

    public Task<IReadOnlySet<Guid>> WritersAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlySet<Guid>>(Writers.Select(w => w.Journal).ToHashSet());

    public IAsyncEnumerable<JournalBatch> BatchesAsync(CancellationToken cancellationToken) => Batches.OrderBy(b => b.Journal).ThenBy(b => b.Batch).ToAsyncEnumerable();

    public Task<JournalBatch?> BatchAsync(Guid journal, long batch, CancellationToken cancellationToken) => Task.FromResult(Batches.Find(b => b.Journal == journal && b.Batch == batch));

    public Task RecordsAsync(RecordSink sink, CancellationToken cancellationToken)
    {
        sink([.. Records.Select(StoredRecord.Of)]);
        return Task.CompletedTask;
    }

    public Task<IReadOnlySet<Guid>> AnsweredAsync(Guid[] consultations, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlySet<Guid>>(Records.Where(r => r.Kind == RecordKind.Answered).Select(r => r.Id).Intersect(consultations).ToHashSet());

    public Task<IReadOnlyList<JournalCheckpoint>> CheckpointsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<JournalCheckpoint>>(Checkpoints);

    public Task<IReadOnlyList<CheckpointHead>> HeadsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CheckpointHead>>(Heads);

    public Task<IReadOnlyList<TreeTile>> TilesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<TreeTile>>(Tiles);

    public IAsyncEnumerable<Tombstone> TombstonesAsync(CancellationToken cancellationToken) =>
        Tombstones.OrderBy(t => t.Purge).ThenBy(t => t.Journal).ThenBy(t => t.Batch).ToAsyncEnumerable();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private byte[] Commit(BatchSigner signer, Guid journal, long number, JournalRecord[] records, DateTimeOffset at, byte[] previous)
    {
        foreach (var (position, record) in records.Index())
            (record.Journal, record.Batch, record.Position, record.Hash) = (journal, number, position, RecordHash.Of(record));
        var batch = signer.Sign(journal, number, [.. records.Select(r => r.Id)], at, previous, RecordHash.Root([.. records.Select(r => r.Hash)]));
        Records.AddRange(records);
        Batches.Add(batch);
        return batch.Hash;
    }

    private void CheckpointAll(BatchSigner signer, DateTimeOffset at, Random random)
    {
        var id = Id(random, at);
        var first = Heads.Count;
        foreach (var chain in Batches.GroupBy(b => b.Journal).OrderBy(c => c.Key))
        {
            Hash256[] leaves = [.. chain.OrderBy(b => b.Batch).Select(b => HashTree.Leaf(b.Hash))];
            Tiles.AddRange(leaves.Chunk(TreeTile.Width).Index().Where(part => part.Item.Length == TreeTile.Width && !Tiles.Exists(t => t.Journal == chain.Key && t.Place == part.Index))
                .Select(part => new TreeTile { Journal = chain.Key, Level = 1, Place = part.Index, Hash = HashTree.Root([.. part.Item]).ToArray() }));
            var root = HashTree.Root(leaves);
            Heads.Add(new CheckpointHead { Journal = chain.Key, Size = chain.Count(), Checkpoint = id, Place = Heads.Count - first, Root = root.ToArray() });
        }

        var whole = HashTree.Root([.. Heads.Skip(first).Select(h => CheckpointForm.Leaf(h.Journal, h.Size, h.Root))]).ToArray();
        var (previous, hash) = Checkpoints.Count == 0 ? (Guid.Empty, new byte[32]) : (Checkpoints[^1].Id, CheckpointForm.Of(Checkpoints[^1]));
        var (key, signature) = signer.Sign(CheckpointForm.Of(id, at, Heads.Count - first, whole, previous, hash));
        Checkpoints.Add(new JournalCheckpoint { Id = id, At = at, Chains = Heads.Count - first, Root = whole, Previous = previous, PreviousHash = hash, SignatureKey = key, Signature = signature });
    }

    /// <summary>One whole batch, and a part of another, as <see cref="JournalPurge"/> leaves them.</summary>
    private void Purge(BatchSigner signer, DateTimeOffset at, Random random, Func<PurgeNote, PurgeNote> says)
    {
        var id = Id(random, at);
        var partly = Batches.First(b => b.Records > 2);
        var wholly = Batches.First(b => b != partly);
        var gone = Records.Where(r => r.Journal == partly.Journal && r.Batch == partly.Batch && r.Position < 2).ToList();
        Tombstones.Add(new Tombstone { Journal = wholly.Journal, Batch = wholly.Batch, Purge = id, Positions = [], Leaves = [], Ids = Tombstone.IdsHash(wholly.Ids, []) });
        Tombstones.Add(new Tombstone { Journal = partly.Journal, Batch = partly.Batch, Purge = id, Positions = [0, 1], Leaves = [.. gone.SelectMany(r => r.Hash)], Ids = Tombstone.IdsHash(partly.Ids, [0, 1]) });
        Records.RemoveAll(r => gone.Contains(r) || r.Journal == wholly.Journal && r.Batch == wholly.Batch);
        using var digest = new PurgeDigest();
        foreach (var tombstone in Tombstones.OrderBy(t => t.Journal).ThenBy(t => t.Batch))
            digest.Add(tombstone);
        var record = Row.Copy(Record(random, at));
        Row.Set(record, nameof(JournalRecord.Id), id);
        Row.Set(record, nameof(JournalRecord.Kind), RecordKind.Purged);
        Row.Set(record, nameof(JournalRecord.Regimes), says(new PurgeNote("access-trace-12-months", at.AddMonths(-12), gone.Count + wholly.Records, digest.End())).ToString());
        var journal = Id(random, at);
        Writers.Add(new JournalWriterRow { Journal = journal, Started = at, Host = "test:2 purge" });
        Commit(signer, journal, 1, [record], at, new byte[32]);
    }

    private static JournalRecord Record(Random random, DateTimeOffset at)
    {
        var isAnswer = random.Next(2) == 0;
        var payload = isAnswer ? Bytes(random, random.Next(20, 200)) : null;
        return new JournalRecord
        {
            Id = Id(random, at), Consultation = Id(random, at), Kind = isAnswer ? RecordKind.Answered : RecordKind.Asked, At = at, Subject = "person-" + random.Next(9), Session = "s-" + random.Next(9),
            Role = "clerk", Establishment = "750712184", Group = "G1", Department = "75", Unit = "ADM", Function = "reception", Reason = "emergency",
            CareDate = new DateOnly(2026, 11, random.Next(1, 28)), Outcome = isAnswer ? (short)0 : null, Regime = "cnam", Source = isAnswer ? (short)1 : null, Milliseconds = random.Next(1000),
            Regimes = "cnam:0:34", PseudonymKey = 1, Pseudonym = Bytes(random, 32), PatientPseudonym = random.Next(3) == 0 ? Bytes(random, 32) : null, Request = Bytes(random, 32),
            RulesVersion = "2026-1", TraceId = "", Payload = payload, PayloadHash = payload is null ? null : SHA256.HashData(payload),
        };
    }

    private static Guid Id(Random random, DateTimeOffset at)
    {
        var bytes = Bytes(random, 16);
        Guid.CreateVersion7(at).ToByteArray(bigEndian: true).AsSpan(0, 7).CopyTo(bytes);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
