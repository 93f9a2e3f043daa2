using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Retention;

namespace Cdr.Rights.Journal.Verification;

/// <summary>Batches of every chain, in order: their hashes, links, signatures, and the trees that checkpoints signed.</summary>
internal sealed class ChainCheck(
    VerificationKeys keys,
    Dictionary<Guid, ChainState> chains,
    List<Finding> findings,
    CheckpointCheck checkpoints,
    Dictionary<(Guid Journal, int Level, long Place), byte[]> tiles,
    Dictionary<(Guid Journal, long Batch), PurgedPlaces> purged,
    ulong secret)
{
    private const int Together = 512;
    private readonly List<JournalBatch> changed = [];
    private readonly List<Task<List<Finding>>> signatures = [];
    private List<Signed> waiting = [];
    private JournalBatch? before;
    private bool isBeforeChanged;
    private int stated;

    public void Add(JournalBatch batch)
    {
        if (!chains.TryGetValue(batch.Journal, out var chain))
        {
            chains[batch.Journal] = chain = new ChainState(batch.Journal);
            (before, stated) = (null, 0);
        }

        if (batch.Batch > chain.Last + 1)
        {
            chain.Holes.Add((chain.Last + 1, batch.Batch - 1));
            chain.FaultyFrom = Math.Min(chain.FaultyFrom, chain.Last + 1);
        }

        var hash = RecordHash.OfBatch(batch.Journal, batch.Batch, batch.Records, batch.At, batch.Previous, batch.Root);
        var isChanged = !hash.AsSpan().SequenceEqual(batch.Hash);
        if (isChanged)
        {
            changed.Add(batch);
            chain.FaultyFrom = Math.Min(chain.FaultyFrom, batch.Batch);
        }
        else
        {
            CheckHeader(chain, batch);
        }

        chain.Last = Math.Max(chain.Last, batch.Batch);
        chain.Batches[batch.Batch] = State(batch, isChanged);
        Grow(chain, batch);
        (before, isBeforeChanged) = (batch, isChanged);
    }

    /// <summary>A batch whose row is there and cannot be read: after the others, before the end.</summary>
    public void AddUnread(Guid journal, long batch)
    {
        if (!chains.TryGetValue(journal, out var chain))
            chains[journal] = chain = new ChainState(journal);
        chain.Unread.Add(batch);
        if (batch > chain.Last + 1)
            chain.Holes.Add((chain.Last + 1, batch - 1));
        chain.Last = Math.Max(chain.Last, batch);
        chain.FaultyFrom = Math.Min(chain.FaultyFrom, batch);
    }

    /// <summary>What only the whole chain shows.</summary>
    public void End()
    {
        TellChanged();
        foreach (var chain in chains.Values)
        {
            foreach (var (first, last) in chain.Holes.Where(hole => !chain.IsUnread(hole) && !changed.Exists(b => b.Journal == chain.Journal && OwnNumber(b) is { } own && own == hole.First && own == hole.Last)))
                findings.Add(new Finding(FindingKind.BatchMissing, chain.Journal, first, Last: last));
        }

        TellEnds();
    }

    /// <summary>Batches that are not what was written, among those that were read.</summary>
    public void TellChanged()
    {
        Send();
        foreach (var batch in changed)
        {
            var number = OwnNumber(batch);
            findings.Add(number is { } own
                ? new Finding(FindingKind.BatchMoved, batch.Journal, own, Detail: FormattableString.Invariant($"it bears the number {batch.Batch}"))
                : new Finding(FindingKind.BatchChanged, batch.Journal, batch.Batch));
        }

    }

    private void TellEnds()
    {
        foreach (var (journal, statements) in checkpoints.Statements)
        {
            var last = chains.GetValueOrDefault(journal)?.Last ?? 0;
            if (statements[^1] is var latest && latest.Size > last)
                findings.Add(new Finding(FindingKind.ChainTruncated, journal, last + 1, Record: latest.Checkpoint, Last: latest.Size, Detail: "a checkpoint saw them"));
        }

        foreach (var (journal, statements) in checkpoints.Statements)
            CheckTiles(journal, statements);
        foreach (var ((journal, level, place), _) in tiles)
        {
            var (end, last) = ((place + 1) << (TreeTile.Bits * level), chains.GetValueOrDefault(journal)?.Last ?? 0);
            if (end > last)
                findings.Add(new Finding(FindingKind.ChainTruncated, journal, last + 1, Last: end, Detail: "the chain's tree has them"));
        }
    }

    /// <summary>What became of the signatures, which are checked meanwhile: records are read beside them.</summary>
    public async Task EndSignaturesAsync()
    {
        foreach (var found in await Task.WhenAll(signatures))
            findings.AddRange(found);
    }

    /// <summary>Whoever states a chain's root completes its tiles first.</summary>
    private void CheckTiles(Guid journal, List<Statement> statements)
    {
        var size = Math.Min(statements.Where(said => said.Root is not null).Max(said => (long?)said.Size) ?? 0, chains.GetValueOrDefault(journal)?.Last ?? 0);
        for (var (level, complete) = (1, size / TreeTile.Width); complete > 0; level++, complete /= TreeTile.Width)
        {
            for (var place = 0L; place < complete; place++)
            {
                if (!tiles.ContainsKey((journal, level, place)))
                    findings.Add(new Finding(FindingKind.TileMissing, journal, (place << (TreeTile.Bits * level)) + 1, Last: (place + 1) << (TreeTile.Bits * level)));
            }
        }
    }

    private void CheckHeader(ChainState chain, JournalBatch batch)
    {
        var follows = before is null ? batch.Batch != 1 || batch.Previous.AsSpan().SequenceEqual(new byte[Hash256.Size])
            : batch.Batch != before.Batch + 1 || isBeforeChanged || batch.Previous.AsSpan().SequenceEqual(before.Hash);
        if (!follows)
        {
            findings.Add(new Finding(FindingKind.LinkBroken, batch.Journal, batch.Batch));
            chain.FaultyFrom = Math.Min(chain.FaultyFrom, batch.Batch);
        }

        if (batch.Ids.Length != batch.Records)
            findings.Add(new Finding(FindingKind.BatchChanged, batch.Journal, batch.Batch, Detail: "the list of its records"));
        waiting.Add(new Signed(batch.Journal, batch.Batch, batch.SignatureKey, batch.Hash, batch.Signature));
        if (waiting.Count == Together)
            Send();
    }

    private BatchState State(JournalBatch batch, bool isChanged)
    {
        var gone = purged.GetValueOrDefault((batch.Journal, batch.Batch));
        if (gone?.Tombstones.Exists(left => !Tombstone.IdsHash(batch.Ids, left.Positions).AsSpan().SequenceEqual(left.Ids)) == true)
            findings.Add(new Finding(FindingKind.BatchChanged, batch.Journal, batch.Batch, Detail: "the list of its records, or what a purge says of it"));
        if (!isChanged)
            gone?.Is(batch);
        var ids = 0UL;
        for (var position = 0; position < batch.Ids.Length; position++)
        {
            if (gone?.Leaves.ContainsKey(position) != true)
                ids += BatchState.IdSum(batch.Ids[position], position, secret);
        }

        return new BatchState(Math.Clamp(batch.Records, 0, 1_000_000), Hash256.From(batch.Root) ?? default, ids, isChanged)
        {
            IsWhollyPurged = gone?.Whole == true,
            Purged = gone?.Leaves ?? BatchState.Nothing,
        };
    }

    private void Grow(ChainState chain, JournalBatch batch)
    {
        if (chain.FaultyFrom <= batch.Batch)
            return;
        chain.Tree.Add(HashTree.Leaf(batch.Hash), (level, place, hash) =>
        {
            if (tiles.TryGetValue((chain.Journal, level, place), out var stored) && Hash256.From(stored) != hash)
                findings.Add(new Finding(FindingKind.TileChanged, chain.Journal, (place << (TreeTile.Bits * level)) + 1, Last: (place + 1) << (TreeTile.Bits * level)));
        });
        if (!checkpoints.Statements.TryGetValue(chain.Journal, out var statements))
            return;
        for (; stated < statements.Count && statements[stated].Size <= batch.Batch; stated++)
        {
            var said = statements[stated];
            var fits = said.Root is null ? said.Head.AsSpan().SequenceEqual(batch.Hash) : Hash256.From(said.Root) == chain.Tree.Root;
            if (said.Size == batch.Batch && !fits)
                findings.Add(new Finding(FindingKind.ChainRewritten, chain.Journal, 1, Record: said.Checkpoint, Last: said.Size, Detail: "it is not the chain that the checkpoint saw"));
        }
    }

    /// <summary>The number under which a changed batch hashes to what it says: null when something else was changed.</summary>
    private long? OwnNumber(JournalBatch batch)
    {
        var chain = chains[batch.Journal];
        var candidates = chain.Holes.Where(h => h.Last - h.First < 1000).SelectMany(h => Enumerable.Range(0, (int)(h.Last - h.First + 1)).Select(n => h.First + n))
            .Concat(changed.Where(b => b.Journal == batch.Journal && b != batch).Select(b => b.Batch)).Take(1000);
        foreach (var number in candidates)
        {
            if (RecordHash.OfBatch(batch.Journal, number, batch.Records, batch.At, batch.Previous, batch.Root).AsSpan().SequenceEqual(batch.Hash))
                return number;
        }

        return null;
    }

    private void Send()
    {
        if (waiting.Count == 0)
            return;
        var some = waiting;
        waiting = [];
        signatures.Add(Task.Run(() =>
        {
            using var opened = keys.Open();
            return some.Where(one => !opened.Fits(one.Key, one.Hash, one.Signature)).Select(one => new Finding(FindingKind.SignatureWrong, one.Journal, one.Batch)).ToList();
        }));
    }

    private sealed record Signed(Guid Journal, long Batch, int Key, byte[] Hash, byte[] Signature);
}
