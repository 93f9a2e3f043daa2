using System.Security.Cryptography;

namespace Cdr.Rights.Journal.Verification;

/// <summary>
/// Reads a journal from end to end and says where it is not what was written: every record is hashed again, every batch, link and
/// signature checked, every chain held against the checkpoints of the store and those kept elsewhere.
/// </summary>
internal sealed class JournalVerifier(IJournalSource source, VerificationKeys keys, IProgress<VerificationProgress>? progress = null, TimeProvider? clock = null)
{
    private readonly Dictionary<Guid, ChainState> chains = [];
    private readonly List<Finding> findings = [];
    private readonly List<StoredRecord> strays = [];
    private readonly PurgeCheck purges = new();
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

        await chainCheck.EndAsync();
        foreach (var chain in chains.Keys.Where(chain => !writers.Contains(chain)))
            findings.Add(new Finding(FindingKind.WriterMissing, chain));

        await source.RecordsAsync(Take, cancellationToken);
        await new RecordDiagnosis(source, chains, strays, findings).RunAsync(cancellationToken);
        var seen = purges.End((clock ?? TimeProvider.System).GetUtcNow(), findings);
        return new VerificationReport(chains.Count, batches, records, checkpoints.Count, seen, [.. findings]);
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

            if (taken && record.Note is null)
                continue;
            lock (strays)
            {
                if (!taken)
                    strays.Add(record);
                if (record is { Kind: RecordKind.Purged, Note: not null })
                    purges.Add(record.Id, record.Note, record.At);
            }
        }

        var before = Interlocked.Add(ref records, some.Length) - some.Length;
        if (before / 250_000 != (before + some.Length) / 250_000)
            progress?.Report(new VerificationProgress("records", before + some.Length));
    }
}
