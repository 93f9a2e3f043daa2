using System.Security.Cryptography;
using Cdr.Rights.Journal.Retention;

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

    private readonly Dictionary<Guid, ChainState> chains = [];
    private readonly List<Finding> findings = [];
    private readonly List<StoredRecord> strays = [];
    private readonly List<StoredRecord> uses = [];
    private readonly PurgeCheck purges = new(policies ?? new PurgePolicies(new RetentionOptions(), []));
    private readonly ulong secret = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    private long records;

    public async Task<VerificationReport> VerifyAsync(IReadOnlyList<Anchor> anchors, CancellationToken cancellationToken)
    {
        var writers = await source.WritersAsync(cancellationToken);
        var purged = await purges.ReadAsync(source, cancellationToken);
        var checkpoints = await CheckpointCheck.ReadAsync(source, anchors, keys, findings, cancellationToken);
        var tiles = (await source.TilesAsync(cancellationToken)).ToDictionary(t => (t.Journal, t.Level, t.Place), t => t.Hash);
        var chainCheck = new ChainCheck(keys, chains, findings, checkpoints, tiles, purged, secret);
        var batches = 0L;
        await foreach (var batch in source.BatchesAsync(cancellationToken))
        {
            chainCheck.Add(batch);
            if (++batches % 20_000 == 0)
                progress?.Report(new VerificationProgress("batches", batches));
        }

        chainCheck.End();
        foreach (var chain in chains.Keys.Where(chain => !writers.Contains(chain)))
            findings.Add(new Finding(FindingKind.WriterMissing, chain));

        await source.RecordsAsync(Take, cancellationToken);
        await chainCheck.EndSignaturesAsync();
        await new RecordDiagnosis(source, chains, strays, findings).RunAsync(cancellationToken);
        await FindProofsAsync(cancellationToken);
        var seen = purges.End((clock ?? TimeProvider.System).GetUtcNow(), findings);
        return new VerificationReport(chains.Count, batches, records, checkpoints.Count, seen, [.. findings]);
    }

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
