namespace Cdr.Rights.Journal.Proofs;

/// <summary>
/// The root over 256 complete parts of the level below, so that a path through millions of batches reads some hundreds of rows.
/// Always the same for the same chain: two processes that make it make one row.
/// </summary>
internal sealed class TreeTile
{
    public const int Bits = 8;
    public const int Width = 1 << Bits;

    public Guid Journal { get; init; }

    /// <value>From 1: over 256 batches; 2: over 65,536.</value>
    public int Level { get; init; }

    /// <value>From 0 within its level.</value>
    public long Place { get; init; }

    public required byte[] Hash { get; init; }
}

/// <summary>What a checkpoint states of one chain.</summary>
internal sealed class CheckpointHead
{
    public Guid Journal { get; init; }

    /// <value>Batches of the chain then.</value>
    public long Size { get; init; }

    public Guid Checkpoint { get; init; }

    /// <value>From 0 among the checkpoint's chains.</value>
    public int Place { get; init; }

    /// <value>Merkle root over the hashes of these batches (RFC 6962).</value>
    public required byte[] Root { get; init; }
}
