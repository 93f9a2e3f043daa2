using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal.Proofs;

/// <summary>Makes a checkpoint.</summary>
internal static class Checkpoint
{
    /// <summary>States the chains that grew since they were last stated, or all of them: an ended chain is not signed again each minute.</summary>
    /// <param name="damaged">Told of each chain that cannot be stated: it does not keep the others from it.</param>
    /// <returns>Null when there is nothing to state.</returns>
    public static async Task<(JournalCheckpoint Checkpoint, IReadOnlyList<CheckpointHead> Heads)?> MakeAsync(
        RightsDb db, BatchSigner signer, DateTimeOffset now, bool all, Action<Guid> damaged, CancellationToken cancellationToken)
    {
        var chains = await JournalReader.Heads(db)
            .Select(b => new { b.Journal, Size = b.Batch, Stated = db.Heads.Where(h => h.Journal == b.Journal).Max(h => (long?)h.Size) ?? 0 })
            .ToListAsync(cancellationToken);
        var id = Guid.CreateVersion7(now);
        List<CheckpointHead> heads = [];
        foreach (var chain in chains.Where(c => all || c.Stated < c.Size).OrderBy(c => c.Journal))
        {
            var tree = new ChainTree(db, chain.Journal);
            try
            {
                await tree.CompleteAsync(chain.Size, cancellationToken);
                var root = await tree.RootAsync(chain.Size, cancellationToken);
                heads.Add(new CheckpointHead { Journal = chain.Journal, Size = chain.Size, Checkpoint = id, Place = heads.Count, Root = root.ToArray() });
            }
            catch (InvalidDataException)
            {
                db.ChangeTracker.Clear();
                damaged(chain.Journal);
            }
        }

        if (heads.Count == 0)
            return null;
        var whole = HashTree.Root([.. heads.Select(h => CheckpointForm.Leaf(h.Journal, h.Size, h.Root))]).ToArray();
        var before = await db.Checkpoints.AsNoTracking().OrderByDescending(c => c.Id).FirstOrDefaultAsync(cancellationToken);
        var (previous, previousHash) = before is null ? (Guid.Empty, new byte[Hash256.Size]) : (before.Id, CheckpointForm.Of(before));
        var (key, signature) = signer.Sign(CheckpointForm.Of(id, now, heads.Count, whole, previous, previousHash));
        var checkpoint = new JournalCheckpoint
        {
            Id = id, At = now, Chains = heads.Count, Root = whole, Previous = previous, PreviousHash = previousHash, SignatureKey = key, Signature = signature,
        };
        db.Checkpoints.Add(checkpoint);
        db.Heads.AddRange(heads);
        await db.SaveChangesAsync(cancellationToken);
        return (checkpoint, heads);
    }
}
