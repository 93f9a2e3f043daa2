using System.Buffers;
using System.Numerics;
using Cdr.Rights.Journal.Proofs;

namespace Cdr.Rights.Journal.Verification;

/// <summary>One chain while it is verified.</summary>
internal sealed class ChainState(Guid journal)
{
    public Guid Journal => journal;

    public GrowingTree Tree { get; } = new();

    public Dictionary<long, BatchState> Batches { get; } = [];

    /// <value>Highest number seen.</value>
    public long Last { get; set; }

    /// <value>From here on its tree says nothing: a fault before it is told already.</value>
    public long FaultyFrom { get; set; } = long.MaxValue;

    /// <value>Numbers that are missing, first and last.</value>
    public List<(long First, long Last)> Holes { get; } = [];

    /// <value>Numbers whose rows are there and cannot be read: told already.</value>
    public HashSet<long> Unread { get; } = [];

    /// <summary>Whether nothing of a hole is missing.</summary>
    public bool IsUnread((long First, long Last) hole) => Unread.Count(batch => batch >= hole.First && batch <= hole.Last) == hole.Last - hole.First + 1;

    public bool IsHole(long batch) => Unread.Contains(batch) || Holes.Exists(hole => batch >= hole.First && batch <= hole.Last);
}

/// <summary>
/// One batch while its records come in, in any order. Ids are not kept: sums under a secret of this run are compared, and what differs is
/// read again.
/// </summary>
internal sealed class BatchState(int records, Hash256 root, ulong ids, bool isHeaderFaulty)
{
    private StoredRecord[]? slots;
    private ulong seenIds;
    private bool faulty;

    public int Records => records;

    public bool IsHeaderFaulty => isHeaderFaulty;

    /// <value>Positions that have a record, or what a purge left of it.</value>
    public int Filled { get; private set; }

    public bool IsDone { get; private set; }

    /// <value>One of the records that came is not what was written.</value>
    public bool HasChanged => faulty;

    public bool IsWhollyPurged { get; init; }

    /// <value>Positions whose record went by a purge, with its hash.</value>
    public IReadOnlyDictionary<int, Hash256> Purged { get; init; } = Nothing;

    public static readonly IReadOnlyDictionary<int, Hash256> Nothing = new Dictionary<int, Hash256>();

    /// <summary>Takes a record at its place; false when the place is taken, or there is none.</summary>
    public bool TryTake(in StoredRecord record, ulong secret)
    {
        if (IsDone || IsWhollyPurged || record.Position < 0 || record.Position >= records || Purged.ContainsKey(record.Position))
            return false;
        if (slots is null)
        {
            slots = ArrayPool<StoredRecord>.Shared.Rent(records);
            Array.Clear(slots, 0, records);
            Filled = Purged.Count;
        }

        ref var slot = ref slots[record.Position];
        if (slot.Batch != 0)
            return false;
        slot = record;
        seenIds += IdSum(record.Id, record.Position, secret);
        faulty |= !record.IsWhole;
        if (++Filled == records && !faulty && !isHeaderFaulty && seenIds == ids && Root(computed: true) == root)
            Close();
        return true;
    }

    /// <summary>All of it is as it was signed: its records are let go.</summary>
    public bool IsFine => IsDone || IsWhollyPurged || records == Purged.Count && slots is null;

    /// <summary>The record at a position; null when there is none.</summary>
    public StoredRecord? At(int position) => slots is not null && position >= 0 && position < records && slots[position].Batch != 0 ? slots[position] : null;

    public bool HasIts(Hash256 other) => root == other;

    /// <summary>The root over what is there; missing places make another one.</summary>
    public Hash256 Root(bool computed, int position = -1, Hash256 instead = default)
    {
        var leaves = ArrayPool<Hash256>.Shared.Rent(Math.Max(records, 1));
        for (var place = 0; place < records; place++)
        {
            var hash = place == position ? instead : Purged.TryGetValue(place, out var left) ? left : slots is null ? default : computed ? slots[place].Computed : slots[place].Stored;
            leaves[place] = HashTree.Leaf(hash);
        }

        var found = HashTree.Root(leaves.AsSpan(0, records));
        ArrayPool<Hash256>.Shared.Return(leaves);
        return found;
    }

    public static ulong IdSum(Guid id, int position, ulong secret)
    {
        Span<ulong> parts = stackalloc ulong[2];
        id.TryWriteBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(parts));
        var mixed = parts[0] * 0x9E3779B97F4A7C15 ^ BitOperations.RotateLeft(parts[1] + secret, 31) * 0xC2B2AE3D27D4EB4F ^ (ulong)(position + 1) * 0x165667B19E3779F9;
        mixed = (mixed ^ mixed >> 33) * 0xFF51AFD7ED558CCD;
        return mixed ^ mixed >> 29;
    }

    private void Close()
    {
        IsDone = true;
        ArrayPool<StoredRecord>.Shared.Return(slots!, clearArray: false);
        slots = null;
    }
}
