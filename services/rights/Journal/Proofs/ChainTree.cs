using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal.Proofs;

/// <summary>The tree over one chain's batches, read from what is stored: whole parts from tiles, the rest from the batches.</summary>
internal sealed class ChainTree(RightsDb db, Guid journal)
{
    private readonly Dictionary<(int Level, long Group), Hash256[]> groups = [];

    /// <summary>The root of the chain's first <paramref name="size"/> batches.</summary>
    public Task<Hash256> RootAsync(long size, CancellationToken cancellationToken) => RangeAsync(0, size, cancellationToken);

    /// <summary>The path of a batch, by its place from 0, the lowest node first.</summary>
    public async Task<List<Hash256>> PathAsync(long place, long size, CancellationToken cancellationToken)
    {
        List<Hash256> path = [];
        var (from, until) = (0L, size);
        // From the root downwards: the half that the batch is not in.
        while (until - from > 1)
        {
            var middle = from + Half(until - from);
            if (place < middle)
            {
                path.Add(await RangeAsync(middle, until, cancellationToken));
                until = middle;
            }
            else
            {
                path.Add(await RangeAsync(from, middle, cancellationToken));
                from = middle;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>Writes the tiles that the chain's first <paramref name="size"/> batches complete and that are not there: new ones, and one that somebody removed.</summary>
    /// <exception cref="InvalidDataException">Batches of the chain are missing.</exception>
    public async Task CompleteAsync(long size, CancellationToken cancellationToken)
    {
        for (var (level, complete) = (1, size / TreeTile.Width); complete > 0; level++, complete /= TreeTile.Width)
        {
            foreach (var place in await MissingAsync(level, complete, cancellationToken))
            {
                var below = await GroupAsync(level - 1, place, cancellationToken);
                if (below.Length != TreeTile.Width)
                    throw Lacking();
                db.Tiles.Add(new TreeTile { Journal = journal, Level = level, Place = place, Hash = HashTree.Root([.. below]).ToArray() });
                groups.Remove((level, place / TreeTile.Width));
                if (place % TreeTile.Width == TreeTile.Width - 1)
                    await SaveAsync(cancellationToken);
            }

            await SaveAsync(cancellationToken);
        }
    }

    private async Task<IEnumerable<long>> MissingAsync(int level, long complete, CancellationToken cancellationToken)
    {
        var tiles = db.Tiles.Where(t => t.Journal == journal && t.Level == level && t.Place >= 0 && t.Place < complete);
        // As many as there ought to be up to the last one: nobody removed any.
        var next = await tiles.MaxAsync(t => (long?)t.Place, cancellationToken) + 1 ?? 0;
        if (await tiles.CountAsync(cancellationToken) == next)
            return Places(next, complete);
        var stored = await tiles.Select(t => t.Place).ToHashSetAsync(cancellationToken);
        return Places(0, complete).Where(place => !stored.Contains(place));
    }

    private static IEnumerable<long> Places(long from, long until)
    {
        for (var place = from; place < until; place++)
            yield return place;
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
        groups.Clear();
    }

    private async Task<Hash256> RangeAsync(long from, long until, CancellationToken cancellationToken)
    {
        var length = until - from;
        if (length == 1)
            return await StoredAsync(0, from, cancellationToken);
        for (var (level, width) = (1, (long)TreeTile.Width); width <= length; level++, width *= TreeTile.Width)
        {
            if (length == width && from % width == 0)
                return await StoredAsync(level, from / width, cancellationToken);
        }

        var middle = from + Half(length);
        return HashTree.Node(await RangeAsync(from, middle, cancellationToken), await RangeAsync(middle, until, cancellationToken));
    }

    private async Task<Hash256> StoredAsync(int level, long place, CancellationToken cancellationToken)
    {
        var group = await GroupAsync(level, place / TreeTile.Width, cancellationToken);
        return place % TreeTile.Width < group.Length ? group[place % TreeTile.Width] : throw Lacking();
    }

    private async Task<Hash256[]> GroupAsync(int level, long group, CancellationToken cancellationToken)
    {
        if (groups.TryGetValue((level, group), out var known))
            return known;
        var (first, last) = (group * TreeTile.Width, (group + 1) * TreeTile.Width - 1);
        // Batches count from 1, places from 0.
        var hashes = level == 0
            ? await db.Batches.Where(b => b.Journal == journal && b.Batch > first && b.Batch <= last + 1).OrderBy(b => b.Batch).Select(b => new { Place = b.Batch - 1, b.Hash }).ToListAsync(cancellationToken)
            : await db.Tiles.Where(t => t.Journal == journal && t.Level == level && t.Place >= first && t.Place <= last).OrderBy(t => t.Place).Select(t => new { t.Place, t.Hash }).ToListAsync(cancellationToken);
        // One that is gone must not let the next take its place.
        if (hashes.Index().Any(one => one.Item.Place != first + one.Index))
            throw Lacking();
        return groups[(level, group)] = [.. hashes.Select(one => level == 0 ? HashTree.Leaf(one.Hash) : Hash256.From(one.Hash) ?? default)];
    }

    private InvalidDataException Lacking() => new($"Chain {journal} lacks a part of its tree: verify the journal.");

    /// <summary>The largest power of two below a length.</summary>
    private static long Half(long length) => 1L << (int)(63 - long.LeadingZeroCount(length - 1));
}
