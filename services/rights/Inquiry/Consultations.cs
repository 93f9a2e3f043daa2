using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Cache;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Stores;
using Cdr.Rights.Regimes;
using Cdr.ServiceDefaults.Identity;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Inquiry;

/// <summary>Runs consultations: regimes, answer, journal, in that order, and only then the end.</summary>
internal sealed partial class Consultations(
    RegimeRegistry registry,
    RegimeCaller regimes,
    ReplyCache cache,
    AnswerWriting answers,
    RecordWriting records,
    JournalWriter journal,
    AnsweredConsultations answered,
    IOptions<RegimeOptions> options,
    IMeterFactory meters,
    TimeProvider clock,
    ILogger<Consultations> log)
{
    private readonly ConcurrentDictionary<Guid, ConsultationRun> running = [];
    private readonly Histogram<double> duration = meters.Create("Cdr.Rights").CreateHistogram<double>("cdr.rights.consultation.duration", "s", "From the question's arrival to its durable answer.");

    /// <summary>Starts the question, or joins the same one under way.</summary>
    /// <returns>Null when the id is under way for another question.</returns>
    public ConsultationRun? Start(Question question, Task<SessionState> session)
    {
        // A rejected invoice is always searched everywhere: the regime one thinks of may not be the payer.
        RegimeRow[] asked = question.Regime is { } chosen && question.Reason != ConsultationReason.InvoiceRejected ? [chosen] : [.. registry.Rows];
        var run = new ConsultationRun(question, Array.ConvertAll(asked, r => r.Id.Value));
        var first = running.GetOrAdd(question.Id, run);
        if (first != run)
            return first.Question.Fingerprint.AsSpan().SequenceEqual(question.Fingerprint) ? first : null;
        _ = CompleteAsync(run, asked, session);
        return run;
    }

    private async Task CompleteAsync(ConsultationRun run, RegimeRow[] asked, Task<SessionState> session)
    {
        RunEnd end;
        try
        {
            end = await RunAsync(run, asked, session);
        }
        catch (Exception e)
        {
            running.TryRemove(run.Question.Id, out _);
            Log.Failed(log, run.Question.Id, e.GetType().Name);
            run.Fail(e);
            return;
        }

        // First out of the list: the callers go on inside Finish.
        running.TryRemove(run.Question.Id, out _);
        run.Finish(end);
    }

    private async Task<RunEnd> RunAsync(ConsultationRun run, RegimeRow[] asked, Task<SessionState> session)
    {
        var question = run.Question;
        try
        {
            if (question.IdIsCallers && await session == SessionState.Alive && await answered.AgainAsync(question) is { } before)
                return before;
            var findings = await Task.WhenAll(Array.ConvertAll(asked, regime => FindAsync(run, regime, asked, session)));
            switch (await session)
            {
                case SessionState.Ended: return new RunEnd.SessionEnded();
                case SessionState.Silent: return new RunEnd.SessionUnknown();
            }

            var (answer, fact, evidence) = answers.Write(question, findings);
            var body = JsonSerializer.SerializeToUtf8Bytes(answer, RightsJson.Wire.ConsultationAnswer);
            await journal.AppendAsync(records.Answered(question, answer, fact, evidence, body));
            duration.Record(
                Stopwatch.GetElapsedTime(question.Started).TotalSeconds,
                new KeyValuePair<string, object?>("cdr.consultation.outcome", fact.Outcome.ToString()),
                new KeyValuePair<string, object?>("cdr.consultation.source", fact.Source.ToString()));
            return new RunEnd.Answered(body);
        }
        catch (RecordExistsException)
        {
            return await AnsweredElsewhereAsync(question);
        }
        catch (JournalUnavailableException)
        {
            return new RunEnd.NoJournal();
        }
    }

    /// <summary>The same id, at the same moment, through another process: its bytes are the answer.</summary>
    private async Task<RunEnd> AnsweredElsewhereAsync(Question question)
    {
        try
        {
            return await answered.AgainAsync(question) ?? new RunEnd.NoJournal();
        }
        catch (JournalUnavailableException)
        {
            return new RunEnd.NoJournal();
        }
    }

    private async Task<RegimeFinding> FindAsync(ConsultationRun run, RegimeRow regime, RegimeRow[] asked, Task<SessionState> session)
    {
        RegimeFinding finding;
        try
        {
            var question = run.Question.ForRegimes();
            var fresh = run.Question.Refresh ? null : await cache.FreshAsync(regime, question);
            var kept = fresh ?? await cache.GetAsync(regime, question, run.Question.Refresh, async () =>
            {
                // No regime learns of a question whose session is not alive.
                if (await session != SessionState.Alive)
                    return new RegimeReply(new RegimeAnswer.NotAsked(NotAskedReason.NotChosen), 0, clock.GetUtcNow());
                NoteAsked(run, asked);
                return await regimes.AskAsync(regime, question, CancellationToken.None);
            }).WaitAsync(options.Value.Deadline, clock);
            var live = kept.Freshness == Freshness.Live;
            finding = new RegimeFinding(regime, kept.Reply.Answer, kept.Freshness, kept.Reply.At, live ? kept.Reply.Milliseconds : 0, kept.Silence);
        }
        catch (TimeoutException)
        {
            finding = new RegimeFinding(regime, new RegimeAnswer.Unavailable(UnavailableReason.Timeout), Freshness.Live, clock.GetUtcNow(), (int)options.Value.Deadline.TotalMilliseconds, null);
        }
        catch (Exception e)
        {
            // Whatever happens to one regime, the others' answers stand; and a failure is never « unknown ».
            Log.RegimeFailed(log, regime.Id.Value, e.GetType().Name);
            finding = new RegimeFinding(regime, new RegimeAnswer.Unavailable(UnavailableReason.Failing), Freshness.Live, clock.GetUtcNow(), 0, null);
        }

        run.Tell(RegimeWords.State(finding, registry));
        return finding;
    }

    /// <summary>Written while the regimes are being asked: if this process dies now, it is known whom they were asked about, and why.</summary>
    private void NoteAsked(ConsultationRun run, RegimeRow[] asked)
    {
        lock (run)
            run.AskedRecord ??= journal.AppendAsync(records.Asked(run.Question, asked));
    }

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Error, "Consultation {Consultation} failed unexpectedly ({Error}).")]
        public static partial void Failed(ILogger logger, Guid consultation, string error);

        [LoggerMessage(1, LogLevel.Error, "Asking {Regime} failed unexpectedly ({Error}).")]
        public static partial void RegimeFailed(ILogger logger, string regime, string error);
    }
}
