using Cdr.Contracts.Usage;
using Cdr.Usage.Rollups;

namespace Cdr.Usage.Queries;

/// <summary>A sum, and the caller's own part of it.</summary>
internal sealed class Figure
{
    // Of fewer, others' consultations could be told from each other.
    private const int LeastShown = 5;

    private long own;
    private long[]? histogram;

    public long Consultations { get; private set; }

    public long Working { get; private set; }

    public void Add(RollupRow row, bool isOwn)
    {
        if (isOwn)
        {
            own += row.Consultations;
            return;
        }

        Consultations += row.Consultations;
        Working += row.Working;
        if (row.Histogram is null)
            return;
        histogram ??= new long[Latency.Buckets];
        for (var bucket = 0; bucket < Latency.Buckets; bucket++)
            histogram[bucket] += row.Histogram[bucket];
    }

    /// <summary>Whoever knows their own could take them out: what is left of others must not be a few.</summary>
    public bool IsMasked(UsageQuestion question) => question.IsBeyond && Consultations - own is > 0 and < LeastShown;

    public UsageLatency? LatencyOf(UsageQuestion question)
    {
        if (histogram is null || Consultations == 0 || IsMasked(question))
            return null;
        return new UsageLatency(
            Latency.Percentile(histogram, 0.5)!.Value, Latency.Percentile(histogram, 0.95)!.Value, Latency.Percentile(histogram, 0.99)!.Value,
            Math.Round((double)Latency.UpTo(histogram, 1000) / Consultations, 4));
    }

    /// <summary>Beside the same of earlier periods; null: not asked for, or not known any more.</summary>
    public static UsageCount Count(UsageQuestion question, Figure? now, Figure? previous, Figure? year, bool knowsPrevious, bool knowsYear)
    {
        var isMasked = false;
        return new UsageCount(Shown(now), knowsPrevious ? Shown(previous) : null, knowsYear ? Shown(year) : null, isMasked);

        long? Shown(Figure? figure)
        {
            if (figure?.IsMasked(question) != true)
                return figure?.Consultations ?? 0;
            isMasked = true;
            return null;
        }
    }
}
