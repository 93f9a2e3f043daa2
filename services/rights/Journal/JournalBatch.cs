using Cdr.Rights.Journal.Proofs;

namespace Cdr.Rights.Journal;

/// <summary>One group commit of a journal.</summary>
internal sealed class JournalBatch
{
    public Guid Journal { get; init; }

    /// <value>From 1, without holes.</value>
    public long Batch { get; init; }

    public int Records { get; init; }

    /// <value>Ids of its records, in their order: an index over the records would cost each of them a second write.</value>
    public required Guid[] Ids { get; init; }

    /// <value>UTC.</value>
    public DateTimeOffset At { get; init; }

    /// <value>Hash of the batch before; 32 zero bytes for the first.</value>
    public required byte[] Previous { get; init; }

    /// <value>Merkle root over the records' hashes (RFC 6962).</value>
    public required byte[] Root { get; init; }

    /// <value>SHA-256 of journal, batch, count, instant, previous and root.</value>
    public required byte[] Hash { get; init; }

    /// <value>Which signing key.</value>
    public int SignatureKey { get; init; }

    /// <value>ECDSA P-256 over <see cref="Hash"/>, made at creation.</value>
    public required byte[] Signature { get; init; }
}

/// <summary>A chain and its writer.</summary>
internal sealed class JournalWriterRow
{
    public Guid Journal { get; init; }

    /// <value>UTC.</value>
    public DateTimeOffset Started { get; init; }

    /// <value>Host and process id, for operators.</value>
    public required string Host { get; init; }
}

/// <summary>
/// A signed statement of where the chains stood that had grown: to be anchored elsewhere, so that a cut end is found. Its lines are
/// <see cref="CheckpointHead"/>s.
/// </summary>
internal sealed class JournalCheckpoint
{
    /// <value>UUIDv7.</value>
    public Guid Id { get; init; }

    /// <value>UTC.</value>
    public DateTimeOffset At { get; init; }

    /// <value>Empty. Of the first form: one line a journal, <c>journal batch hash</c>, sorted, and signed as text.</value>
    public string Heads { get; init; } = "";

    /// <value>How many chains it states.</value>
    public int Chains { get; init; }

    /// <value>Merkle root over its chains (RFC 6962).</value>
    public byte[] Root { get; init; } = [];

    /// <value>The newest checkpoint when this one was made; empty for the first.</value>
    public Guid Previous { get; init; }

    /// <value>What that one signed, or 32 zero bytes. Empty: of a form that named none.</value>
    public byte[] PreviousHash { get; init; } = [];

    public int SignatureKey { get; init; }

    /// <value>ECDSA P-256 over <see cref="CheckpointForm.Of(JournalCheckpoint)"/>.</value>
    public required byte[] Signature { get; init; }
}

/// <summary>The batches of a journal up to this one were told on the bus. Rows are added, never changed; the highest counts.</summary>
internal sealed class JournalDispatch
{
    public Guid Journal { get; init; }

    public long Batch { get; init; }

    /// <value>UTC.</value>
    public DateTimeOffset At { get; init; }
}
