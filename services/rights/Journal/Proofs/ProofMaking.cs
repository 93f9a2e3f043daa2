using Cdr.Contracts.Rights;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal.Proofs;

/// <summary>Makes the proof of one record. What it reads does not grow with the journal: its batch, and some parts of its chain's tree.</summary>
internal static class ProofMaking
{
    /// <returns>Null when there is no such record.</returns>
    /// <exception cref="InvalidDataException">The journal is not what was signed.</exception>
    public static async Task<InclusionProof?> MakeAsync(RightsDb db, Guid id, CancellationToken cancellationToken) =>
        await MakeAsync(db, await db.Records.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellationToken), cancellationToken);

    /// <summary>The same of a record that was read.</summary>
    public static async Task<InclusionProof?> MakeAsync(RightsDb db, JournalRecord? record, CancellationToken cancellationToken)
    {
        if (record is null || await db.Batches.AsNoTracking().FirstOrDefaultAsync(b => b.Journal == record.Journal && b.Batch == record.Batch, cancellationToken) is not { } batch)
            return null;
        var leaves = await LeavesAsync(db, batch, cancellationToken);
        var path = HashTree.Path([.. leaves], record.Position);
        if (HashTree.RootOf(HashTree.Leaf(RecordHash.Of(record)), record.Position, batch.Records, path) != Hash256.From(batch.Root))
            throw new InvalidDataException($"Batch {batch.Batch} of journal {batch.Journal} is not what was signed: verify the journal.");

        var head = await db.Heads.AsNoTracking().Where(h => h.Journal == batch.Journal && h.Size >= batch.Batch).OrderBy(h => h.Size).FirstOrDefaultAsync(cancellationToken);
        return new InclusionProof(
            InclusionProof.Current,
            RecordHash.Form(record),
            new ProofBatch(batch.Journal, batch.Batch, record.Position, batch.Records, batch.At, batch.Previous, batch.SignatureKey, batch.Signature, Joined(path)),
            head is null ? null : new ProofChain(head.Size, Joined(await new ChainTree(db, batch.Journal).PathAsync(batch.Batch - 1, head.Size, cancellationToken))),
            head is null ? null : await CheckpointAsync(db, head, cancellationToken));
    }

    private static async Task<Hash256[]> LeavesAsync(RightsDb db, JournalBatch batch, CancellationToken cancellationToken)
    {
        var leaves = new Hash256[batch.Records];
        var ids = batch.Ids;
        // The bounds let the database leave other months alone.
        var (first, last) = (ids.Min(), ids.Max());
        var records = await db.Records.Where(r => r.Id >= first && r.Id <= last && ids.Contains(r.Id)).Select(r => new { r.Position, r.Hash }).ToListAsync(cancellationToken);
        foreach (var record in records)
            leaves[record.Position] = HashTree.Leaf(record.Hash);
        // What went by retention left its hash.
        foreach (var tombstone in await db.Tombstones.AsNoTracking().Where(t => t.Journal == batch.Journal && t.Batch == batch.Batch).ToListAsync(cancellationToken))
        {
            foreach (var (place, position) in tombstone.Positions.Index())
                leaves[position] = HashTree.Leaf(tombstone.Leaves.AsSpan(place * Hash256.Size, Hash256.Size));
        }

        return leaves;
    }

    private static async Task<ProofCheckpoint> CheckpointAsync(RightsDb db, CheckpointHead head, CancellationToken cancellationToken)
    {
        var checkpoint = await db.Checkpoints.AsNoTracking().SingleOrDefaultAsync(c => c.Id == head.Checkpoint, cancellationToken)
            ?? throw new InvalidDataException($"Checkpoint {head.Checkpoint} is missing: verify the journal.");
        var heads = await db.Heads.AsNoTracking().Where(h => h.Checkpoint == head.Checkpoint).OrderBy(h => h.Place).ToListAsync(cancellationToken);
        var path = HashTree.Path([.. heads.Select(h => CheckpointForm.Leaf(h.Journal, h.Size, h.Root))], head.Place);
        return new ProofCheckpoint(checkpoint.Id, checkpoint.At, checkpoint.Chains, head.Place, checkpoint.SignatureKey, checkpoint.Signature, Joined(path),
            checkpoint.PreviousHash.Length == 0 ? null : checkpoint.Previous, checkpoint.PreviousHash.Length == 0 ? null : checkpoint.PreviousHash);
    }

    private static byte[] Joined(List<Hash256> path) => [.. path.SelectMany(hash => hash.ToArray())];
}
