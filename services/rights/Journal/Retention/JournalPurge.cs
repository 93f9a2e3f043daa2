using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal.Retention;

/// <summary>What one step of a purge removed.</summary>
internal sealed record PurgeStep(string Policy, DateOnly Day, long Records)
{
    public override string ToString() => FormattableString.Invariant($"{Records} records of {Day:yyyy-MM-dd}, {Policy}");
}

/// <summary>
/// Removes what is past its time, a day at a time: the records go, their hashes stay where others of their batch need them, and a signed
/// record in a chain of its own says which policy took how many, with the digest of what is left. One transaction: a day is purged and says so, or neither.
/// </summary>
internal sealed class JournalPurge(RightsDb db, BatchSigner signer, RetentionOptions options, TimeProvider clock)
{
    /// <summary>What the host of a purge's chain ends with.</summary>
    public const string HostMark = " purge";

    private const int DeletedAtOnce = 10_000;

    // Ids are chosen up to a day from their instant.
    private static readonly TimeSpan IdTolerance = TimeSpan.FromDays(1);
    private readonly DateTimeOffset now = clock.GetUtcNow();
    private readonly Guid journal = Guid.CreateVersion7(clock.GetUtcNow());
    // « used » records that went with their answer's day: their own comes later.
    private readonly HashSet<Guid> taken = [];
    private byte[] previous = new byte[32];
    private long next = 1;

    // In whole seconds, as the purge says it. Both a day later than a use may last be noted: what was just marked is never taken, though uses
    // are read before anything is removed.
    private DateTimeOffset TraceUntil => Seconds(options.TracesUntil(now).AddDays(-1));

    private DateTimeOffset ProofUntil => Seconds(options.ProofsUntil(now).AddDays(-1));

    public async IAsyncEnumerable<PurgeStep> RunAsync(bool isDry, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        if (await db.Records.OrderBy(r => r.Id).Select(r => (Guid?)r.Id).FirstOrDefaultAsync(cancellationToken) is not { } oldest)
            yield break;
        var end = TraceUntil + IdTolerance;
        for (var day = new DateTimeOffset((UuidV7.InstantOf(oldest) ?? end).UtcDateTime.Date, TimeSpan.Zero); day < end; day = day.AddDays(1))
        {
            foreach (var (policy, until, past) in await PastAsync(UuidV7.Lowest(day), UuidV7.Lowest(day.AddDays(1)), cancellationToken))
            {
                if (!isDry)
                    await RemoveAsync(policy, until, DateOnly.FromDateTime(day.UtcDateTime), past, cancellationToken);
                yield return new PurgeStep(policy, DateOnly.FromDateTime(day.UtcDateTime), past.Count);
            }
        }

        if (!isDry && db.Database.IsNpgsql())
            await RecordPartitions.DropEmptyAsync(db, end - IdTolerance - IdTolerance, cancellationToken);
    }

    /// <summary>What is past its time of one day's ids, by policy.</summary>
    private async Task<List<(string Policy, DateTimeOffset Until, List<Past> Records)>> PastAsync(Guid first, Guid last, CancellationToken cancellationToken)
    {
        var (traces, proofs) = (TraceUntil, ProofUntil);
        var old = await PastOf(db.Records.Where(r => r.Id >= first && r.Id < last && r.At < traces && r.Kind != RecordKind.Purged)).ToListAsync(cancellationToken);
        old.RemoveAll(record => taken.Contains(record.Id));
        if (old.Count == 0)
            return [];
        // An id that a caller chose may be of another day than what was filed under it.
        var elsewhere = old.Where(record => record.IsOfAnswer && (record.Consultation < first || record.Consultation >= last)).Select(record => record.Consultation).Distinct().ToArray();
        var uses = (await PastOf(db.Records.Where(r => r.Kind == RecordKind.Used && (r.Consultation >= first && r.Consultation < last || elsewhere.Contains(r.Consultation)))).ToListAsync(cancellationToken))
            .ToLookup(use => use.Consultation);
        DateTimeOffset? ProofSince(Past record) => record.Kind switch
        {
            RecordKind.Used => record.Latest,
            // What it is found by, for as long as it is kept: its admission, and whom it shows.
            _ when (record.Kind == RecordKind.Answered || record.IsOfAnswer) && uses.Contains(record.Consultation) => uses[record.Consultation].Max(use => use.Latest),
            _ => null,
        };
        // By its batch's signed instant too: it is what the verifier holds a purge against.
        var past = old.Where(record => ProofSince(record) is { } since ? since < proofs && record.Latest < proofs : record.Latest < traces).ToLookup(record => ProofSince(record) is not null);
        // With its uses, whenever they were: one that is left without its answer says that a proof went too early.
        List<Past> used = [.. past[true], .. past[true].Where(record => record.Kind == RecordKind.Answered).SelectMany(record => uses[record.Id])];
        used = [.. used.DistinctBy(record => record.Id)];
        taken.UnionWith(used.Where(record => record.Kind == RecordKind.Used).Select(record => record.Id));
        List<(string, DateTimeOffset, List<Past>)> policies = [(PurgePolicies.OfTraces(options), traces, [.. past[false]]), (PurgePolicies.OfProofs(options), proofs, used)];
        return [.. policies.Where(policy => policy.Item3.Count > 0)];
    }

    private IQueryable<Past> PastOf(IQueryable<JournalRecord> records) => records.AsNoTracking().Select(r => new Past(
        r.Id, r.Consultation, r.Kind, r.Kind == RecordKind.Filed || r.Kind == RecordKind.Shown && r.PatientPseudonym != null, r.At, db.Batches.Where(b => b.Journal == r.Journal && b.Batch == r.Batch).Select(b => (DateTimeOffset?)b.At).FirstOrDefault(), r.Journal, r.Batch, r.Position, r.Hash));

    private async Task RemoveAsync(string policy, DateTimeOffset until, DateOnly day, List<Past> past, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var id = Guid.CreateVersion7(now);
        using var digest = new PurgeDigest();
        foreach (var tombstone in await TombstonesAsync(id, past, cancellationToken))
        {
            digest.Add(tombstone);
            db.Tombstones.Add(tombstone);
        }

        var (first, last) = (past.Min(record => record.Id), past.Max(record => record.Id));
        foreach (var ids in past.Select(record => record.Id).Chunk(DeletedAtOnce))
            await db.Records.Where(r => r.Id >= first && r.Id <= last && ids.Contains(r.Id)).ExecuteDeleteAsync(cancellationToken);
        Append(id, policy, day, new PurgeNote(policy, until, past.Count, digest.End()).ToString());
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        db.ChangeTracker.Clear();
    }

    private async Task<List<Tombstone>> TombstonesAsync(Guid purge, List<Past> past, CancellationToken cancellationToken)
    {
        List<Tombstone> tombstones = [];
        foreach (var chain in past.GroupBy(record => record.Journal).OrderBy(chain => chain.Key))
        {
            // Not all between the first and the last: a use may be months after its answer.
            var numbers = chain.Select(record => record.Batch).Distinct().ToArray();
            var batches = await db.Batches.Where(b => b.Journal == chain.Key && numbers.Contains(b.Batch))
                .Select(b => new { b.Batch, b.Records, b.Ids }).ToDictionaryAsync(b => b.Batch, cancellationToken);
            var gone = (await db.Tombstones.AsNoTracking().Where(t => t.Journal == chain.Key && numbers.Contains(t.Batch))
                .Select(t => new { t.Batch, t.Positions }).ToListAsync(cancellationToken)).ToLookup(t => t.Batch, t => t.Positions.Length);
            foreach (var batch in chain.GroupBy(record => record.Batch).OrderBy(batch => batch.Key))
            {
                Past[] records = [.. batch.OrderBy(record => record.Position)];
                // Where nothing is left of a batch its signed root says enough.
                var of = batches.GetValueOrDefault(batch.Key) ?? throw new InvalidDataException($"Batch {batch.Key} of journal {chain.Key} is missing: verify the journal before it is purged.");
                var isWhole = gone[batch.Key].Sum() + records.Length == of.Records;
                int[] positions = isWhole ? [] : [.. records.Select(record => record.Position)];
                tombstones.Add(new Tombstone
                {
                    Journal = chain.Key,
                    Batch = batch.Key,
                    Purge = purge,
                    Positions = positions,
                    Leaves = isWhole ? [] : [.. records.SelectMany(record => record.Hash)],
                    Ids = Tombstone.IdsHash(of.Ids, positions),
                });
            }
        }

        return tombstones;
    }

    /// <summary>One record, one batch, in this run's own chain.</summary>
    private void Append(Guid id, string policy, DateOnly day, string note)
    {
        var record = new JournalRecord
        {
            Id = id, Consultation = id, Kind = RecordKind.Purged, At = now, Subject = "retention", Session = "", Role = "", Establishment = "", Group = "", Department = "",
            Unit = "", Function = "", Reason = policy, CareDate = day, Regime = "", Regimes = note, Pseudonym = [], Request = [], RulesVersion = "", TraceId = "",
        };
        record.Hash = RecordHash.Of(record);
        (record.Journal, record.Batch, record.Position) = (journal, next, 0);
        if (next == 1)
            db.Writers.Add(new JournalWriterRow { Journal = journal, Started = now, Host = $"{Environment.MachineName}:{Environment.ProcessId}{HostMark}" });
        var batch = signer.Sign(journal, next++, [id], now, previous, RecordHash.Root([record.Hash]));
        previous = batch.Hash;
        db.Records.Add(record);
        db.Batches.Add(batch);
    }

    private static DateTimeOffset Seconds(DateTimeOffset instant) => instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerSecond));

    private sealed record Past(Guid Id, Guid Consultation, RecordKind Kind, bool IsOfAnswer, DateTimeOffset At, DateTimeOffset? Signed, Guid Journal, long Batch, int Position, byte[] Hash)
    {
        public DateTimeOffset Latest => Signed > At ? Signed.Value : At;
    }
}
