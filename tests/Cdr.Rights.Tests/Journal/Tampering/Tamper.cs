using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Proofs;
using Cdr.Rights.Journal.Verification;

namespace Cdr.Rights.Tests.Journal.Tampering;

/// <summary>One thing that somebody did to a journal, and how a finding that locates it looks.</summary>
/// <param name="What">In words.</param>
/// <param name="Located">Every place that was touched: each must be named by a finding.</param>
/// <param name="Chains">The chains that may be named.</param>
internal sealed record Tamper(string What, IReadOnlyList<Func<Finding, bool>> Located, IReadOnlySet<Guid> Chains)
{
    private static readonly string[] Payloads = [nameof(JournalRecord.Payload), nameof(JournalRecord.PayloadHash)];

    /// <summary>Does one at random.</summary>
    public static Tamper Do(JournalImage image, Random random)
    {
        while (true)
        {
            var done = random.Next(4) switch
            {
                0 => Edit(image, random),
                1 => Delete(image, random),
                2 => Swap(image, random),
                _ => Truncate(image, random),
            };
            if (done is not null)
                return done;
        }
    }

    /// <summary>Edits or deletes a part of a chain's tree.</summary>
    public static Tamper DoTile(JournalImage image, Random random)
    {
        while (true)
        {
            var done = random.Next(3) > 0 ? Edit(Pick(image.Tiles, random), random, image, OfTile) : DeleteTile(image, random);
            if (done is not null)
                return done;
        }
    }

    private static Tamper DeleteTile(JournalImage image, Random random)
    {
        var tile = Take(image.Tiles, random);
        return new Tamper("a tile deleted", [OfTile(tile)], Named([tile.Journal]));
    }

    private static Tamper? Edit(JournalImage image, Random random) => random.Next(10) switch
    {
        < 5 => Edit(Pick(image.Records, random), random, image, OfRecord),
        < 8 => Edit(Pick(image.Batches, random), random, image, OfBatch),
        8 => random.Next(2) == 0
            ? Edit(Pick(image.Checkpoints, random), random, image, c => OfId(c.Id))
            : Edit(Pick(image.Heads, random), random, image, h => OfId(h.Checkpoint)),
        _ => Edit(Pick(image.Tombstones, random), random, image, t => OfId(t.Purge)),
    };

    private static Tamper? Edit<T>(T row, Random random, JournalImage image, Func<T, Func<Finding, bool>> located)
        where T : class
    {
        var column = Pick(Row.Columns(typeof(T)), random);
        var (before, found, chain) = (Row.Get(row, column), located(row), ChainOf(row));
        Row.Set(row, column, Row.Another(random, before, typeof(T).GetProperty(column)!.PropertyType));
        return IsStorable(image)
            ? new Tamper($"{typeof(T).Name}.{column} edited", [found], Named([chain, ChainOf(row)]))
            : Undo(() => Row.Set(row, column, before));
    }

    private static Tamper Delete(JournalImage image, Random random)
    {
        switch (random.Next(8))
        {
            case < 4:
                var record = Take(image.Records, random);
                return new Tamper("a record deleted", [OfRecord(record)], Named([record.Journal]));
            case 4:
                var batch = Take(image.Batches, random);
                return new Tamper("a batch deleted", [OfBatch(batch)], Named([batch.Journal]));
            case 5:
                var whole = Take(image.Batches, random);
                image.Records.RemoveAll(r => r.Journal == whole.Journal && r.Batch == whole.Batch);
                return new Tamper("a batch and its records deleted", [OfBatch(whole)], Named([whole.Journal]));
            case 6:
                var writer = Take(image.Writers, random);
                return new Tamper("a writer deleted", [f => f.Journal == writer.Journal], Named([writer.Journal]));
            default:
                if (random.Next(2) == 0)
                {
                    var tombstone = Take(image.Tombstones, random);
                    return new Tamper("a tombstone deleted", [OfId(tombstone.Purge), f => f.Journal == tombstone.Journal && f.Batch == tombstone.Batch], Named([tombstone.Journal]));
                }

                var checkpoint = Take(image.Checkpoints, random);
                return new Tamper("a checkpoint deleted", [OfId(checkpoint.Id)], Named([]));
        }
    }

    private static Tamper? Swap(JournalImage image, Random random)
    {
        if (random.Next(3) == 0)
        {
            var (left, right) = (Pick(image.Batches, random), Pick(image.Batches, random));
            string[] columns = random.Next(3) switch { 0 => ["Batch"], 1 => ["Journal", "Batch"], _ => [Pick(Row.Columns(typeof(JournalBatch)), random)] };
            return Swap(image, left, right, columns, OfBatch);
        }

        var (one, other) = (Pick(image.Records, random), Pick(image.Records, random));
        string[] swapped = random.Next(3) switch { 0 => ["Journal", "Batch", "Position"], 1 => Payloads, _ => [Pick(Row.Columns(typeof(JournalRecord)), random)] };
        return Swap(image, one, other, swapped, OfRecord);
    }

    private static Tamper? Swap<T>(JournalImage image, T one, T other, string[] columns, Func<T, Func<Finding, bool>> located)
        where T : class
    {
        if (columns.All(column => IsSame(Row.Get(one, column), Row.Get(other, column))))
            return null;
        Func<Finding, bool>[] found = [located(one), located(other)];
        var chains = Named([ChainOf(one), ChainOf(other)]);
        void Exchange() => Array.ForEach(columns, column =>
        {
            var kept = Row.Get(one, column);
            Row.Set(one, column, Row.Get(other, column));
            Row.Set(other, column, kept);
        });
        Exchange();
        return IsStorable(image) ? new Tamper($"{string.Join('+', columns)} of two {typeof(T).Name}s swapped", found, chains) : Undo(Exchange);
    }

    private static Tamper Truncate(JournalImage image, Random random)
    {
        var journal = Pick(image.Batches, random).Journal;
        var from = image.Batches.Where(b => b.Journal == journal).Max(b => b.Batch) - random.Next(3);
        image.Batches.RemoveAll(b => b.Journal == journal && b.Batch >= from);
        image.Records.RemoveAll(r => r.Journal == journal && r.Batch >= from);
        image.Tombstones.RemoveAll(t => t.Journal == journal && t.Batch >= from);
        // Whoever is careful removes what saw it as well: the anchor lies elsewhere.
        if (random.Next(2) == 0)
        {
            var seen = image.Heads.Where(h => h.Journal == journal && h.Size >= from).Select(h => h.Checkpoint).ToHashSet();
            image.Heads.RemoveAll(h => seen.Contains(h.Checkpoint));
            image.Checkpoints.RemoveAll(c => seen.Contains(c.Id));
        }

        if (!image.Batches.Exists(b => b.Journal == journal))
            image.Writers.RemoveAll(w => w.Journal == journal);
        return new Tamper("a chain truncated", [f => f.Kind == FindingKind.ChainTruncated && f.Journal == journal && f.Batch == Math.Max(from, 1)], Named([journal]));
    }

    private static Func<Finding, bool> OfRecord(JournalRecord record)
    {
        var (id, journal, batch, position) = (record.Id, record.Journal, record.Batch, record.Position);
        return f => f.Journal == journal && f.Batch == batch && f.Position == position && f.Record == id;
    }

    private static Func<Finding, bool> OfBatch(JournalBatch batch)
    {
        var (journal, number) = (batch.Journal, batch.Batch);
        return f => f.Journal == journal && f.Batch <= number && (f.Last ?? f.Batch) >= number;
    }

    private static Func<Finding, bool> OfTile(TreeTile tile)
    {
        var (journal, first, last) = (tile.Journal, (tile.Place << (TreeTile.Bits * tile.Level)) + 1, (tile.Place + 1) << (TreeTile.Bits * tile.Level));
        return f => f.Kind is FindingKind.TileMissing or FindingKind.TileChanged && f.Journal == journal && f.Batch == first && f.Last == last;
    }

    private static Func<Finding, bool> OfId(Guid id) => f => f.Record == id;

    /// <summary>Keys hold in the store, whatever somebody does.</summary>
    private static bool IsStorable(JournalImage image) =>
        image.Records.DistinctBy(r => r.Id).Count() == image.Records.Count
        && image.Batches.DistinctBy(b => (b.Journal, b.Batch)).Count() == image.Batches.Count
        && image.Heads.DistinctBy(h => (h.Journal, h.Size, h.Checkpoint)).Count() == image.Heads.Count
        && image.Tiles.DistinctBy(t => (t.Journal, t.Level, t.Place)).Count() == image.Tiles.Count
        && image.Checkpoints.DistinctBy(c => c.Id).Count() == image.Checkpoints.Count;

    private static Guid? ChainOf(object row) => row is JournalCheckpoint ? null : (Guid?)Row.Get(row, "Journal");

    private static HashSet<Guid> Named(IEnumerable<Guid?> chains) => [.. chains.OfType<Guid>()];

    private static Tamper? Undo(Action undo)
    {
        undo();
        return null;
    }

    private static bool IsSame(object? one, object? other) =>
        one is Array left && other is Array right ? left.Cast<object>().SequenceEqual(right.Cast<object>()) : Equals(one, other);

    private static T Pick<T>(IReadOnlyList<T> rows, Random random) => rows[random.Next(rows.Count)];

    private static T Take<T>(List<T> rows, Random random)
    {
        var taken = Pick(rows, random);
        rows.Remove(taken);
        return taken;
    }
}
