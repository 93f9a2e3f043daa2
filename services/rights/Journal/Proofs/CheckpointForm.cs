namespace Cdr.Rights.Journal.Proofs;

/// <summary>What a checkpoint signs.</summary>
internal static class CheckpointForm
{
    /// <summary>A leaf of the checkpoint's tree: one chain as it stood.</summary>
    public static Hash256 Leaf(Guid journal, long size, ReadOnlySpan<byte> root)
    {
        var form = new BinaryForm(stackalloc byte[128]);
        form.Add("cdr-head-1");
        form.Add(journal);
        form.Add(size);
        form.AddRaw(root);
        return HashTree.Leaf(form.Hash());
    }

    /// <summary>The hash that is signed.</summary>
    public static byte[] Of(Guid id, DateTimeOffset at, int chains, ReadOnlySpan<byte> root)
    {
        var form = new BinaryForm(stackalloc byte[128]);
        form.Add("cdr-checkpoint-1");
        form.Add(id);
        form.Add(RecordHash.Microseconds(at));
        form.Add(chains);
        form.AddRaw(root);
        return form.Hash();
    }
}
