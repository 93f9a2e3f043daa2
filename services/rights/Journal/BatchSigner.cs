using System.Security.Cryptography;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Rights.Journal;

/// <summary>Signs batches and checkpoints at creation, with the service's active signing key.</summary>
internal sealed class BatchSigner : IDisposable
{
    private readonly ECDsa key = ECDsa.Create();
    private readonly ushort id;

    public BatchSigner([FromKeyedServices(RightsModule.Name)] KeyRing keys)
    {
        id = keys.Signing[^1].Id;
        key.ImportPkcs8PrivateKey(keys.Signing[^1].Key, out _);
    }

    public JournalBatch Sign(Guid journal, long batch, Guid[] ids, DateTimeOffset at, byte[] previous, byte[] root)
    {
        var hash = RecordHash.OfBatch(journal, batch, ids.Length, at, previous, root);
        return new JournalBatch
        {
            Journal = journal,
            Batch = batch,
            Records = ids.Length,
            Ids = ids,
            At = at,
            Previous = previous,
            Root = root,
            Hash = hash,
            SignatureKey = id,
            Signature = key.SignHash(hash),
        };
    }

    public (int Key, byte[] Signature) Sign(byte[] hash) => (id, key.SignHash(hash));

    public void Dispose() => key.Dispose();
}
