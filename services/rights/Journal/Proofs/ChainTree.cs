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

    /// <summary>Writes the tiles that the chain's first <paramref name="size"/> batches complete and that are not there yet.</summary>
    public async Task CompleteAsync(long size, CancellationToken cancellationToken)
    {
        for (var (level, complete) = (1, size / TreeTile.Width); complete > 0; level++, complete /= TreeTile.Width)
        {
            var made = await db.Tiles.Where(t => t.Journal == journal && t.Level == level).MaxAsync(t => (long?)t.Place, cancellationToken) + 1 ?? 0;
            for (; made < complete; made++)
            {
                var hash = HashTree.Root([.. await GroupAsync(level - 1, made, cancellationToken)]);
                db.Tiles.Add(new TreeTile { Journal = journal, Level = level, Place = made, Hash = hash.ToArray() });
                groups.Remove((level, made / TreeTile.Width));
                if (made % TreeTile.Width == TreeTile.Width - 1)
                    await SaveAsync(cancellationToken);
            }

            await SaveAsync(cancellationToken);
        }
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
        return place % TreeTile.Width < group.Length ? group[place % TreeTile.Width] : throw new InvalidDataException($"Chain {journal} lacks a part of its tree.");
    }

    private async Task<Hash256[]> GroupAsync(int level, long group, CancellationToken cancellationToken)
    {
        if (groups.TryGetValue((level, group), out var known))
            return known;
        var (first, last) = (group * TreeTile.Width, (group + 1) * TreeTile.Width - 1);
        // Batches count from 1, places from 0.
        var hashes = level == 0
            ? await db.Batches.Where(b => b.Journal == journal && b.Batch > first && b.Batch <= last + 1).OrderBy(b => b.Batch).Select(b => b.Hash).ToListAsync(cancellationToken)
            : await db.Tiles.Where(t => t.Journal == journal && t.Level == level && t.Place >= first && t.Place <= last).OrderBy(t => t.Place).Select(t => t.Hash).ToListAsync(cancellationToken);
        return groups[(level, group)] = [.. hashes.Select(hash => level == 0 ? HashTree.Leaf(hash) : Hash256.From(hash) ?? default)];
    }

    /// <summary>The largest power of two below a length.</summary>
    private static long Half(long length) => 1L << (int)(63 - long.LeadingZeroCount(length - 1));
}
