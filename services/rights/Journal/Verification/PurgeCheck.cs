using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Retention;

namespace Cdr.Rights.Journal.Verification;

/// <summary>
/// What purges left, held against what each signed of itself. A signature alone would let whoever runs a purge hide any deletion: what went
/// must also have been old enough by its batch's signed instant and by the clocks, and be as many as was said.
/// </summary>
internal sealed class PurgeCheck(PurgePolicies policies)
{
    // Clocks of two machines.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private readonly Dictionary<(Guid Journal, long Batch), PurgedPlaces> places = [];
    private readonly Dictionary<Guid, (string Note, DateTimeOffset At)> notes = [];
    private readonly Dictionary<Guid, string> digests = [];

    public async Task<Dictionary<(Guid Journal, long Batch), PurgedPlaces>> ReadAsync(IJournalSource source, CancellationToken cancellationToken)
    {
        using var digest = new PurgeDigest();
        Guid? current = null;
        await foreach (var tombstone in source.TombstonesAsync(cancellationToken))
        {
            if (current is { } before && before != tombstone.Purge)
                digests[before] = digest.End();
            current = tombstone.Purge;
            digest.Add(tombstone);
            if (!places.TryGetValue((tombstone.Journal, tombstone.Batch), out var of))
                places[(tombstone.Journal, tombstone.Batch)] = of = new PurgedPlaces();
            of.Add(tombstone);
        }

        if (current is { } last)
            digests[last] = digest.End();
        return places;
    }

    /// <summary>What a « purged » record says.</summary>
    public void Add(Guid id, string note, DateTimeOffset at) => notes[id] = (note, at);

    /// <returns>The purges that say of themselves what they did.</returns>
    public List<PurgeSeen> End(DateTimeOffset now, List<Finding> findings)
    {
        List<PurgeSeen> seen = [];
        var taken = places.Values.SelectMany(of => of.Tombstones.Select(tombstone => (Purge: tombstone.Purge, Of: of, Count: of.CountOf(tombstone)))).ToLookup(one => one.Purge);
        foreach (var (id, digest) in digests)
        {
            if (!notes.TryGetValue(id, out var own))
                findings.Add(new Finding(FindingKind.PurgeChanged, Record: id, Detail: "no record of such a purge"));
            else if (PurgeNote.Read(own.Note) is not { } note || note.Digest != digest)
                findings.Add(new Finding(FindingKind.PurgeChanged, Record: id, Detail: "its tombstones are not those that it signed"));
            else if (Unfounded(note, own.At, now, [.. taken[id].Select(one => (one.Of.Signed, one.Count))]) is { } fault)
                findings.Add(new Finding(FindingKind.PurgeUnfounded, Record: id, Detail: fault));
            else
                seen.Add(new PurgeSeen(id, own.Note));
        }

        foreach (var (id, _) in notes.Where(note => !digests.ContainsKey(note.Key)))
            findings.Add(new Finding(FindingKind.PurgeChanged, Record: id, Detail: "its tombstones are gone"));
        return seen;
    }

    private string? Unfounded(PurgeNote note, DateTimeOffset at, DateTimeOffset now, List<(DateTimeOffset? Signed, long? Count)> batches)
    {
        if (at > now + Skew)
            return "it says that it ran in the future";
        if (policies.MonthsOf(note.Policy) is not { } months)
            return "no policy is called so";
        if (note.Until.Year > at.Year || note.Until.AddMonths(months) > at)
            return FormattableString.Invariant($"it took what was younger than {months} months");
        if (batches.Exists(batch => batch.Signed >= note.Until))
            return "it took from batches that were signed after the end that it says";
        // Batches that are missing or changed are told by themselves, and cannot be counted.
        return batches.TrueForAll(batch => batch.Count is not null) && batches.Sum(batch => batch.Count) != note.Records
            ? FormattableString.Invariant($"it says {note.Records} records and took {batches.Sum(batch => batch.Count)}")
            : null;
    }
}

/// <summary>What purges took of one batch.</summary>
internal sealed class PurgedPlaces
{
    private int? records;

    public bool Whole { get; private set; }

    public Dictionary<int, Hash256> Leaves { get; } = [];

    /// <value>By purge, with what the batch called what went.</value>
    public List<Tombstone> Tombstones { get; } = [];

    /// <value>When the batch was signed; null where it is missing, or not what was signed.</value>
    public DateTimeOffset? Signed { get; private set; }

    public void Add(Tombstone tombstone)
    {
        // Their hashes are in Leaves.
        Tombstones.Add(new Tombstone { Journal = tombstone.Journal, Batch = tombstone.Batch, Purge = tombstone.Purge, Positions = tombstone.Positions, Leaves = [], Ids = tombstone.Ids });
        Whole |= tombstone.Positions.Length == 0;
        for (var place = 0; place < tombstone.Positions.Length; place++)
        {
            if (tombstone.Leaves.Length >= (place + 1) * Hash256.Size)
                Leaves[tombstone.Positions[place]] = Hash256.From(tombstone.Leaves.AsSpan(place * Hash256.Size, Hash256.Size))!.Value;
        }
    }

    /// <summary>The batch, where it is what was signed.</summary>
    public void Is(JournalBatch batch) => (records, Signed) = (batch.Records, batch.At);

    /// <summary>How many records a tombstone stands for: without positions, all that others left.</summary>
    public long? CountOf(Tombstone tombstone) => tombstone.Positions.Length > 0 ? tombstone.Positions.Length : records - Tombstones.Sum(other => other.Positions.Length);
}
