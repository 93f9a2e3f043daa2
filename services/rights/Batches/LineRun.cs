using Cdr.Contracts.Rights;
using Cdr.Rights.Fishing;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Batches;

/// <summary>
/// Asks one line. It may be run any number of times, by any process, at once even: its consultation's id was fixed with the file, so
/// that the journal holds one answer, and whoever comes second is given that one.
/// </summary>
internal sealed partial class LineRun(
    IDbContextFactory<RightsDb> contexts, BatchReading reading, SealedLine sealing, Consultations consultations, FishingGuard fishing, IOptions<BatchOptions> options, BatchMeter meter, TimeProvider clock, ILogger<LineRun> log)
{
    // Trouble of our own, not of a regime: it does not count as a try.
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    // Who is new on a day that is full is looked at for themselves: not so often that thousands of them fill the lane.
    private static readonly TimeSpan OnFullDay = TimeSpan.FromHours(1);

    // A fault that passes does not cost the last try.
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <param name="batch">Its file.</param>
    /// <param name="number">From 1.</param>
    /// <param name="claim">The lease under which it was sent; null: whoever has it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Guid batch, int number, Guid? claim, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.BatchLines.AsNoTracking().FirstOrDefaultAsync(l => l.Batch == batch && l.Line == number, cancellationToken) is not { State: BatchLineState.Waiting } line)
            return;
        if (await db.BatchFiles.AsNoTracking().FirstOrDefaultAsync(f => f.Id == batch, cancellationToken) is not { } file)
            return;
        var now = clock.GetUtcNow();
        // Before its lease counts again: left waiting, it would be the oldest that is due for ever.
        if (file.CancelledAt is not null)
        {
            await BatchEnd.CancelLinesAsync(db, batch, now, cancellationToken);
            return;
        }

        // A message that came late, or again: its line was asked meanwhile, or is another message's. Whoever leased it found it due, and this clock may be behind.
        if (claim is null ? line.NextTry > now : !await BeginAsync(db, line, claim.Value, now, cancellationToken))
            return;
        try
        {
            await AskAsync(db, file, line, now, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && !JournalOutage.Is(e))
        {
            Log.Failed(log, line.Consultation, e.GetType().Name);
            await FailedAsync(db, file, line, clock.GetUtcNow(), cancellationToken);
        }
    }

    private async Task AskAsync(RightsDb db, BatchFile file, BatchLine line, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var caller = file.Caller();
        if (sealing.Open(line) is not { } sent)
        {
            // While keys are being changed, this process may not have the newest yet.
            if (now < file.GiveUpAt)
                await WaitAsync(db, line, line.Tries, now + Soon, "unreadable", cancellationToken);
            else
                await RefuseAsync(db, line, "question-unreadable", cancellationToken);
            return;
        }

        // A day later, what could be asked may not be: a regime left the service, or answers for today only.
        if (reading.Read(sent, caller, out var problem) is not { } read)
        {
            await RefuseAsync(db, line, BatchReading.CodeOf(problem!), cancellationToken);
            return;
        }

        var question = read with { Id = line.Consultation, IdIsCallers = true, FromBatch = true, MayWait = now < file.GiveUpAt };
        if (fishing.OfLine(question) is { } held && await consultations.AgainAsync(question, CallerSession.ProvenBefore(caller)) is null)
        {
            // Looked at again before the stop ends: operations may lift it. Nobody waits for it beyond the file's time.
            if (question.MayWait)
                await HoldAsync(db, file, line, held, now, cancellationToken);
            else
                await RefuseAsync(db, line, BatchReading.CodeOf(held.Problem), cancellationToken);
            return;
        }

        var run = consultations.Start(question, CallerSession.ProvenBefore(caller));
        switch (run is null ? null : await run.End)
        {
            // An answer whose key of pseudonyms is gone looks like another question's; the id is this line's alone. Whether it opens is for whoever reads it.
            case RunEnd.Answered or RunEnd.OtherQuestion or RunEnd.NotOpened:
                await EndAsync(db, line, BatchLineState.Answered, "", cancellationToken);
                break;
            case RunEnd.Postponed:
                await WaitAsync(db, line, line.Tries + 1, RetrySchedule.Next(options.Value, line.Tries + 1, line.Consultation, now, file.GiveUpAt), "postponed", cancellationToken);
                break;
            // A commit in doubt may be in the journal yet.
            default:
                await WaitAsync(db, line, line.Tries, now + Soon, "notAsked", cancellationToken, clock.GetUtcNow() + options.Value.Lease);
                break;
        }
    }

    /// <summary>With all that waits for the same reason, of the card or of the establishment: each of them would take a place in the lane to learn it.</summary>
    private async Task HoldAsync(RightsDb db, BatchFile file, BatchLine line, Held held, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var longest = held.With == HeldWith.Nothing ? OnFullDay : options.Value.FirstRetry;
        var next = now + (held.After < longest ? held.After : longest);
        if (held.With == HeldWith.Nothing)
        {
            await WaitAsync(db, line, line.Tries, next < file.GiveUpAt ? next : file.GiveUpAt, "held", cancellationToken);
            return;
        }

        await WaitAsync(db, line, line.Tries, next, "held", cancellationToken);
        var files = db.BatchFiles.Where(f => f.EndedAt == null && f.ErasedAt == null && f.CancelledAt == null && f.GiveUpAt > next);
        files = held.With == HeldWith.Card ? files.Where(f => f.Subject == file.Subject) : files.Where(f => f.Establishment == file.Establishment);
        // Until when they were leased stays: one of them may be under way.
        await db.BatchLines
            .Where(l => l.State == BatchLineState.Waiting && l.NextTry < next && files.Any(f => f.Id == l.Batch))
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.NextTry, next).SetProperty(l => l.Lease, (Guid?)null), cancellationToken);
    }

    /// <summary>The lease counts from here: the queue may have taken most of it.</summary>
    private async Task<bool> BeginAsync(RightsDb db, BatchLine line, Guid claim, DateTimeOffset now, CancellationToken cancellationToken) =>
        await db.BatchLines.Where(l => l.Batch == line.Batch && l.Line == line.Line && l.State == BatchLineState.Waiting && l.Lease == claim)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.LeasedUntil, (DateTimeOffset?)(now + options.Value.Lease)), cancellationToken) > 0;

    /// <summary>A fault of ours, not an outage: it is a try, or such a line would be asked each minute for ever; past the file's time it ends.</summary>
    private Task FailedAsync(RightsDb db, BatchFile file, BatchLine line, DateTimeOffset now, CancellationToken cancellationToken) => now < file.GiveUpAt + Margin
        ? WaitAsync(db, line, line.Tries + 1, RetrySchedule.Next(options.Value, line.Tries + 1, line.Consultation, now, file.GiveUpAt), "failed", cancellationToken)
        : RefuseAsync(db, line, "line-failed", cancellationToken);

    /// <summary>Unless the journal has its answer: whoever asked it died before noting so, and what is refused now was not then.</summary>
    private async Task RefuseAsync(RightsDb db, BatchLine line, string code, CancellationToken cancellationToken)
    {
        var isAnswered = await db.Records.AnyAsync(r => r.Id == line.Consultation && r.Kind == RecordKind.Answered, cancellationToken);
        await (isAnswered ? EndAsync(db, line, BatchLineState.Answered, "", cancellationToken) : EndAsync(db, line, BatchLineState.Refused, code, cancellationToken));
    }

    /// <summary>A line that was cancelled meanwhile has its answer all the same: it is in the journal.</summary>
    private async Task EndAsync(RightsDb db, BatchLine line, BatchLineState state, string code, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var changed = await db.BatchLines
            .Where(l => l.Batch == line.Batch && l.Line == line.Line && (l.State == BatchLineState.Waiting || l.State == BatchLineState.Cancelled))
            .ExecuteUpdateAsync(set => set
                .SetProperty(l => l.State, state).SetProperty(l => l.Code, code).SetProperty(l => l.Tries, line.Tries + 1)
                .SetProperty(l => l.EndedAt, now).SetProperty(l => l.LeasedUntil, (DateTimeOffset?)null), cancellationToken);
        if (changed > 0)
            meter.Tried(state == BatchLineState.Answered ? "answered" : "refused");
        await BatchEnd.NoteAsync(db, line.Batch, now, cancellationToken);
    }

    private async Task WaitAsync(RightsDb db, BatchLine line, int tries, DateTimeOffset next, string what, CancellationToken cancellationToken, DateTimeOffset? mayBeAnsweredUntil = null)
    {
        // Until when it was leased stays: another may have it under way.
        await db.BatchLines.Where(l => l.Batch == line.Batch && l.Line == line.Line && l.State == BatchLineState.Waiting && l.Tries == line.Tries)
            .ExecuteUpdateAsync(set => set
                .SetProperty(l => l.Tries, tries).SetProperty(l => l.NextTry, next).SetProperty(l => l.Lease, (Guid?)null).SetProperty(l => l.LeasedUntil, l => mayBeAnsweredUntil ?? l.LeasedUntil), cancellationToken);
        meter.Tried(what);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Line with consultation {Consultation} failed unexpectedly ({Error}); it is asked again.")]
        public static partial void Failed(ILogger logger, Guid consultation, string error);
    }
}
