namespace Cdr.Rights.Journal.Stores;

/// <summary>Where group commits go.</summary>
internal interface IJournalStore
{
    /// <summary>Records and batch in one transaction, durable when it returns.</summary>
    /// <exception cref="RecordExistsException">One of the records' ids is there already; nothing was written.</exception>
    Task CommitAsync(JournalBatch batch, IReadOnlyList<JournalRecord> records, CancellationToken cancellationToken);
}

/// <summary>A record of that id is in the journal already.</summary>
internal sealed class RecordExistsException : Exception
{
    public RecordExistsException()
        : base("A record with this id exists.")
    {
    }

    public RecordExistsException(string message)
        : base(message)
    {
    }

    public RecordExistsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
