using System.Security.Cryptography;

namespace Cdr.Rights.Journal.Proofs;

/// <summary>Merkle trees of RFC 6962: leaves and nodes are hashed with different prefixes, so that a node is never taken for a leaf.</summary>
internal static class HashTree
{
    public static Hash256 Leaf(ReadOnlySpan<byte> value)
    {
        Span<byte> joined = stackalloc byte[1 + Hash256.Size];
        joined[0] = 0;
        value.CopyTo(joined[1..]);
        return Hash(joined);
    }

    public static Hash256 Leaf(Hash256 value) => Leaf(Hash256.Bytes(ref value));

    public static Hash256 Node(Hash256 left, Hash256 right)
    {
        Span<byte> joined = stackalloc byte[1 + 2 * Hash256.Size];
        joined[0] = 1;
        Hash256.Bytes(ref left).CopyTo(joined[1..]);
        Hash256.Bytes(ref right).CopyTo(joined[(1 + Hash256.Size)..]);
        return Hash(joined);
    }

    /// <summary>The root over leaves' hashes. Works in place: the span is spent.</summary>
    public static Hash256 Root(Span<Hash256> leaves)
    {
        if (leaves.IsEmpty)
            return Hash([]);
        // Pairs, level by level; one that has no partner goes up as it is: the same tree as by halves.
        while (leaves.Length > 1)
        {
            var pairs = leaves.Length / 2;
            for (var place = 0; place < pairs; place++)
                leaves[place] = Node(leaves[2 * place], leaves[2 * place + 1]);
            if (leaves.Length % 2 == 1)
                leaves[pairs++] = leaves[^1];
            leaves = leaves[..pairs];
        }

        return leaves[0];
    }

    /// <summary>The nodes beside the way from a leaf to the root, the lowest first. Spends the span.</summary>
    public static List<Hash256> Path(Span<Hash256> leaves, int place)
    {
        List<Hash256> path = [];
        while (leaves.Length > 1)
        {
            var beside = place ^ 1;
            if (beside < leaves.Length)
                path.Add(leaves[beside]);
            var pairs = leaves.Length / 2;
            for (var pair = 0; pair < pairs; pair++)
                leaves[pair] = Node(leaves[2 * pair], leaves[2 * pair + 1]);
            if (leaves.Length % 2 == 1)
                leaves[pairs++] = leaves[^1];
            leaves = leaves[..pairs];
            place /= 2;
        }

        return path;
    }

    /// <summary>The root that a leaf and its path lead to; null where no tree of this size has such a path.</summary>
    public static Hash256? RootOf(Hash256 leaf, long place, long size, IReadOnlyList<Hash256> path)
    {
        if (place < 0 || place >= size)
            return null;
        var (root, next, last) = (leaf, 0, size - 1);
        for (; last > 0; place /= 2, last /= 2)
        {
            // The last one of an odd level has nobody beside it.
            if (place % 2 == 0 && place == last)
                continue;
            if (next == path.Count)
                return null;
            root = place % 2 == 0 ? Node(root, path[next++]) : Node(path[next++], root);
        }

        return next == path.Count ? root : null;
    }

    private static Hash256 Hash(ReadOnlySpan<byte> joined)
    {
        var hash = default(Hash256);
        SHA256.HashData(joined, Hash256.Bytes(ref hash));
        return hash;
    }
}
