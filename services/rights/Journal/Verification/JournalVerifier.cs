using System.Security.Cryptography;
using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Retention;

namespace Cdr.Rights.Journal.Verification;

/// <summary>
/// Reads a journal from end to end and says where it is not what was written: every record is hashed again, every batch, link and
/// signature checked, every chain held against the checkpoints of the store and those kept elsewhere.
/// </summary>
internal sealed class JournalVerifier(IJournalSource source, VerificationKeys keys, IProgress<VerificationProgress>? progress = null)
{
    private readonly Dictionary<Guid, ChainState> chains = [];
    private readonly List<Finding> findings = [];
    private readonly List<StoredRecord> strays = [];
    private readonly Dictionary<Guid, string> purgeNotes = [];
    private readonly Dictionary<Guid, string> purgeDigests = [];
    private readonly ulong secret = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    private long records;

    public async Task<VerificationReport> VerifyAsync(IReadOnlyList<Anchor> anchors, CancellationToken cancellationToken)
    {
        var writers = await source.WritersAsync(cancellationToken);
        var purged = await ReadPurgesAsync(cancellationToken);
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
        var purges = CheckPurges();
        return new VerificationReport(chains.Count, batches, records, checkpoints.Count, purges, [.. findings]);
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
                    purgeNotes[record.Id] = record.Note;
            }
        }

        var before = Interlocked.Add(ref records, some.Length) - some.Length;
        if (before / 250_000 != (before + some.Length) / 250_000)
            progress?.Report(new VerificationProgress("records", before + some.Length));
    }

    private async Task<Dictionary<(Guid Journal, long Batch), PurgedPlaces>> ReadPurgesAsync(CancellationToken cancellationToken)
    {
        Dictionary<(Guid, long), PurgedPlaces> purged = [];
        PurgeDigest? digest = null;
        var current = Guid.Empty;
        await foreach (var tombstone in source.TombstonesAsync(cancellationToken))
        {
            if (digest is null || tombstone.Purge != current)
            {
                if (digest is not null)
                    purgeDigests[current] = digest.End();
                digest?.Dispose();
                (digest, current) = (new PurgeDigest(), tombstone.Purge);
            }

            digest.Add(tombstone);
            if (!purged.TryGetValue((tombstone.Journal, tombstone.Batch), out var places))
                purged[(tombstone.Journal, tombstone.Batch)] = places = new PurgedPlaces();
            places.Add(tombstone);
        }

        if (digest is not null)
            purgeDigests[current] = digest.End();
        digest?.Dispose();
        return purged;
    }

    /// <summary>Tombstones that no signed record vouches for would hide a deletion.</summary>
    private List<PurgeSeen> CheckPurges()
    {
        List<PurgeSeen> seen = [];
        foreach (var (id, digest) in purgeDigests)
        {
            if (purgeNotes.TryGetValue(id, out var note) && PurgeNote.DigestOf(note) == digest)
                seen.Add(new PurgeSeen(id, note));
            else
                findings.Add(new Finding(FindingKind.PurgeChanged, Record: id, Detail: note is null ? "no record of such a purge" : "its tombstones are not those that it signed"));
        }

        foreach (var (id, _) in purgeNotes.Where(note => !purgeDigests.ContainsKey(note.Key)))
            findings.Add(new Finding(FindingKind.PurgeChanged, Record: id, Detail: "its tombstones are gone"));
        return seen;
    }
}

/// <summary>What purges took of one batch.</summary>
internal sealed class PurgedPlaces
{
    public bool Whole { get; private set; }

    public Dictionary<int, Hash256> Leaves { get; } = [];

    /// <value>What the batch called them, by their positions.</value>
    public List<(int[] Positions, byte[] Ids)> Names { get; } = [];

    public void Add(Tombstone tombstone)
    {
        Names.Add((tombstone.Positions, tombstone.Ids));
        Whole |= tombstone.Positions.Length == 0;
        for (var place = 0; place < tombstone.Positions.Length; place++)
        {
            if (tombstone.Leaves.Length >= (place + 1) * Hash256.Size)
                Leaves[tombstone.Positions[place]] = Hash256.From(tombstone.Leaves.AsSpan(place * Hash256.Size, Hash256.Size))!.Value;
        }
    }
}
