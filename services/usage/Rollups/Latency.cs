namespace Cdr.Usage.Rollups;

/// <summary>Durations as counts of sixteen ranges: they add up, whatever is merged, and percentiles come of the sum.</summary>
internal static class Latency
{
    public const int Buckets = 16;

    // Milliseconds, each included in its range; the last range has no end. 1,000 is one of them: it is the objective.
    private static readonly int[] Bounds = [5, 10, 20, 35, 50, 75, 100, 150, 250, 400, 650, 1000, 1600, 3000, 6000];

    /// <value>Of the ranges: up to how many milliseconds.</value>
    public static IReadOnlyList<string> Names { get; } = [.. Bounds.Select(bound => "ms_" + bound.ToString(System.Globalization.CultureInfo.InvariantCulture)), "ms_plus"];

    public static int Bucket(int milliseconds)
    {
        var found = Array.BinarySearch(Bounds, milliseconds);
        return found >= 0 ? found : ~found;
    }

    /// <summary>The duration that this part of them did not exceed, in proportion within its range; beyond 6 s it is 6,000. Null of nothing.</summary>
    public static int? Percentile(ReadOnlySpan<long> counts, double part)
    {
        var all = 0L;
        foreach (var count in counts)
            all += count;
        if (all == 0)
            return null;
        // The least of them is the first, not what lies before it.
        var rank = Math.Max(1, part * all);
        var before = 0L;
        for (var bucket = 0; bucket < Bounds.Length; bucket++)
        {
            if (counts[bucket] > 0 && before + counts[bucket] >= rank)
            {
                var low = bucket == 0 ? 0 : Bounds[bucket - 1];
                return (int)Math.Ceiling(low + (Bounds[bucket] - low) * ((rank - before) / counts[bucket]));
            }

            before += counts[bucket];
        }

        return Bounds[^1];
    }

    /// <summary>How many took no longer than a bound of the ranges.</summary>
    public static long UpTo(ReadOnlySpan<long> counts, int milliseconds)
    {
        var sum = 0L;
        for (var bucket = 0; bucket <= Bucket(milliseconds); bucket++)
            sum += counts[bucket];
        return sum;
    }
}
