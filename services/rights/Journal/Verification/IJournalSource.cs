using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Retention;

namespace Cdr.Rights.Journal.Verification;

/// <summary>Takes records in any order; called by several threads at once.</summary>
internal delegate void RecordSink(ReadOnlySpan<StoredRecord> records);

/// <summary>A whole journal, read once from end to end as it stood at one instant.</summary>
internal interface IJournalSource : IAsyncDisposable
{
    /// <value>Rows that were passed over so far.</value>
    IReadOnlyList<UnreadRow> Unread { get; }

    Task<IReadOnlySet<Guid>> WritersAsync(CancellationToken cancellationToken);

    /// <summary>By journal and number.</summary>
    IAsyncEnumerable<JournalBatch> BatchesAsync(CancellationToken cancellationToken);

    /// <summary>One batch again; null when it is not there.</summary>
    Task<JournalBatch?> BatchAsync(Guid journal, long batch, CancellationToken cancellationToken);

    Task RecordsAsync(RecordSink sink, CancellationToken cancellationToken);

    /// <summary>Those of some consultations whose answer is there.</summary>
    Task<IReadOnlySet<Guid>> AnsweredAsync(Guid[] consultations, CancellationToken cancellationToken);

    Task<IReadOnlyList<JournalCheckpoint>> CheckpointsAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<CheckpointHead>> HeadsAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<TreeTile>> TilesAsync(CancellationToken cancellationToken);

    /// <summary>By purge, journal and number.</summary>
    IAsyncEnumerable<Tombstone> TombstonesAsync(CancellationToken cancellationToken);
}
