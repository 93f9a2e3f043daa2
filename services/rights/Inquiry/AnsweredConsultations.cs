using System.Security.Cryptography;
using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
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
            return same && await ReadAsync(record, question.Caller, isRead: !question.FromBatch) is { } body ? new RunEnd.Answered(body) : new RunEnd.OtherQuestion();
        }
        catch (InvalidDataException)
        {
            AnswerNotOpened.Tell(logs, question.Id);
            return new RunEnd.NotOpened();
        }
    }

    /// <summary>The bytes of a consultation of the reader's own establishment; null when there is none such.</summary>
    /// <exception cref="JournalUnavailableException">It cannot be read, or the reading cannot be journaled.</exception>
    public async Task<byte[]?> ReadAsync(Guid id, Caller reader)
    {
        var record = await FindAsync(id);
        return record is { Kind: RecordKind.Answered } && record.Establishment == reader.Establishment.Value ? await ReadAsync(record, reader) : null;
    }

    /// <summary>The same with its record, for who may still refuse it: <see cref="NoteReadAsync(JournalRecord, Caller)"/> before anything of it leaves.</summary>
    public async Task<(JournalRecord Record, byte[] Body)?> OpenAsync(Guid id, Caller reader)
    {
        var record = await FindAsync(id);
        return record is { Kind: RecordKind.Answered, Payload: { } payload } && record.Establishment == reader.Establishment.Value ? (record, Opened(record, payload)) : null;
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
    private async Task<byte[]?> ReadAsync(JournalRecord record, Caller reader, bool isRead = true)
    {
        if (record.Payload is not { } payload)
            return null;
        var body = Opened(record, payload);
        if (isRead)
            await journal.AppendAsync(records.Read(record, reader));
        return body;
    }

    private byte[] Opened(JournalRecord record, byte[] payload)
    {
        // What is not what was signed does not open either; whoever reads the log need not wait for a key.
        if (record.PayloadHash is { } signed && !SHA256.HashData(payload).AsSpan().SequenceEqual(signed))
            AnswerNotOpened.TellChanged(logs, record.Id);
        return sealedAnswer.Open(record.Id, payload).Body;
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
