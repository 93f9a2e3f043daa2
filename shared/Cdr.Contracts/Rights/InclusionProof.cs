namespace Cdr.Contracts.Rights;

/// <summary>
/// That a record was in the journal when a checkpoint was signed: its hashed bytes, the way from them to their batch's root, from the
/// batch to its chain's root, and from the chain to what was signed. Checked with the public key alone.
/// </summary>
/// <param name="Format">The form of this proof: <c>cdr-proof/1</c>.</param>
/// <param name="Record">The record's hashed bytes: nothing that names a person.</param>
/// <param name="Batch">Its group commit, signed when it was made.</param>
/// <param name="Chain">The chain at the checkpoint; absent while none covers the batch.</param>
/// <param name="Checkpoint">The signed statement; absent while none covers the batch.</param>
public sealed record InclusionProof(string Format, byte[] Record, ProofBatch Batch, ProofChain? Chain, ProofCheckpoint? Checkpoint)
{
    /// <summary>This form.</summary>
    public const string Current = "cdr-proof/1";
}

/// <summary>A group commit.</summary>
/// <param name="Journal">Its chain.</param>
/// <param name="Batch">Its number, from 1.</param>
/// <param name="Position">Of the record, from 0.</param>
/// <param name="Records">How many it has.</param>
/// <param name="At">UTC.</param>
/// <param name="Previous">Hash of the batch before.</param>
/// <param name="Key">Id of the key that signed it.</param>
/// <param name="Signature">ECDSA P-256 over its hash.</param>
/// <param name="Path">From the record to its root: 32 bytes a node, joined, the lowest first.</param>
public sealed record ProofBatch(Guid Journal, long Batch, int Position, int Records, DateTimeOffset At, byte[] Previous, int Key, byte[] Signature, byte[] Path);

/// <summary>A chain as a checkpoint saw it.</summary>
/// <param name="Size">Its batches then.</param>
/// <param name="Path">From the batch to its root: 32 bytes a node, joined, the lowest first.</param>
public sealed record ProofChain(long Size, byte[] Path);

/// <summary>A signed statement of where chains stood.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="At">UTC.</param>
/// <param name="Chains">How many it states.</param>
/// <param name="Place">Of this one among them, from 0.</param>
/// <param name="Key">Id of the key that signed it.</param>
/// <param name="Signature">ECDSA P-256.</param>
/// <param name="Path">From the chain to its root: 32 bytes a node, joined, the lowest first.</param>
/// <param name="Previous">The checkpoint before; absent in a form that named none.</param>
/// <param name="PreviousHash">What that one signed.</param>
public sealed record ProofCheckpoint(
    Guid Id, DateTimeOffset At, int Chains, int Place, int Key, byte[] Signature, byte[] Path, Guid? Previous = null, byte[]? PreviousHash = null);
