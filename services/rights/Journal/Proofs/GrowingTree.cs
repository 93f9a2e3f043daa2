namespace Cdr.Rights.Journal.Proofs;

/// <summary>The tree over a chain's batches while it grows: its complete parts, the largest first.</summary>
internal sealed class GrowingTree
{
    private readonly List<(int Level, Hash256 Hash)> peaks = [];

    /// <value>Leaves so far.</value>
    public long Size { get; private set; }

    /// <summary>One more leaf, by its hash.</summary>
    /// <returns>The tiles that it completed: level and hash.</returns>
    public void Add(Hash256 leaf, Action<int, long, Hash256>? tile = null)
    {
        var (level, hash) = (0, leaf);
        while (peaks.Count > 0 && peaks[^1].Level == level)
        {
            hash = HashTree.Node(peaks[^1].Hash, hash);
            peaks.RemoveAt(peaks.Count - 1);
            level++;
            if (level % TreeTile.Bits == 0)
                tile?.Invoke(level / TreeTile.Bits, Size >> level, hash);
        }

        peaks.Add((level, hash));
        Size++;
    }

    public Hash256 Root
    {
        get
        {
            if (peaks.Count == 0)
                return HashTree.Root([]);
            var root = peaks[^1].Hash;
            for (var place = peaks.Count - 2; place >= 0; place--)
                root = HashTree.Node(peaks[place].Hash, root);
            return root;
        }
    }
}
