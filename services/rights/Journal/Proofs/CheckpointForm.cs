using System.Security.Cryptography;
using System.Text;

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

    /// <summary>The hash that was signed, in the form that the checkpoint has.</summary>
    public static byte[] Of(JournalCheckpoint checkpoint) => checkpoint.Heads.Length > 0
        ? SHA256.HashData(Encoding.UTF8.GetBytes(checkpoint.Heads))
        : Of(checkpoint.Id, checkpoint.At, checkpoint.Chains, checkpoint.Root, checkpoint.Previous, checkpoint.PreviousHash);

    /// <summary>The hash that is signed. Without a hash of the one before, it is of the form that named none.</summary>
    public static byte[] Of(Guid id, DateTimeOffset at, int chains, ReadOnlySpan<byte> root, Guid previous, byte[] previousHash)
    {
        var form = new BinaryForm(stackalloc byte[256]);
        form.Add(previousHash.Length == 0 ? "cdr-checkpoint-1" : "cdr-checkpoint-2");
        form.Add(id);
        form.Add(RecordHash.Microseconds(at));
        form.Add(chains);
        form.AddRaw(root);
        if (previousHash.Length > 0)
        {
            form.Add(previous);
            form.AddRaw(previousHash);
        }

        return form.Hash();
    }
}
