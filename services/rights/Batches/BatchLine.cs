using Cdr.Contracts.Rights;

namespace Cdr.Rights.Batches;

/// <summary>One question of a file, and what became of it.</summary>
internal sealed class BatchLine
{
    public required Guid Batch { get; init; }

    /// <value>From 1, in the order of the file.</value>
    public required int Line { get; init; }

    /// <value>UUIDv7, fixed when the file was accepted: a line that is run again finds its own answer in the journal.</value>
    public required Guid Consultation { get; init; }

    /// <value>Sealed, bound to its batch and line; empty once erased.</value>
    public required byte[] Question { get; set; }

    public required BatchLineState State { get; set; }

    /// <value>Why it was refused; empty otherwise.</value>
    public string Code { get; set; } = "";

    public int Tries { get; set; }

    public required DateTimeOffset NextTry { get; set; }

    /// <value>Until then one process has it, or its message is in the queue; without a <see cref="Lease"/>, the journal may be given its answer all the same.</value>
    public DateTimeOffset? LeasedUntil { get; set; }

    /// <value>Under which it was sent; null: anybody's that is due.</value>
    public Guid? Lease { get; set; }

    public DateTimeOffset? EndedAt { get; set; }
}
