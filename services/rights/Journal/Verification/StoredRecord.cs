using Cdr.Rights.Journal.Proofs;

namespace Cdr.Rights.Journal.Verification;

/// <summary>A record as it lies in the store, as far as verifying needs it.</summary>
internal struct StoredRecord
{
    public Guid Id;
    public Guid Journal;
    public long Batch;
    public int Position;
    public RecordKind Kind;

    /// <summary>Of a « used » record: the answer that it keeps; else nothing.</summary>
    public Guid Consultation;

    /// <summary>Its payload is the one that it was hashed with, or it never had one.</summary>
    public bool HasItsPayload;

    /// <summary>What its hash column says.</summary>
    public Hash256 Stored;

    /// <summary>What its columns hash to.</summary>
    public Hash256 Computed;

    /// <summary>What a « purged » record says; else null.</summary>
    public string? Note;

    /// <summary>When, by a « purged » record itself; else nothing.</summary>
    public DateTimeOffset At;

    public readonly bool IsWhole => HasItsPayload && Stored == Computed;

    public static StoredRecord Of(JournalRecord record) => new()
    {
        Id = record.Id,
        Journal = record.Journal,
        Batch = record.Batch,
        Position = record.Position,
        Kind = record.Kind,
        Consultation = record.Kind == RecordKind.Used ? record.Consultation : default,
        HasItsPayload = (record.Payload is null) == (record.PayloadHash is null)
            && (record.Payload is null || System.Security.Cryptography.SHA256.HashData(record.Payload).AsSpan().SequenceEqual(record.PayloadHash)),
        Stored = Hash256.From(record.Hash) ?? default,
        Computed = Hash256.From(RecordHash.Of(record))!.Value,
        Note = record.Kind == RecordKind.Purged ? record.Regimes : null,
        At = record.Kind == RecordKind.Purged ? record.At : default,
    };
}
