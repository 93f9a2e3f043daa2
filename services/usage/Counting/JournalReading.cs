using Cdr.Contracts.Rights;

namespace Cdr.Usage.Counting;

/// <summary>Reads a journal page by page; the next page travels while one is counted.</summary>
internal sealed class JournalReading(IJournalApi journals, JournalHead head, JournalPlace place, int page)
{
    private Task<IReadOnlyList<ConsultationsAnswered>>? ahead;

    public Guid Journal => head.Journal;

    public JournalHead Head => head;

    /// <value>Where the journal is counted to in the store.</value>
    public JournalPlace Place { get; private set; } = place;

    /// <value>The last batch that was read.</value>
    public long Last { get; private set; } = place.LastBatch;

    /// <value>Batches read and not counted.</value>
    public int Batches { get; private set; }

    /// <value>About when what comes next was answered; before the first page, when the journal began: its number tells.</value>
    public DateTimeOffset At { get; private set; } = Began(head.Journal);

    public bool IsAtEnd => Last >= head.LastBatch;

    /// <summary>The next batches in their order; none where the journal hands out no more.</summary>
    public async Task<IReadOnlyList<ConsultationsAnswered>> NextAsync(CancellationToken cancellationToken)
    {
        var (from, fetched) = (Last, await (ahead ?? journals.BatchesAsync(Journal, Last, page, cancellationToken)));
        ahead = null;
        List<ConsultationsAnswered> next = [.. fetched.Where(batch => batch.Journal == Journal && batch.Batch > from).DistinctBy(batch => batch.Batch).OrderBy(batch => batch.Batch)];
        if (next.Count == 0)
            return next;
        (Last, Batches) = (next[^1].Batch, Batches + next.Count);
        if (next[^1].Facts is [.., var latest])
            At = latest.At;
        if (!IsAtEnd)
            ahead = journals.BatchesAsync(Journal, Last, page, cancellationToken);
        return next;
    }

    /// <summary>All that was read is counted.</summary>
    public void Counted() => (Place, Batches) = (Place with { LastBatch = Last }, 0);

    /// <summary>Whoever asks for the client is about to give it back; what went wrong is asked again or told by then.</summary>
    public async Task EndAsync()
    {
        if (ahead is Task pending)
            await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ahead = null;
    }

    private static DateTimeOffset Began(Guid journal)
    {
        Span<byte> bytes = stackalloc byte[16];
        journal.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
        // Of another number than a UUIDv7 it is any time: the order costs time and changes nothing.
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
    }
}
