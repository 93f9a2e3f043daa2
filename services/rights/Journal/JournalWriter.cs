using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Cdr.Rights.Journal.Stores;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal;

/// <summary>The journal cannot promise durability now: the answer may not leave.</summary>
internal sealed class JournalUnavailableException : Exception
{
    public JournalUnavailableException()
        : base("The journal cannot be written now.")
    {
    }

    public JournalUnavailableException(string message)
        : base(message)
    {
    }

    public JournalUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// Writes the journal in group commits: what arrives while one commit is under way leaves together with the next. One chain a
/// process. A record's task completes only when its transaction is durable. It ends after everything else of the host: what the bus's
/// consumers and the last requests are still being answered needs it.
/// </summary>
internal sealed partial class JournalWriter : BackgroundService, IHostedLifecycleService
{
    private const int LargestBatch = 1000;
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(5);

    // Nobody waits for an « asked » record: it names all who are asked meanwhile, goes with the answer of a quick regime, and commits are saved.
    private static readonly TimeSpan AskedPatience = TimeSpan.FromMilliseconds(5);

    // More waiting than this means that the store has stopped: refusing is honest, and keeps memory.
    private readonly Channel<Pending> waiting = Channel.CreateBounded<Pending>(new BoundedChannelOptions(20_000) { SingleReader = true });
    private readonly IJournalStore store;
    private readonly IDbContextFactory<RightsDb> contexts;
    private readonly JournalReader reader;
    private readonly BatchSigner signer;
    private readonly CommittedBatches committed;
    private readonly TimeProvider clock;
    private readonly ILogger<JournalWriter> log;
    private readonly Histogram<double> duration;
    private readonly Histogram<int> size;
    private long next;
    private byte[] previous = new byte[32];
    private bool known;

    public JournalWriter(
        IJournalStore store, IDbContextFactory<RightsDb> contexts, JournalReader reader, BatchSigner signer, CommittedBatches committed, TimeProvider clock, IMeterFactory meters, ILogger<JournalWriter> log)
    {
        (this.store, this.contexts, this.reader, this.signer, this.committed, this.clock, this.log) = (store, contexts, reader, signer, committed, clock, log);
        Journal = Guid.CreateVersion7(clock.GetUtcNow());
        var meter = meters.Create("Cdr.Rights");
        duration = meter.CreateHistogram<double>("cdr.rights.journal.commit.duration", "s", "Time of one group commit.");
        size = meter.CreateHistogram<int>("cdr.rights.journal.commit.size", "{record}", "Records in one group commit.");
    }

    /// <summary>This process's chain.</summary>
    public Guid Journal { get; }

    /// <summary>Completes when the record is durable.</summary>
    /// <exception cref="JournalUnavailableException">It is not, and the answer may not leave.</exception>
    /// <exception cref="RecordExistsException">A record of this id is there already.</exception>
    public Task AppendAsync(JournalRecord record) => AppendAsync(new Pending(Hashed(record)));

    /// <summary>The same for a record that nobody waits for: it is made when its commit begins, and holds what happened until then.</summary>
    public Task AppendAsync(Func<JournalRecord> record) => AppendAsync(new Pending(record));

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Not yet: the bus began before it, and would end after it.</summary>
    public override Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => base.StopAsync(cancellationToken);

    private Task AppendAsync(Pending pending) =>
        waiting.Writer.TryWrite(pending) ? pending.Done.Task : Task.FromException(new JournalUnavailableException());

    private static JournalRecord Hashed(JournalRecord record)
    {
        record.Hash = RecordHash.Of(record);
        return record;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Pending>(LargestBatch);
        try
        {
            while (await waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                batch.Clear();
                Take(batch);
                if (batch.TrueForAll(pending => pending.IsPatient))
                    await WaitForCompanyAsync(batch);
                await CommitAsync(batch);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops: what is still waiting is written below.
        }

        waiting.Writer.TryComplete();
        while (waiting.Reader.TryRead(out var last))
        {
            batch.Clear();
            batch.Add(last);
            Take(batch);
            await CommitAsync(batch);
        }
    }

    private void Take(List<Pending> batch)
    {
        while (batch.Count < LargestBatch && waiting.Reader.TryRead(out var pending))
            batch.Add(pending);
    }

    private async Task WaitForCompanyAsync(List<Pending> batch)
    {
        using var patience = new CancellationTokenSource(AskedPatience);
        try
        {
            while (batch.Count < LargestBatch && batch.TrueForAll(pending => pending.IsPatient) && await waiting.Reader.WaitToReadAsync(patience.Token))
            {
                Take(batch);
            }
        }
        catch (OperationCanceledException)
        {
            // Alone, then.
        }
    }

    private async Task CommitAsync(List<Pending> batch)
    {
        var started = Stopwatch.GetTimestamp();
        using var timeout = new CancellationTokenSource(CommitTimeout);
        try
        {
            if (!known)
                await LearnHeadAsync(timeout.Token);
            CarryAsked(batch);
            while (batch.Count > 0)
            {
                try
                {
                    await CommitOnceAsync(batch, timeout.Token);
                    break;
                }
                catch (RecordExistsException)
                {
                    // Rare: only a caller who sends one id twice at the same moment gets here.
                    if (!await RemoveExistingAsync(batch, timeout.Token))
                        throw;
                }
            }

            duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        catch (Exception e)
        {
            // Whether the transaction was kept is not known: the head is read again before the next one.
            known = false;
            // The exception itself stays here: a database error may quote a row.
            Log.CommitFailed(log, batch.Count, e.GetType().Name, (e as Npgsql.PostgresException)?.SqlState);
            foreach (var pending in batch)
                pending.Fail();
        }
    }

    private async Task CommitOnceAsync(List<Pending> pendings, CancellationToken cancellationToken)
    {
        var records = new JournalRecord[pendings.Count];
        var leaves = new byte[pendings.Count][];
        var ids = new Guid[pendings.Count];
        for (var position = 0; position < records.Length; position++)
        {
            var record = records[position] = pendings[position].Record;
            (record.Journal, record.Batch, record.Position) = (Journal, next, position);
            (leaves[position], ids[position]) = (record.Hash, record.Id);
        }

        var batch = signer.Sign(Journal, next, ids, clock.GetUtcNow(), previous, RecordHash.Root(leaves));
        await store.CommitAsync(batch, records, cancellationToken);
        size.Record(records.Length);
        next++;
        previous = batch.Hash;
        foreach (var pending in pendings)
            pending.Written();
        committed.Add(JournalFacts.Message(Journal, batch.Batch, records), [.. pendings.Where(pending => pending.Question is not null).Select(pending => pending.Question!.Value)]);
    }

    private async Task LearnHeadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var head = await db.Batches.Where(b => b.Journal == Journal).OrderByDescending(b => b.Batch).FirstOrDefaultAsync(cancellationToken);
        if (head is null && !await db.Writers.AnyAsync(w => w.Journal == Journal, cancellationToken))
        {
            db.Writers.Add(new JournalWriterRow { Journal = Journal, Started = clock.GetUtcNow(), Host = $"{Environment.MachineName}:{Environment.ProcessId}" });
            await db.SaveChangesAsync(cancellationToken);
        }

        // A batch whose commit was in doubt and did happen was never told.
        if (head?.Batch >= next && next > 0)
        {
            foreach (var message in await reader.BatchesAsync(Journal, next - 1, LargestBatch, cancellationToken))
                committed.Add(message);
        }

        next = (head?.Batch ?? 0) + 1;
        previous = head?.Hash ?? new byte[32];
        known = true;
    }

    private async Task<bool> RemoveExistingAsync(List<Pending> batch, CancellationToken cancellationToken)
    {
        var ids = batch.ConvertAll(p => p.Record.Id);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var existing = await db.Records.Where(r => ids.Contains(r.Id)).Select(r => r.Id).ToHashSetAsync(cancellationToken);
        // Twice within this very batch: the first one stays.
        var seen = new HashSet<Guid>();
        List<Pending> left = [];
        var removed = batch.RemoveAll(pending =>
        {
            if (seen.Add(pending.Record.Id) && !existing.Contains(pending.Record.Id))
                return false;
            pending.Done.TrySetException(new RecordExistsException());
            left.AddRange(pending.Carried);
            return true;
        });
        // The answer that is there is another call's: who learnt through this one has a record still to come.
        batch.AddRange(left);
        return removed > 0;
    }

    /// <summary>
    /// Who learnt of a person is said by an « asked » record until the answer's own says it: where both would leave in one commit, the
    /// answer's is enough.
    /// </summary>
    private static void CarryAsked(List<Pending> batch)
    {
        if (batch.Count < 2 || !batch.Exists(pending => pending.IsPatient))
            return;
        var answers = new Dictionary<Guid, Pending>();
        foreach (var pending in batch)
        {
            if (!pending.IsPatient && pending.Record.Kind == RecordKind.Answered)
                answers.TryAdd(pending.Record.Consultation, pending);
        }

        batch.RemoveAll(pending =>
        {
            if (!pending.IsPatient || !answers.TryGetValue(pending.Record.Consultation, out var answer) || !JournalFacts.Names(answer.Record, pending.Record))
                return false;
            answer.Carry(pending);
            return true;
        });
    }

    private sealed class Pending
    {
        private readonly Func<JournalRecord>? make;
        private JournalRecord? record;
        private List<Pending>? carried;

        public Pending(JournalRecord record)
        {
            this.record = record;
            Question = record.Kind == RecordKind.Answered ? BatchSpans.Question() : null;
        }

        public Pending(Func<JournalRecord> make) => this.make = make;

        public bool IsPatient => make is not null;

        public ActivityContext? Question { get; }

        public JournalRecord Record => record ??= Hashed(make!());

        /// <value>« asked » records that this one makes needless.</value>
        public IReadOnlyList<Pending> Carried => carried ?? [];

        public void Carry(Pending asked) => (carried ??= []).Add(asked);

        public void Written()
        {
            Done.TrySetResult();
            carried?.ForEach(one => one.Written());
        }

        public void Fail()
        {
            Done.TrySetException(new JournalUnavailableException());
            carried?.ForEach(one => one.Fail());
        }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The journal refused {Records} records ({Error} {SqlState}): their answers were not given.")]
        public static partial void CommitFailed(ILogger logger, int records, string error, string? sqlState);
    }
}
