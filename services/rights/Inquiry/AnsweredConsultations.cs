using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Verification;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Inquiry;

/// <summary>Old answers, byte for byte. Every reading is journaled before the bytes leave.</summary>
internal sealed class AnsweredConsultations(
    IDbContextFactory<RightsDb> contexts, JournalWriter journal, RecordWriting records, SealedAnswer sealedAnswer, [FromKeyedServices(RightsModule.Name)] Pseudonyms pseudonyms,
    ILoggerFactory logs)
{
    private static readonly TimeSpan LookUpTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The stored bytes when it is the same question again, or that they do not open; the conflict when it is another, null when there is none.</summary>
    public async Task<RunEnd?> AgainAsync(Question question)
    {
        if (await FindAsync(question.Id) is not { } record)
            return null;
        var same = record.Kind == RecordKind.Answered
            && record.Establishment == question.Caller.Establishment.Value
            && question.Repeats(record.Request, record.CareDate, pseudonyms);
        try
        {
            return same ? new RunEnd.Answered(await ReadAsync(record, question.Caller, isRead: !question.FromBatch)) : new RunEnd.OtherQuestion();
        }
        catch (AnswerDamagedException e)
        {
            JournalDamage.Tell(logs, question.Id, e.Message);
            return new RunEnd.NotOpened(IsDamaged: true);
        }
        catch (InvalidDataException)
        {
            AnswerNotOpened.Tell(logs, question.Id);
            return new RunEnd.NotOpened(IsDamaged: false);
        }
    }

    /// <summary>The bytes of a consultation of the reader's own establishment; null when there is none such.</summary>
    /// <exception cref="JournalUnavailableException">It cannot be read, or the reading cannot be journaled.</exception>
    /// <exception cref="AnswerDamagedException">It is not what was signed.</exception>
    /// <exception cref="InvalidDataException">It does not open: its key is gone, or not here yet.</exception>
    public async Task<byte[]?> ReadAsync(Guid id, Caller reader)
    {
        var record = await FindAsync(id);
        return record is { Kind: RecordKind.Answered } && record.Establishment == reader.Establishment.Value ? await ReadAsync(record, reader) : null;
    }

    /// <summary>The same with its record, for who may still refuse it: <see cref="NoteReadAsync(JournalRecord, Caller)"/> before anything of it leaves.</summary>
    public async Task<(JournalRecord Record, byte[] Body)?> OpenAsync(Guid id, Caller reader)
    {
        var record = await FindAsync(id);
        return record is { Kind: RecordKind.Answered } && record.Establishment == reader.Establishment.Value ? (record, Opened(record)) : null;
    }

    /// <exception cref="JournalUnavailableException">The reading cannot be journaled.</exception>
    public Task NoteReadAsync(JournalRecord record, Caller reader) => journal.AppendAsync(records.Read(record, reader));

    /// <summary>Notes who is shown it by another service; false when it is not there any more.</summary>
    /// <exception cref="JournalUnavailableException">It cannot be noted: nothing may be shown.</exception>
    public async Task<bool> NoteReadAsync(Guid id, EvidenceReading reading)
    {
        if (await FindAsync(id) is not { Kind: RecordKind.Answered } record)
            return false;
        await journal.AppendAsync(records.Read(record, reading));
        return true;
    }

    // A line that is run again is read by nobody.
    private async Task<byte[]> ReadAsync(JournalRecord record, Caller reader, bool isRead = true)
    {
        var body = Opened(record);
        if (isRead)
            await journal.AppendAsync(records.Read(record, reader));
        return body;
    }

    private byte[] Opened(JournalRecord record)
    {
        // A purge takes a record with its answer: one that is there without it was emptied.
        if (record.Payload is not { } payload)
            throw new AnswerDamagedException(record);
        try
        {
            return sealedAnswer.Open(record.Id, payload).Body;
        }
        // Nobody makes bytes that open for this record but who holds the keys. What does not open is held against all of its record, as the verifier
        // does: an answer and its hash that were changed together would pass for one that waits for its key.
        catch (InvalidDataException) when (!StoredRecord.Of(record).IsWhole)
        {
            throw new AnswerDamagedException(record);
        }
    }

    private async Task<JournalRecord?> FindAsync(Guid id)
    {
        // A caller who leaves cancels nothing; a database that hangs does.
        using var timeout = new CancellationTokenSource(LookUpTimeout);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(timeout.Token);
            return await db.Records.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, timeout.Token);
        }
        catch (Exception e) when (e is OperationCanceledException || JournalOutage.Is(e))
        {
            throw new JournalUnavailableException();
        }
    }
}
