using Cdr.Contracts.Rights;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal.Proofs;

/// <summary>Makes the proof of one record. What it reads does not grow with the journal: its batch, and some parts of its chain's tree.</summary>
internal static class ProofMaking
{
    /// <returns>Null when there is no such record.</returns>
    /// <exception cref="InvalidDataException">The journal is not what was signed.</exception>
    public static async Task<InclusionProof?> MakeAsync(RightsDb db, Guid id, CancellationToken cancellationToken) => (await OfAsync(db, id, cancellationToken))?.Proof;

    /// <summary>The same, and the record: each question to the store is a part of what somebody waits for.</summary>
    public static async Task<ProvenRecord?> OfAsync(RightsDb db, Guid id, CancellationToken cancellationToken)
    {
        var found = await (from r in db.Records
                           where r.Id == id
                           join b in db.Batches on new { r.Journal, r.Batch } equals new { b.Journal, b.Batch }
                           select new { Record = r, Batch = b }).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (found is not { Record: var record, Batch: var batch })
            return null;
        var leaves = await LeavesAsync(db, batch, cancellationToken);
        var path = HashTree.Path([.. leaves], record.Position);
        if (HashTree.RootOf(HashTree.Leaf(RecordHash.Of(record)), record.Position, batch.Records, path) != Hash256.From(batch.Root))
            throw Damaged(batch);

        var stated = await (from h in db.Heads.Where(h => h.Journal == batch.Journal && h.Size >= batch.Batch).OrderBy(h => h.Size).Take(1)
                            from c in db.Checkpoints.Where(c => c.Id == h.Checkpoint).DefaultIfEmpty()
                            select new { Head = h, Checkpoint = c }).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        return new ProvenRecord(record, new InclusionProof(
            InclusionProof.Current,
            RecordHash.Form(record),
            new ProofBatch(batch.Journal, batch.Batch, record.Position, batch.Records, batch.At, batch.Previous, batch.SignatureKey, batch.Signature, Joined(path)),
            stated is null ? null : new ProofChain(stated.Head.Size, Joined(await new ChainTree(db, batch.Journal).PathAsync(batch.Batch - 1, stated.Head.Size, cancellationToken))),
            stated is null ? null : await CheckpointAsync(db, stated.Head, stated.Checkpoint, cancellationToken)));
    }

    private static async Task<Hash256[]> LeavesAsync(RightsDb db, JournalBatch batch, CancellationToken cancellationToken)
    {
        var leaves = new Hash256[batch.Records];
        var ids = batch.Ids;
        // The bounds let the database leave other months alone.
        var (first, last) = (ids.Min(), ids.Max());
        var records = await db.Records.Where(r => r.Id >= first && r.Id <= last && ids.Contains(r.Id)).Select(r => new { r.Position, r.Hash }).ToListAsync(cancellationToken);
        foreach (var record in records)
        {
            if (record.Position < 0 || record.Position >= leaves.Length || record.Hash.Length != Hash256.Size)
                throw Damaged(batch);
            leaves[record.Position] = HashTree.Leaf(record.Hash);
        }

        if (records.Count == leaves.Length)
            return leaves;
        // What went by retention left its hash.
        foreach (var tombstone in await db.Tombstones.AsNoTracking().Where(t => t.Journal == batch.Journal && t.Batch == batch.Batch).ToListAsync(cancellationToken))
        {
            foreach (var (place, position) in tombstone.Positions.Index())
                leaves[position] = HashTree.Leaf(tombstone.Leaves.AsSpan(place * Hash256.Size, Hash256.Size));
        }

        return leaves;
    }

    private static async Task<ProofCheckpoint> CheckpointAsync(RightsDb db, CheckpointHead head, JournalCheckpoint? checkpoint, CancellationToken cancellationToken)
    {
        if (checkpoint is null)
            throw new InvalidDataException($"Checkpoint {head.Checkpoint} is missing: verify the journal.");
        var heads = await db.Heads.AsNoTracking().Where(h => h.Checkpoint == head.Checkpoint).OrderBy(h => h.Place).ToListAsync(cancellationToken);
        var path = HashTree.Path([.. heads.Select(h => CheckpointForm.Leaf(h.Journal, h.Size, h.Root))], head.Place);
        return new ProofCheckpoint(checkpoint.Id, checkpoint.At, checkpoint.Chains, head.Place, checkpoint.SignatureKey, checkpoint.Signature, Joined(path),
            checkpoint.PreviousHash.Length == 0 ? null : checkpoint.Previous, checkpoint.PreviousHash.Length == 0 ? null : checkpoint.PreviousHash);
    }

    private static InvalidDataException Damaged(JournalBatch batch) => new($"Batch {batch.Batch} of journal {batch.Journal} is not what was signed: verify the journal.");

    private static byte[] Joined(List<Hash256> path) => [.. path.SelectMany(hash => hash.ToArray())];
}

/// <summary>A record and its proof.</summary>
internal sealed record ProvenRecord(JournalRecord Record, InclusionProof Proof)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(ProvenRecord);
}
