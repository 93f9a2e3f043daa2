using Cdr.Usage.Rollups;

namespace Cdr.Usage.Queries;

/// <summary>Of a window: how many there were, and how many kept each promise.</summary>
internal readonly record struct ObjectiveSums(long All, long WithinOneSecond, long Complete, long Cached)
{
    public static ObjectiveSums operator +(ObjectiveSums one, ObjectiveSums other) =>
        new(one.All + other.All, one.WithinOneSecond + other.WithinOneSecond, one.Complete + other.Complete, one.Cached + other.Cached);

    public static ObjectiveSums Of(IEnumerable<RollupRow> byOutcomeAndSource)
    {
        var sums = default(ObjectiveSums);
        foreach (var row in byOutcomeAndSource)
        {
            sums = new ObjectiveSums(
                sums.All + row.Consultations,
                sums.WithinOneSecond + Latency.UpTo(row.Histogram, 1000),
                sums.Complete + (row.Keys[0] == "incomplete" ? 0 : row.Consultations),
                sums.Cached + (row.Keys[1] == "cached" ? row.Consultations : 0));
        }

        return sums;
    }
}
