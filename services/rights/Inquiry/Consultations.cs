using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Batches;
using Cdr.Rights.Cache;
using Cdr.Rights.Fishing;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Stores;
using Cdr.Rights.Regimes;
using Cdr.Rights.Search;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Measures;
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
    FishingGuard fishing,
    IOptions<RegimeOptions> options,
    BatchBudget batches,
    IOptions<BatchOptions> batchOptions,
    IMeterFactory meters,
    TimeProvider clock,
    ILogger<Consultations> log) : IToldFromZero
{
    // Of the deadline, what is left to do once regimes have been waited for: derive, seal, journal. Sixteen questions whose time ends at
    // one moment take that long on two cores.
    private static readonly TimeSpan Writing = TimeSpan.FromMilliseconds(20);

    // A wait ends by another clock than the question's time, some milliseconds before it now and then; and in less nobody answers.
    private static readonly TimeSpan LeastWorthAsking = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<Guid, ConsultationRun> running = [];
    private readonly Histogram<double> duration = meters.Create("Cdr.Rights").CreateHistogram<double>("cdr.rights.consultation.duration", "s", "From the question's arrival to its durable answer.");
    private readonly Histogram<int> calls = meters.Create("Cdr.Rights").CreateHistogram<int>("cdr.rights.consultation.calls", "{call}", "Regimes that one question was asked of.");
    private readonly Counter<long> refused = meters.Create("Cdr.Rights").CreateCounter<long>("cdr.rights.consultation.refused", "{question}", "Questions that ended without an answer, by why.");

    // As they are counted: by the name of their end.
    private static readonly string[] Ends = [nameof(RunEnd.NoJournal), nameof(RunEnd.SessionEnded), nameof(RunEnd.SessionUnknown), nameof(RunEnd.OtherQuestion), nameof(RunEnd.NotOpened), nameof(RunEnd.Postponed), "Failed"];

    /// <inheritdoc />
    public void TellZero()
    {
        foreach (var end in Ends)
            refused.Add(0, new KeyValuePair<string, object?>("cdr.consultation.end", end));
    }

    /// <summary>Starts the question, or joins the same one under way.</summary>
    /// <returns>Null when the id is under way for another question.</returns>
    public ConsultationRun? Start(Question question, CallerSession session)
    {
        var scope = search.Scope(question);
        var run = new ConsultationRun(question, session, scope);
        var first = running.GetOrAdd(question.Id, run);
        if (first != run)
            return question.Repeats(first.Question) ? first : null;
        _ = CompleteAsync(run, scope);
        return run;
    }

    /// <summary>The answer that this very question has already, or will have: whoever may not ask any more may still be given it.</summary>
    /// <returns>Null when there is none; a run that ends without one where the journal cannot say.</returns>
    public async Task<ConsultationRun?> AgainAsync(Question question, CallerSession session)
    {
        if (!question.IdIsCallers)
            return null;
        if (running.TryGetValue(question.Id, out var first))
            return question.Repeats(first.Question) ? first : null;
        try
        {
            return await session.State == SessionState.Alive && await answered.AgainAsync(question) is { } before and not RunEnd.OtherQuestion ? Ended(before) : null;
        }
        catch (JournalUnavailableException)
        {
            // A line waits; a caller who were told that it is too late would ask again under another id.
            return question.FromBatch ? null : Ended(new RunEnd.NoJournal());
        }

        ConsultationRun Ended(RunEnd end)
        {
            var run = new ConsultationRun(question, session, []);
            run.Finish(end);
            return run;
        }
    }

    private async Task CompleteAsync(ConsultationRun run, IReadOnlyList<RegimeRow> scope)
    {
        RunEnd end;
        try
        {
            end = await RunAsync(run, scope);
        }
        catch (Exception e)
        {
            running.TryRemove(run.Question.Id, out _);
            Log.Failed(log, run.Question.Id, e.GetType().Name);
            refused.Add(1, new KeyValuePair<string, object?>("cdr.consultation.end", "Failed"));
            run.Fail(e);
            _ = NoteRestAsync(run);
            return;
        }

        // First out of the list: the callers go on inside Finish.
        running.TryRemove(run.Question.Id, out _);
        // A line of a file that does not open here is answered, and nobody waits for it.
        if (end is not RunEnd.Answered && !(end is RunEnd.NotOpened && run.Question.FromBatch))
            refused.Add(1, new KeyValuePair<string, object?>("cdr.consultation.end", end.GetType().Name));
        run.Finish(end);
        _ = NoteRestAsync(run);
    }

    private async Task<RunEnd> RunAsync(ConsultationRun run, IReadOnlyList<RegimeRow> scope)
    {
        var (question, session) = (run.Question, run.Session);
        try
        {
            if (question.IdIsCallers && await session.State == SessionState.Alive && await answered.AgainAsync(question) is { } before)
                return before;
            var look = scope is [var chosen] && !question.Refresh ? await LookAsync(question, chosen, session) : Look.Nothing;
            if (look.Box is { } box && await session.State == SessionState.Alive && Prepared(question, scope[0], box) is { } ready)
            {
                await JournalAsync(records.Answered(question, ready.Fact, ready.Payload), question, ready.Fact);
                return new RunEnd.Answered(ready.Body);
            }

            var findings = await FindingsAsync(run, scope, look);
            // A card may have been withdrawn while regimes were waited for.
            var alive = session.NowAsync();
            var (answer, fact, evidence) = answers.Write(question, findings);
            switch (await alive)
            {
                case SessionState.Ended: return new RunEnd.SessionEnded();
                case SessionState.Doubtful or SessionState.Silent: return new RunEnd.SessionUnknown();
            }

            // Vouched for again by now: but who was left out for it meanwhile was not asked, and that is not « unknown ».
            if (run.LeftOut)
                return new RunEnd.SessionUnknown();

            if (question.MayWait && IsLeftOpen(answer, findings))
                return new RunEnd.Postponed();

            search.Remember(question, findings);
            var (body, from) = (JsonSerializer.SerializeToUtf8Bytes(answer, RightsJson.Wire.ConsultationAnswer), evidence.ToBytes());
            var payload = sealedAnswer.Seal(question.Id, SealedAnswer.Pack(body, from, SealedAnswer.Quick));
            var shown = RecordWriting.Found(question, answer, findings);
            // The first file's insured person is in the answer's own record.
            var first = answer.Affiliations.Count > 0 && shown.Count > 0 ? shown[0].Nir : null;
            await JournalAsync(records.Answered(question, fact, payload, first), question, fact, first is null ? shown : [.. shown.Skip(1)]);
            if (look.Box is { Fresh: { } fresh } kept && findings is [var only] && ReferenceEquals(only.Answer, fresh.Kept.Reply.Answer))
                _ = PrepareAsync(kept, question, only, fresh.End, answer, body, from);
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
        using var made = cache.Prepared(box);
        var ready = prepared.For(question, regime, made.Bytes);
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

    private async Task JournalAsync(JournalRecord record, Question question, ConsultationFact fact, IReadOnlyList<ShownPerson>? others = null)
    {
        // Before, too: nobody's data leaves without a record that finds it by who it is about.
        if (others?.Count > 0)
            await Task.WhenAll(others.Select(person => journal.AppendAsync(records.Shown(question, person))));
        // Before, not beside: an answer that was given is found by its admission, whatever fails in between.
        if (question.Workflow is not null)
            await journal.AppendAsync(records.Filed(question));
        await journal.AppendAsync(record);
        fishing.Told(question, fact.Outcome);
        duration.Record(
            Stopwatch.GetElapsedTime(question.Started).TotalSeconds,
            new KeyValuePair<string, object?>("cdr.consultation.outcome", Enum.GetName(fact.Outcome)),
            new KeyValuePair<string, object?>("cdr.consultation.source", Enum.GetName(fact.Source)));
        // 0 is for a regime that this question did not call.
        calls.Record(fact.Regimes.Count(part => part.Milliseconds > 0));
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

    private async Task<RegimeFinding[]> FindingsAsync(ConsultationRun run, IReadOnlyList<RegimeRow> scope, Look look)
    {
        var until = run.Question.At + (run.Question.FromBatch ? batchOptions.Value.Deadline : options.Value.Deadline) - Writing;
        if (scope.Count > 1)
        {
            var (session, last) = (run.Session.State, (IReadOnlyList<RegimeRow>?)null);
            (RegimeRow Regime, Task<KeptBox?> Kept)? ahead = null;
            var findings = await search.RunAsync(
                run.Question,
                async (regime, wave, call) =>
                {
                    // No later wave is asked for a session that ended during an earlier one.
                    if (wave != last && last is not null)
                        session = run.Session.NowAsync();
                    last = wave;
                    var alive = session;
                    // For the first one asked: later it would be old.
                    var early = ahead;
                    ahead = null;
                    var looked = early is { } one && one.Regime == regime ? new Look(await one.Kept, null)
                        : run.Question.Refresh ? Look.Nothing
                        : await LookAsync(run.Question, regime, null);
                    return await FindAsync(run, regime, looked, until, alive, call);
                },
                finding => run.Tell(RegimeWords.Told(run.Question, finding, registry)),
                directory.Knows(run.Question) ? () => AskDirectoryAsync(run) : null,
                regime => ahead = run.Question.Refresh ? null : (regime, cache.LookAsync(regime, run.Question.ForRegime(regime))));
            run.IsHeard = true;
            return findings;
        }

        var only = await FindAsync(run, scope[0], look, until, run.Session.State, new CallTime(clock));
        run.Tell(RegimeWords.Told(run.Question, only, registry));
        return [only];
    }

    private async Task<IReadOnlyList<RegimeId>> AskDirectoryAsync(ConsultationRun run)
    {
        if (await run.Session.State != SessionState.Alive)
        {
            run.LeftOut = true;
            return [];
        }

        Note(run, PersonDirectory.Name);
        return await directory.FindAsync(run.Question);
    }

    private async Task<RegimeFinding> FindAsync(ConsultationRun run, RegimeRow regime, Look look, DateTimeOffset until, Task<SessionState> session, CallTime call)
    {
        var question = run.Question.ForRegime(regime);
        try
        {
            var fresh = cache.Fresh(regime, look.Box);
            // No regime learns of a question whose session is not alive, nor does another question wait for it, or for its session's word.
            if (look.Lock is not null && !(session.IsCompletedSuccessfully && session.Result == SessionState.Alive))
            {
                _ = cache.LeaveAsync(regime, question, look);
                look = Look.Nothing;
            }

            if (fresh is null && await session != SessionState.Alive)
            {
                run.LeftOut = true;
                return new RegimeFinding(regime, new RegimeAnswer.NotAsked(NotAskedReason.NotChosen), Freshness.Live, clock.GetUtcNow(), 0, null);
            }

            // A place of a batch is waited for while it holds nothing that others wait for.
            var waits = fresh is null && run.Question.FromBatch;
            using var place = waits ? await batches.EnterAsync(regime, Left(until)) : null;
            // Full is our own budget; and asked after the others have decided, the regime would learn of a person for an answer that nobody hears.
            if (waits && (place is null || run.IsHeard))
                return new RegimeFinding(regime, new RegimeAnswer.Unavailable(UnavailableReason.Busy), Freshness.Live, clock.GetUtcNow(), 0, null);
            if (fresh is null && Left(until) < LeastWorthAsking)
            {
                _ = cache.LeaveAsync(regime, question, look);
                return new RegimeFinding(regime, new RegimeAnswer.NotAsked(NotAskedReason.NoTimeLeft), Freshness.Live, clock.GetUtcNow(), 0, null);
            }

            var kept = fresh ?? await cache.GetAsync(regime, question, look, run.Question.Refresh, () => regimes.AskAsync(regime, question, Calling, CancellationToken.None)).WaitAsync(Left(until), clock);
            return new RegimeFinding(regime, kept.Reply.Answer, kept.Freshness, kept.Reply.At, kept.Freshness == Freshness.Live && call.HasLeft ? kept.Reply.Milliseconds : 0, kept.Silence);
        }
        catch (TimeoutException)
        {
            var (silent, waited) = (new RegimeAnswer.Unavailable(UnavailableReason.Timeout), call.Milliseconds);
            return await OlderAsync(regime, question, silent) is { } older
                ? new RegimeFinding(regime, older.Reply.Answer, older.Freshness, older.Reply.At, waited, silent)
                : new RegimeFinding(regime, silent, Freshness.Live, clock.GetUtcNow(), waited, null);
        }
        catch (Exception e)
        {
            // Whatever happens to one regime, the others' answers stand; and a failure is never « unknown ».
            Log.RegimeFailed(log, regime.Id.Value, e.GetType().Name);
            return new RegimeFinding(regime, new RegimeAnswer.Unavailable(UnavailableReason.Failing), Freshness.Live, clock.GetUtcNow(), call.Milliseconds, null);
        }

        void Calling()
        {
            call.Leave();
            Note(run, regime.Id.Value);
        }
    }

    /// <summary>What was known before of a regime that hangs: one read of the shared state, which is not waited for as a regime is.</summary>
    private async Task<KeptReply?> OlderAsync(RegimeRow regime, RegimeQuestion question, RegimeAnswer silent)
    {
        try
        {
            return await cache.OlderAsync(regime, question, silent).WaitAsync(Writing, clock);
        }
        catch (Exception e)
        {
            // A help only: without it the regime is silent, as it is, and the others' answers stand.
            if (e is not TimeoutException)
                Log.RegimeFailed(log, regime.Id.Value, e.GetType().Name);
            return null;
        }
    }

    /// <summary>A batch takes no lock ahead: it may wait for its place, and others would wait with it.</summary>
    private Task<Look> LookAsync(Question question, RegimeRow regime, CallerSession? session) =>
        question.FromBatch ? LookOnlyAsync(question, regime) : cache.LookToAskAsync(regime, question.ForRegime(regime), session);

    private async Task<Look> LookOnlyAsync(Question question, RegimeRow regime) => new(await cache.LookAsync(regime, question.ForRegime(regime)), null);

    /// <summary>No proof yet, and it may become one.</summary>
    private static bool IsLeftOpen(ConsultationAnswer answer, RegimeFinding[] findings) =>
        answer.Outcome == ConsultationOutcome.Incomplete && findings.Any(finding => finding.MaySayLater)
        || answer.Affiliations.Any(affiliation => affiliation.Source.Freshness == Freshness.Stale);

    private TimeSpan Left(DateTimeOffset until) => until - clock.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Written while the regimes are being asked: if this process dies now, it is known whom they were asked about, and why.</summary>
    private void Note(ConsultationRun run, string whom) =>
        run.Note(whom, noted => journal.AppendAsync(records.Asked(run.Question, noted)));

    private Task NoteRestAsync(ConsultationRun run) => run.NoteRestAsync(noted => journal.AppendAsync(records.Asked(run.Question, noted)));

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
