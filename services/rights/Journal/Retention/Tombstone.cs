namespace Cdr.Rights.Journal.Retention;

/// <summary>What a purge left of a batch: which records went, and the hashes that later proofs of the others need.</summary>
internal sealed class Tombstone
{
    public Guid Journal { get; init; }

    public long Batch { get; init; }

    /// <value>Id of the « purged » record that says why and when, and whose digest covers this.</value>
    public Guid Purge { get; init; }

    /// <value>In ascending order; empty: all that was left.</value>
    public required int[] Positions { get; init; }

    /// <value>The records' hashes, 32 bytes each, in the order of <see cref="Positions"/>.</value>
    public required byte[] Leaves { get; init; }

    /// <value><see cref="IdsHash"/>: nothing else vouches any more for what the batch calls them.</value>
    public required byte[] Ids { get; init; }

    /// <summary>SHA-256 over the ids that a batch has at these positions; at all of them when there are none.</summary>
    public static byte[] IdsHash(Guid[] ids, int[] positions)
    {
        var form = new BinaryForm(stackalloc byte[1024]);
        foreach (var id in positions.Length == 0 ? ids : positions.Where(position => position >= 0 && position < ids.Length).Select(position => ids[position]))
            form.Add(id);
        return form.Hash();
    }
}
