using System.Text.Json.Serialization;

namespace Cdr.Rights.Journal.Verification;

/// <summary>What is wrong. Names are part of the report: only ever add.</summary>
internal enum FindingKind
{
    /// <summary>A record's columns are not those that were hashed.</summary>
    RecordChanged,

    /// <summary>A record's payload is not the one that was hashed.</summary>
    PayloadChanged,

    /// <summary>A record is not where its batch has it.</summary>
    RecordMoved,

    /// <summary>A record is gone, and no purge says so.</summary>
    RecordMissing,

    /// <summary>A record that no batch has.</summary>
    RecordAdded,

    /// <summary>Records of the batch were changed together with their hashes: its root is another.</summary>
    RecordsRewritten,

    /// <summary>A batch's columns are not those that were hashed.</summary>
    BatchChanged,

    /// <summary>A batch bears another's number.</summary>
    BatchMoved,

    /// <summary>A hole in a chain.</summary>
    BatchMissing,

    /// <summary>A batch does not follow the one before.</summary>
    LinkBroken,

    /// <summary>A signature that its key did not make, or of a key that is not known.</summary>
    SignatureWrong,

    /// <summary>A chain ends before where a signed checkpoint saw it.</summary>
    ChainTruncated,

    /// <summary>A chain is not the one that a signed checkpoint saw.</summary>
    ChainRewritten,

    /// <summary>A chain whose writer's row is gone.</summary>
    WriterMissing,

    /// <summary>A checkpoint does not state what was signed.</summary>
    CheckpointChanged,

    /// <summary>A checkpoint whose lines are there is gone.</summary>
    CheckpointMissing,

    /// <summary>A part of a chain's tree is not what its batches make.</summary>
    TileChanged,

    /// <summary>What a purge left is not what it signed.</summary>
    PurgeChanged,

    /// <summary>A purge, signed as it may be, took what no policy lets it take: too early, too much, or it says too little.</summary>
    PurgeUnfounded,

    /// <summary>A part of a chain's tree that was there when a checkpoint was signed is gone.</summary>
    TileMissing,

    /// <summary>A record says that an answer is kept as a proof, and the answer is gone.</summary>
    ProofMissing,

    /// <summary>A row that is there and that the store's client cannot read: no version of the service writes such a one.</summary>
    RowUnreadable,

    /// <summary>A table could not be read to its end: what comes after it was not verified.</summary>
    TableUnreadable,
}

/// <summary>One fault and its place.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Journal">The chain.</param>
/// <param name="Batch">Its number; the first of several.</param>
/// <param name="Position">Within the batch, from 0.</param>
/// <param name="Record">Id of the record, of the checkpoint or of the purge.</param>
/// <param name="Last">The last batch of several.</param>
/// <param name="Detail">In words.</param>
internal sealed record Finding(
    [property: JsonConverter(typeof(JsonStringEnumConverter<FindingKind>))] FindingKind Kind,
    Guid? Journal = null, long? Batch = null, int? Position = null, Guid? Record = null, long? Last = null, string? Detail = null)
{
    public override string ToString()
    {
        List<string> parts = [Kind.ToString()];
        if (Journal is not null)
            parts.Add($"chain {Journal}");
        if (Batch is not null)
            parts.Add(Last is { } last && last != Batch ? FormattableString.Invariant($"batches {Batch} to {last}") : FormattableString.Invariant($"batch {Batch}"));
        if (Position is not null)
            parts.Add(FormattableString.Invariant($"position {Position}"));
        if (Record is not null)
            parts.Add($"id {Record}");
        return string.Join(", ", parts) + (Detail is null ? "" : ": " + Detail);
    }
}
