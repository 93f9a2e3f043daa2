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
using Cdr.Rights.Search;
using Cdr.ServiceDefaults.Identity;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Inquiry;

/// <summary>Runs consultations: regimes, answer, journal, in that order, and only then the end.</summary>
internal sealed partial class Consultations(
    RegimeRegistry registry,
    RegimeCaller regimes,
    RegimeSearch search,
    PersonDirectory directory,
    ReplyCache cache,
    AnswerWriting answers,
    PreparedAnswers prepared,
    SealedAnswer sealedAnswer,
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
    public ConsultationRun? Start(Question question, CallerSession session)
    {
        var scope = search.Scope(question);
        var run = new ConsultationRun(question, [.. scope.Select(r => r.Id.Value)]);
        var first = running.GetOrAdd(question.Id, run);
        if (first != run)
            return first.Question.Fingerprint.AsSpan().SequenceEqual(question.Fingerprint) ? first : null;
        _ = CompleteAsync(run, scope, session);
        return run;
    }

    private async Task CompleteAsync(ConsultationRun run, IReadOnlyList<RegimeRow> scope, CallerSession session)
    {
        RunEnd end;
        try
        {
            end = await RunAsync(run, scope, session);
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

    private async Task<RunEnd> RunAsync(ConsultationRun run, IReadOnlyList<RegimeRow> scope, CallerSession session)
    {
        var question = run.Question;
        try
        {
            if (question.IdIsCallers && await session.State == SessionState.Alive && await answered.AgainAsync(question) is { } before)
                return before;
            var box = scope is [var chosen] && !question.Refresh ? await cache.LookAsync(chosen, question.ForRegime(chosen), session) : null;
            if (box is not null && await session.State == SessionState.Alive && Prepared(question, scope[0], box) is { } ready)
            {
                await JournalAsync(records.Answered(question, ready.Fact, ready.Payload), question, ready.Fact);
                return new RunEnd.Answered(ready.Body);
            }

            var findings = await FindingsAsync(run, scope, box, session.State);
            switch (await session.State)
            {
                case SessionState.Ended: return new RunEnd.SessionEnded();
                case SessionState.Silent: return new RunEnd.SessionUnknown();
            }

            var (answer, fact, evidence) = answers.Write(question, findings);
            search.Remember(question, findings);
            var (body, from) = (JsonSerializer.SerializeToUtf8Bytes(answer, RightsJson.Wire.ConsultationAnswer), evidence.ToBytes());
            var payload = sealedAnswer.Seal(question.Id, SealedAnswer.Pack(body, from, SealedAnswer.Quick));
            await JournalAsync(records.Answered(question, fact, payload, RecordWriting.Found(question, answer)), question, fact);
            if (box?.Fresh is { } fresh && findings is [var only] && ReferenceEquals(only.Answer, fresh.Kept.Reply.Answer))
                _ = PrepareAsync(box, question, only, fresh.End, answer, body, from);
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

    private PreparedAnswer? Prepared(Question question, RegimeRow regime, KeptBox box)
    {
        var ready = prepared.For(question, regime, cache.Prepared(box));
        if (ready is not null)
            cache.CountPrepared();
        return ready;
    }

    /// <summary>For the next one of the same circumstances. This one has its answer, whatever happens here.</summary>
    private async Task PrepareAsync(KeptBox box, Question question, RegimeFinding finding, long end, ConsultationAnswer answer, byte[] body, byte[]? evidence)
    {
        try
        {
            if (prepared.Make(question, finding, end, answer, body, evidence) is { } made)
                await cache.KeepPreparedAsync(box, made);
        }
        catch (Exception e)
        {
            Log.NotPrepared(log, question.Id, e.GetType().Name);
        }
    }

    private async Task JournalAsync(JournalRecord record, Question question, ConsultationFact fact)
    {
        await journal.AppendAsync(record);
        duration.Record(
            Stopwatch.GetElapsedTime(question.Started).TotalSeconds,
            new KeyValuePair<string, object?>("cdr.consultation.outcome", fact.Outcome.ToString()),
            new KeyValuePair<string, object?>("cdr.consultation.source", fact.Source.ToString()));
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

    private async Task<RegimeFinding[]> FindingsAsync(ConsultationRun run, IReadOnlyList<RegimeRow> scope, KeptBox? box, Task<SessionState> session)
    {
        var until = clock.GetUtcNow() + options.Value.Deadline;
        if (scope.Count > 1)
        {
            (RegimeRow Regime, Task<KeptBox?> Kept)? ahead = null;
            return await search.RunAsync(
                run.Question,
                async (regime, wave) =>
                {
                    // For the first one asked: later it would be old.
                    var kept = ahead is { } looked && looked.Regime == regime ? looked.Kept : LookAsync(regime);
                    ahead = null;
                    return await FindAsync(run, regime, wave, await kept, until, session);
                },
                finding => run.Tell(RegimeWords.State(finding, registry)),
                directory.Knows(run.Question) ? () => AskDirectoryAsync(run, session) : null,
                regime => ahead = (regime, LookAsync(regime)));
        }

        var only = await FindAsync(run, scope[0], scope, box, until, session);
        run.Tell(RegimeWords.State(only, registry));
        return [only];

        Task<KeptBox?> LookAsync(RegimeRow regime) => run.Question.Refresh ? Task.FromResult<KeptBox?>(null) : cache.LookAsync(regime, run.Question.ForRegime(regime));
    }

    private async Task<IReadOnlyList<RegimeId>> AskDirectoryAsync(ConsultationRun run, Task<SessionState> session)
    {
        if (await session != SessionState.Alive)
            return [];
        Note(run, directory, () => records.Asked(run.Question, [PersonDirectory.Name]));
        return await directory.FindAsync(run.Question);
    }

    private async Task<RegimeFinding> FindAsync(ConsultationRun run, RegimeRow regime, IReadOnlyList<RegimeRow> wave, KeptBox? box, DateTimeOffset until, Task<SessionState> session)
    {
        var question = run.Question.ForRegime(regime);
        try
        {
            var fresh = cache.Fresh(regime, box);
            // No regime learns of a question whose session is not alive, nor does another question wait for it.
            if (fresh is null && await session != SessionState.Alive)
                return new RegimeFinding(regime, new RegimeAnswer.NotAsked(NotAskedReason.NotChosen), Freshness.Live, clock.GetUtcNow(), 0, null);
            var kept = fresh ?? await cache.GetAsync(regime, question, box, run.Question.Refresh, () =>
            {
                Note(run, wave, () => records.Asked(run.Question, wave.Select(r => r.Id.Value)));
                return regimes.AskAsync(regime, question, CancellationToken.None);
            }).WaitAsync(Left(until), clock);
            var live = kept.Freshness == Freshness.Live;
            return new RegimeFinding(regime, kept.Reply.Answer, kept.Freshness, kept.Reply.At, live ? kept.Reply.Milliseconds : 0, kept.Silence);
        }
        catch (TimeoutException)
        {
            return new RegimeFinding(regime, new RegimeAnswer.Unavailable(UnavailableReason.Timeout), Freshness.Live, clock.GetUtcNow(), (int)options.Value.Deadline.TotalMilliseconds, null);
        }
        catch (Exception e)
        {
            // Whatever happens to one regime, the others' answers stand; and a failure is never « unknown ».
            Log.RegimeFailed(log, regime.Id.Value, e.GetType().Name);
            return new RegimeFinding(regime, new RegimeAnswer.Unavailable(UnavailableReason.Failing), Freshness.Live, clock.GetUtcNow(), 0, null);
        }
    }

    private TimeSpan Left(DateTimeOffset until) => until - clock.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Written while the regimes are being asked: if this process dies now, it is known whom they were asked about, and why. Once a wave.</summary>
    private void Note(ConsultationRun run, object wave, Func<JournalRecord> asked)
    {
        lock (run)
        {
            if (!run.NotedWaves.Add(wave))
                return;
            var noted = journal.AppendAsync(asked());
            run.AskedRecord = run.AskedRecord is { } before ? Task.WhenAll(before, noted) : noted;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Error, "Consultation {Consultation} failed unexpectedly ({Error}).")]
        public static partial void Failed(ILogger logger, Guid consultation, string error);

        [LoggerMessage(3, LogLevel.Error, "Consultation {Consultation} could not be prepared for the next one ({Error}).")]
        public static partial void NotPrepared(ILogger logger, Guid consultation, string error);

        [LoggerMessage(1, LogLevel.Error, "Asking {Regime} failed unexpectedly ({Error}).")]
        public static partial void RegimeFailed(ILogger logger, string regime, string error);
    }
}
