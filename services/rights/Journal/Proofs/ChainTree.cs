using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal.Proofs;

/// <summary>The tree over one chain's batches, read from what is stored: whole parts from tiles, the rest from the batches.</summary>
internal sealed class ChainTree(RightsDb db, Guid journal)
{
    // Of 256^7 batches and more there are none.
    private const int Levels = 7;

    // Two a level is what the longest chain needs. One that says that it is longer than there are batches is not searched for.
    private const int MostGroups = 16;

    private readonly Dictionary<(int Level, long Group), Hash256[]> groups = [];

    /// <summary>The root of the chain's first <paramref name="size"/> batches.</summary>
    public async Task<Hash256> RootAsync(long size, CancellationToken cancellationToken)
    {
        await ReadForAsync([(0, size)], cancellationToken);
        return Range(0, size);
    }

    /// <summary>The path of a batch, by its place from 0, the lowest node first.</summary>
    public async Task<List<Hash256>> PathAsync(long place, long size, CancellationToken cancellationToken)
    {
        List<(long From, long Until)> beside = [];
        var (from, until) = (0L, size);
        // From the root downwards: the half that the batch is not in.
        while (until - from > 1)
        {
            var middle = from + Half(until - from);
            beside.Add(place < middle ? (middle, until) : (from, middle));
            (from, until) = place < middle ? (from, middle) : (middle, until);
        }

        beside.Reverse();
        await ReadForAsync(beside, cancellationToken);
        return [.. beside.Select(range => Range(range.From, range.Until))];
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

    private Hash256 Range(long from, long until)
    {
        if (Whole(from, until - from) is var (level, place))
            return groups[(level, place / TreeTile.Width)] is var group && place % TreeTile.Width < group.Length ? group[place % TreeTile.Width] : throw Lacking();
        var middle = from + Half(until - from);
        return HashTree.Node(Range(from, middle), Range(middle, until));
    }

    /// <summary>Where a range is stored as one node; null where it is made of several.</summary>
    private static (int Level, long Place)? Whole(long from, long length)
    {
        for (var (level, width) = (0, 1L); level <= Levels && width <= length; level++, width *= TreeTile.Width)
        {
            if (length == width && from % width == 0)
                return (level, from / width);
        }

        return null;
    }

    private static IEnumerable<(int Level, long Group)> GroupsOf(long from, long until)
    {
        if (Whole(from, until - from) is var (level, place))
            return [(level, place / TreeTile.Width)];
        var middle = from + Half(until - from);
        return GroupsOf(from, middle).Concat(GroupsOf(middle, until));
    }

    private Task ReadForAsync(IEnumerable<(long From, long Until)> ranges, CancellationToken cancellationToken) =>
        ReadAsync([.. ranges.SelectMany(range => GroupsOf(range.From, range.Until)).Distinct().Where(group => !groups.ContainsKey(group)).Take(MostGroups + 1)], cancellationToken);

    /// <summary>All of them with one question to the store.</summary>
    private async Task ReadAsync(IReadOnlyList<(int Level, long Group)> wanted, CancellationToken cancellationToken)
    {
        if (wanted.Count == 0)
            return;
        if (wanted.Count > MostGroups)
            throw Lacking();
        var nodes = (await wanted.Select(group => Stored(group.Level, group.Group)).Aggregate((all, more) => all.Concat(more)).ToListAsync(cancellationToken)).ToLookup(node => (node.Level, node.Place / TreeTile.Width));
        foreach (var (level, group) in wanted)
        {
            Node[] part = [.. nodes[(level, group)].OrderBy(node => node.Place)];
            // One that is gone must not let the next take its place.
            if (part.Index().Any(one => one.Item.Place != group * TreeTile.Width + one.Index))
                throw Lacking();
            groups[(level, group)] = [.. part.Select(node => Hash256.From(node.Hash) is { } hash ? level == 0 ? HashTree.Leaf(hash) : hash : throw Lacking())];
        }
    }

    /// <summary>Batches count from 1, places from 0.</summary>
    private IQueryable<Node> Stored(int level, long group)
    {
        var (first, last) = (group * TreeTile.Width, (group + 1) * TreeTile.Width - 1);
        return level == 0
            ? db.Batches.Where(b => b.Journal == journal && b.Batch > first && b.Batch <= last + 1).Select(b => new Node { Level = 0, Place = b.Batch - 1, Hash = b.Hash })
            : db.Tiles.Where(t => t.Journal == journal && t.Level == level && t.Place >= first && t.Place <= last).Select(t => new Node { Level = t.Level, Place = t.Place, Hash = t.Hash });
    }

    private async Task<Hash256[]> GroupAsync(int level, long group, CancellationToken cancellationToken)
    {
        if (!groups.ContainsKey((level, group)))
            await ReadAsync([(level, group)], cancellationToken);
        return groups[(level, group)];
    }

    private InvalidDataException Lacking() => new($"Chain {journal} lacks a part of its tree: verify the journal.");

    /// <summary>The largest power of two below a length.</summary>
    private static long Half(long length) => 1L << (int)(63 - long.LeadingZeroCount(length - 1));

    private sealed class Node
    {
        public required int Level { get; init; }

        public required long Place { get; init; }

        public required byte[] Hash { get; init; }
    }
}
