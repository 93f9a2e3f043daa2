using System.Security.Cryptography;
using Cdr.Rights.Journal.Retention;
using Cdr.ServiceDefaults.Stores;
using Npgsql;

namespace Cdr.Rights.Journal.Verification;

/// <summary>
/// Reads a journal from end to end and says where it is not what was written: every record is hashed again, every batch, link and
/// signature checked, every chain held against the checkpoints of the store and those kept elsewhere.
/// </summary>
/// <param name="source">The journal.</param>
/// <param name="keys">Public keys.</param>
/// <param name="progress">Told how far it is.</param>
/// <param name="clock">The machine's, unless another is given.</param>
/// <param name="policies">What purges may take; the default clocks, unless others are given.</param>
internal sealed class JournalVerifier(
    IJournalSource source, VerificationKeys keys, IProgress<VerificationProgress>? progress = null, TimeProvider? clock = null, PurgePolicies? policies = null)
{
    private const int UsesAtOnce = 1000;

    // idle_in_transaction_session_timeout: the snapshot waits while records are read.
    private const string IdleInTransaction = "25P03";

    private readonly Dictionary<Guid, ChainState> chains = [];
    private readonly List<Finding> findings = [];
    private readonly List<StoredRecord> strays = [];
    private readonly List<StoredRecord> uses = [];
    private readonly PurgeCheck purges = new(policies ?? new PurgePolicies(new RetentionOptions(), []));
    private readonly ulong secret = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    private long batches;
    private long records;
    private int checkpointCount;
    private IReadOnlyList<PurgeSeen> seen = [];
    private string reading = "";

    public async Task<VerificationReport> VerifyAsync(IReadOnlyList<Anchor> anchors, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(anchors, cancellationToken);
        }
        catch (Exception e) when (IsDamage(e))
        {
            // By its kind alone: what it says may quote a row.
            findings.Add(new Finding(FindingKind.TableUnreadable, Detail: $"{reading} {Why(e)}; what comes after it was not verified"));
        }

        return new VerificationReport(chains.Count, batches, records, checkpointCount, seen, [.. source.Unread.Select(row => row.Told()), .. findings]);
    }

    private static string Why(Exception e) => e is TooManyUnreadException { InnerException: { } last } many
        ? FormattableString.Invariant($"({last.GetType().Name}): {many.Named} of its rows are named, the {many.Left} from the next such one on were not read")
        : $"({(e as PostgresException)?.SqlState ?? e.GetType().Name})";

    private async Task ReadAsync(IReadOnlyList<Anchor> anchors, CancellationToken cancellationToken)
    {
        reading = "writers";
        var writers = await source.WritersAsync(cancellationToken);
        reading = "tombstones";
        var purged = await purges.ReadAsync(source, cancellationToken);
        reading = "checkpoints, checkpoint_heads";
        var checkpoints = await CheckpointCheck.ReadAsync(source, anchors, keys, findings, cancellationToken);
        checkpointCount = checkpoints.Count;
        reading = "tiles";
        var tiles = (await source.TilesAsync(cancellationToken)).ToDictionary(t => (t.Journal, t.Level, t.Place), t => t.Hash);
        reading = "batches";
        var chainCheck = new ChainCheck(keys, chains, findings, checkpoints, tiles, purged, secret);
        try
        {
            await BatchesAsync(chainCheck, writers, cancellationToken);
            reading = "records";
            await RecordsAsync(cancellationToken);
        }
        finally
        {
            await chainCheck.EndSignaturesAsync();
        }

        await new RecordDiagnosis(source, chains, strays, findings).RunAsync(cancellationToken);
        await FindProofsAsync(cancellationToken);
        seen = purges.End((clock ?? TimeProvider.System).GetUtcNow(), findings);
    }

    private async Task BatchesAsync(ChainCheck chainCheck, IReadOnlySet<Guid> writers, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in source.BatchesAsync(cancellationToken))
            {
                chainCheck.Add(batch);
                if (++batches % 20_000 == 0)
                    progress?.Report(new VerificationProgress("batches", batches));
            }
        }
        catch (Exception e) when (IsDamage(e))
        {
            chainCheck.TellChanged();
            throw;
        }

        foreach (var row in source.Unread.Where(row => row.Table == UnreadRow.Batches))
        {
            if (row is { Journal: { } journal, Batch: { } number })
                chainCheck.AddUnread(journal, number);
        }

        chainCheck.End();
        foreach (var chain in chains.Keys.Where(chain => !writers.Contains(chain)))
            findings.Add(new Finding(FindingKind.WriterMissing, chain));

    }

    private async Task RecordsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await source.RecordsAsync(Take, cancellationToken);
        }
        catch (Exception e) when (IsDamage(e))
        {
            // What was changed among those that were read is not lost with the others.
            await new RecordDiagnosis(source, chains, strays, findings).TellChangedAsync(cancellationToken);
            throw;
        }
    }

    /// <summary>Neither a store that is silent or out of patience, nor one that refuses whoever asks, nor keys that are none.</summary>
    private static bool IsDamage(Exception e) =>
        e is not (OperationCanceledException or CryptographicException or PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.QueryCanceled or IdleInTransaction })
        && !StoreOutage.Is(e);

    /// <summary>A purge takes an answer with all that says that it was used: a use that is left alone says that a proof went before its time.</summary>
    private async Task FindProofsAsync(CancellationToken cancellationToken)
    {
        var told = findings.Where(found => found.Kind == FindingKind.RecordMissing).Select(found => found.Record).ToHashSet();
        foreach (var some in uses.Chunk(UsesAtOnce))
        {
            var there = await source.AnsweredAsync([.. some.Select(use => use.Consultation).Distinct()], cancellationToken);
            foreach (var use in some.Where(use => !there.Contains(use.Consultation) && !told.Contains(use.Consultation)))
                findings.Add(new Finding(FindingKind.ProofMissing, use.Journal, use.Batch, use.Position, use.Id, Detail: $"the answer {use.Consultation} that it keeps is gone"));
        }
    }

    private void Take(ReadOnlySpan<StoredRecord> some)
    {
        foreach (ref readonly var record in some)
        {
            var state = chains.TryGetValue(record.Journal, out var chain) ? chain.Batches.GetValueOrDefault(record.Batch) : null;
            var taken = false;
            if (state is not null)
            {
                lock (state)
                    taken = state.TryTake(record, secret);
            }

            if (taken && record.Note is null && record.Kind != RecordKind.Used)
                continue;
            lock (strays)
            {
                if (!taken)
                    strays.Add(record);
                if (record is { Kind: RecordKind.Purged, Note: not null })
                    purges.Add(record.Id, record.Note, record.At);
                else if (taken && record.Kind == RecordKind.Used)
                    uses.Add(record);
            }
        }

        var before = Interlocked.Add(ref records, some.Length) - some.Length;
        if (before / 250_000 != (before + some.Length) / 250_000)
            progress?.Report(new VerificationProgress("records", before + some.Length));
    }
}
