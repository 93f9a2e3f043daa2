using System.Data;
using Cdr.Contracts.Rights;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal.Proofs;

/// <summary>
/// Makes the proof of one record. What it reads does not grow with the journal: its batch, and some parts of its chain's tree. Whoever may write to
/// the store may have written anything: nothing of a row is believed before its form is looked at, and no proof leaves that leads to another root.
/// </summary>
internal static class ProofMaking
{
    /// <returns>Null when there is no such record.</returns>
    /// <exception cref="InvalidDataException">The journal is not what was signed; its message says where, by ids alone.</exception>
    public static async Task<InclusionProof?> MakeAsync(RightsDb db, Guid id, CancellationToken cancellationToken) => (await OfAsync(db, id, cancellationToken))?.Proof;

    /// <summary>The same, and the record: each question to the store is a part of what somebody waits for.</summary>
    public static async Task<ProvenRecord?> OfAsync(RightsDb db, Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await CheckedAsync(db, id, cancellationToken);
        }
        catch (InvalidDataException)
        {
            // Each question saw the journal as it was by then: a purge between two of them looks like damage. Only who met damage waits for a second look.
            return await AtOneInstantAsync(db, id, cancellationToken);
        }
    }

    private static async Task<ProvenRecord?> AtOneInstantAsync(RightsDb db, Guid id, CancellationToken cancellationToken)
    {
        if (!db.Database.IsSqlite())
        {
            await using var instant = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            return await CheckedAsync(db, id, cancellationToken);
        }

        await db.Database.OpenConnectionAsync(cancellationToken);
        // Deferred: it reads beside whoever writes.
        await using var reading = ((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true);
        await using var used = await db.Database.UseTransactionAsync(reading, cancellationToken);
        return await CheckedAsync(db, id, cancellationToken);
    }

    private static async Task<ProvenRecord?> CheckedAsync(RightsDb db, Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(db, id, cancellationToken);
        }
        // An instant that is none, a null in a list: the store's client does not get as far as a row.
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"A row that the proof of record {id} is made of cannot be read ({e.GetType().Name}).", e);
        }
    }

    private static async Task<ProvenRecord?> ReadAsync(RightsDb db, Guid id, CancellationToken cancellationToken)
    {
        var found = await (from r in db.Records
                           where r.Id == id
                           from b in db.Batches.Where(b => b.Journal == r.Journal && b.Batch == r.Batch).DefaultIfEmpty()
                           select new { Record = r, Batch = b }).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (found is not { Record: var record })
            return null;
        if (found.Batch is not { } batch || !HasItsForm(batch) || record.Position < 0 || record.Position >= batch.Records)
            throw Damaged(record);
        var path = HashTree.Path(await LeavesAsync(db, record, batch, cancellationToken), record.Position);
        if (HashTree.RootOf(HashTree.Leaf(RecordHash.Of(record)), record.Position, batch.Records, path) != Hash256.From(batch.Root))
            throw Damaged(record);

        var stated = await StatedAsync(db, batch, cancellationToken);
        return new ProvenRecord(record, new InclusionProof(
            InclusionProof.Current,
            RecordHash.Form(record),
            new ProofBatch(batch.Journal, batch.Batch, record.Position, batch.Records, batch.At, batch.Previous, batch.SignatureKey, batch.Signature, Joined(path)),
            stated?.Chain,
            stated?.Checkpoint));
    }

    private static bool HasItsForm(JournalBatch batch) =>
        batch is { Batch: > 0, Records: > 0 } && batch.Ids.Length == batch.Records
        && RecordHash.OfBatch(batch.Journal, batch.Batch, batch.Records, batch.At, batch.Previous, batch.Root).AsSpan().SequenceEqual(batch.Hash);

    private static async Task<Hash256[]> LeavesAsync(RightsDb db, JournalRecord of, JournalBatch batch, CancellationToken cancellationToken)
    {
        var leaves = new Hash256[batch.Records];
        var ids = batch.Ids;
        // The bounds let the database leave other months alone.
        var (first, last) = (ids.Min(), ids.Max());
        var records = await db.Records.Where(r => r.Id >= first && r.Id <= last && ids.Contains(r.Id)).Select(r => new { r.Position, r.Hash }).ToListAsync(cancellationToken);
        foreach (var record in records)
        {
            if (record.Position < 0 || record.Position >= leaves.Length || Hash256.From(record.Hash) is not { } hash)
                throw Damaged(of);
            leaves[record.Position] = HashTree.Leaf(hash);
        }

        if (records.Count == leaves.Length)
            return leaves;
        // What went by retention left its hash.
        foreach (var tombstone in await db.Tombstones.AsNoTracking().Where(t => t.Journal == batch.Journal && t.Batch == batch.Batch).ToListAsync(cancellationToken))
        {
            if (tombstone.Leaves.Length != tombstone.Positions.Length * Hash256.Size || tombstone.Positions.Any(position => position < 0 || position >= leaves.Length))
                throw Damaged(of);
            foreach (var (place, position) in tombstone.Positions.Index())
                leaves[position] = HashTree.Leaf(tombstone.Leaves.AsSpan(place * Hash256.Size, Hash256.Size));
        }

        return leaves;
    }

    /// <summary>The first checkpoint that states the batch's chain as far as the batch; null when there is none yet.</summary>
    private static async Task<(ProofChain Chain, ProofCheckpoint Checkpoint)?> StatedAsync(RightsDb db, JournalBatch batch, CancellationToken cancellationToken)
    {
        var (journal, number) = (batch.Journal, batch.Batch);
        var first = db.Heads.Where(h => h.Journal == journal && h.Size >= number).OrderBy(h => h.Size).Select(h => h.Checkpoint);
        // All its lines, and itself beside the one of this chain.
        var lines = await (from h in db.Heads.Where(h => h.Checkpoint == first.First())
                           join c in db.Checkpoints on new { Id = h.Checkpoint, IsOwn = h.Journal == journal } equals new { c.Id, IsOwn = true } into own
                           from c in own.DefaultIfEmpty()
                           orderby h.Place
                           select new { Head = h, Checkpoint = c }).AsNoTracking().ToListAsync(cancellationToken);
        if (lines.Count == 0)
            return null;
        if (lines.FindAll(line => line.Head.Journal == journal) is not [{ Head: var head, Checkpoint: { } checkpoint }]
            || checkpoint.Chains != lines.Count || lines.Index().Any(line => line.Item.Head.Place != line.Index))
            throw new InvalidDataException($"Checkpoint {lines[0].Head.Checkpoint} is not what was signed, or missing: verify the journal.");

        var inChain = await new ChainTree(db, journal).PathAsync(number - 1, head.Size, cancellationToken);
        if (HashTree.RootOf(HashTree.Leaf(batch.Hash), number - 1, head.Size, inChain) is not { } root || root != Hash256.From(head.Root))
            throw new InvalidDataException($"Chain {journal} is not what checkpoint {checkpoint.Id} states of it: verify the journal.");
        Hash256[] stated = [.. lines.Select(line => CheckpointForm.Leaf(line.Head.Journal, line.Head.Size, line.Head.Root))];
        var ownLeaf = stated[head.Place];
        var inCheckpoint = HashTree.Path(stated, head.Place);
        if (HashTree.RootOf(ownLeaf, head.Place, checkpoint.Chains, inCheckpoint) is not { } whole || whole != Hash256.From(checkpoint.Root))
            throw new InvalidDataException($"Checkpoint {checkpoint.Id} is not what was signed: verify the journal.");
        return (new ProofChain(head.Size, Joined(inChain)),
            new ProofCheckpoint(checkpoint.Id, checkpoint.At, checkpoint.Chains, head.Place, checkpoint.SignatureKey, checkpoint.Signature, Joined(inCheckpoint),
                checkpoint.PreviousHash.Length == 0 ? null : checkpoint.Previous, checkpoint.PreviousHash.Length == 0 ? null : checkpoint.PreviousHash));
    }

    private static InvalidDataException Damaged(JournalRecord record) => new($"Batch {record.Batch} of journal {record.Journal} is not what was signed: verify the journal.");

    private static byte[] Joined(List<Hash256> path) => [.. path.SelectMany(hash => hash.ToArray())];
}

/// <summary>A record and its proof.</summary>
internal sealed record ProvenRecord(JournalRecord Record, InclusionProof Proof)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(ProvenRecord);
}
