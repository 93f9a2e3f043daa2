using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Cdr.ServiceDefaults;

/// <summary>Boundaries of the platform's own histograms. The default ones are made for milliseconds: of an answer in seconds they tell « under five » and nothing else.</summary>
internal static class MetricViews
{
    /// <summary>One second is the promise on latency (docs/metrics.md): deploy/prometheus reads that boundary.</summary>
    public static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    /// <summary>Seventeen regimes at the most; records of a group commit by the hundred.</summary>
    public static readonly double[] Numbers = [0, 1, 2, 3, 4, 6, 8, 12, 17, 25, 50, 100, 250, 500, 1000];

    public static MetricStreamConfiguration? Of(Instrument instrument)
    {
        var isHistogram = instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Histogram<>);
        if (!isHistogram || !instrument.Meter.Name.StartsWith("Cdr.", StringComparison.Ordinal))
            return null;
        return new ExplicitBucketHistogramConfiguration { Boundaries = instrument.Unit == "s" ? Seconds : Numbers };
    }
}
