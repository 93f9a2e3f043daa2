using Cdr.Contracts.Usage;
using Cdr.Usage.Rollups;

namespace Cdr.Usage.Queries;

/// <summary>A sum, and the caller's own part of it.</summary>
internal sealed class Figure
{
    // Of fewer, others' consultations could be told from each other.
    private const int LeastShown = 5;

    private long own;
    private long ownWorking;
    private long[]? histogram;

    public long Consultations { get; private set; }

    public long Working { get; private set; }

    public void Add(RollupRow row, bool isOwn)
    {
        if (isOwn)
        {
            own += row.Consultations;
            ownWorking += row.Working;
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

    /// <summary>Others' consultations, which are told by their sum with the caller's own.</summary>
    public long Others => Consultations - own;

    /// <value>Masked because another one beside it is: the sum of all, less this one, would tell that one.</value>
    public bool IsWithheld { get; set; }

    /// <summary>Whoever knows their own could take them out: what is left of others must not be a few.</summary>
    public bool IsMasked(UsageQuestion question) => question.IsBeyond && (IsWithheld || IsFew(Others));

    public static bool IsFew(long others) => others is > 0 and < LeastShown;

    /// <summary>Others' on working days, and on the other days.</summary>
    public (long Working, long Idle) OthersByKind => (Working - ownWorking, Others - Working + ownWorking);

    /// <summary>
    /// Of values that add up to a sum that is shown: where what is masked is too little to hide each other, the least of the others is masked
    /// too, until it is not.
    /// </summary>
    public static void Withhold(UsageQuestion question, IEnumerable<Figure> values)
    {
        var shown = values.Where(value => value.Others > 0 && !value.IsMasked(question)).OrderBy(value => value.Others).ToList();
        var masked = values.Where(value => value.IsMasked(question)).ToList();
        var (count, sum) = (masked.Count, masked.Sum(value => value.Others));
        foreach (var next in shown)
        {
            if (count == 0 || count > 1 && sum >= LeastShown)
                return;
            next.IsWithheld = true;
            (count, sum) = (count + 1, sum + next.Others);
        }
    }

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
