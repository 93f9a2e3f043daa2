using Cdr.Usage.Counting;

namespace Cdr.Usage.Rollups;

/// <summary>Rows of a table in the order of its key: two transactions that raise the same counts in two orders would wait for each other for ever.</summary>
internal sealed class RollupRows
{
    // Cell above period: one number sorts as both.
    private readonly long[] keys;
    private readonly int[] places;
    private readonly SumTable sums;

    private RollupRows(SumTable sums, List<(long Key, int Place)> rows)
    {
        this.sums = sums;
        keys = [.. rows.Select(row => row.Key)];
        places = [.. rows.Select(row => row.Place)];
        Array.Sort(keys, places);
    }

    public int Count => keys.Length;

    /// <param name="tally">What is added.</param>
    /// <param name="table">Which.</param>
    /// <param name="ids">The numbers of the tally's cells.</param>
    /// <param name="isNew">Whether no row of that period is in the table; null: nothing is known.</param>
    /// <returns>Rows that cannot be there yet, and those that may.</returns>
    public static (RollupRows New, RollupRows Others) Of(Tally tally, RollupTable table, int[] ids, Func<int, bool>? isNew)
    {
        var sums = tally.Sums(table);
        List<(long, int)> added = [], others = new(isNew is null ? sums.Count : 0);
        foreach (var (cell, period, place) in sums.Rows)
            (isNew?.Invoke(period) == true ? added : others).Add((((long)ids[cell] << 32) | (uint)period, place));
        return (new RollupRows(sums, added), new RollupRows(sums, others));
    }

    public int Cell(int row) => (int)(keys[row] >> 32);

    public int Period(int row) => (int)keys[row];

    public ref readonly Sum Sum(int row) => ref sums[places[row]];
}
