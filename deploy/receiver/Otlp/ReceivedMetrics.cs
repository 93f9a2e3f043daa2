using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Cdr.Receiver.Otlp;

/// <summary>The newest value of each series, as the collector's exporter would write it for Prometheus: same names, same labels, same expiry.</summary>
public sealed class ReceivedMetrics(TimeProvider clock)
{
    // As deploy/otel-collector/config.yml: a process that is gone is gone for the alerts too.
    private static readonly TimeSpan Expiry = TimeSpan.FromSeconds(45);

    private readonly ConcurrentDictionary<string, (double Value, long At)> series = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> types = new(StringComparer.Ordinal);

    /// <summary>Whether such a series was told lately: its name, and the labels it must have among others.</summary>
    public bool Has(string name, params IEnumerable<(string Label, string Value)> labels) =>
        Live().Any(one => one.Key.StartsWith(name + "{", StringComparison.Ordinal) && labels.All(label => one.Key.Contains($"{label.Label}=\"{label.Value}\"", StringComparison.Ordinal)));

    /// <summary>All, in Prometheus' text format.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        foreach (var of in Live().GroupBy(one => Family(one.Key[..one.Key.IndexOf('{', StringComparison.Ordinal)])).OrderBy(of => of.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {of.Key} {types.GetValueOrDefault(of.Key, "untyped")}\n");
            foreach (var (name, value) in of.OrderBy(one => one.Key, StringComparer.Ordinal))
                text.Append(CultureInfo.InvariantCulture, $"{name} {Number(value.Value)}\n");
        }

        return text.ToString();
    }

    /// <summary>Takes an ExportMetricsServiceRequest (opentelemetry/proto/metrics/v1/metrics.proto) in.</summary>
    public void Take(ReadOnlyMemory<byte> request)
    {
        foreach (var resource in WireMessage.Read(request).Within(1))
        {
            var of = Attributes.Of(resource.Within(1).SingleOrDefault() ?? [], 1);
            var process = $"instance=\"{Escaped(of.GetValueOrDefault("service.instance.id", ""))}\",job=\"{Escaped(of.GetValueOrDefault("service.name", ""))}\"";
            foreach (var metric in resource.Within(2).SelectMany(scope => scope.Within(2)))
                TakeMetric(metric, process);
        }
    }

    private void TakeMetric(List<WireField> metric, string process)
    {
        var plain = metric.Of(1)!.Value.Text.Replace('.', '_') + metric.Of(3)?.Text switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        foreach (var gauge in metric.Within(5).SelectMany(data => data.Within(1)))
            Keep(plain, "gauge", Labels(gauge, 7, process), Value(gauge));
        foreach (var sum in metric.Within(7))
        {
            var isMonotonic = sum.Of(3) is { Value: 1 };
            // One « total », at the end: dotnet.gc.heap.total_allocated is ….heap_allocated_bytes_total.
            var name = isMonotonic ? string.Join('_', plain.Split('_').Where(word => word != "total").Append("total")) : plain;
            foreach (var point in sum.Within(1))
                Keep(name, isMonotonic ? "counter" : "gauge", Labels(point, 7, process), Value(point));
        }

        foreach (var point in metric.Within(9).SelectMany(histogram => histogram.Within(1)))
        {
            var labels = Labels(point, 9, process);
            types[plain] = "histogram";
            Keep(plain + "_count", null, labels, point.Of(4)?.Value ?? 0);
            Keep(plain + "_sum", null, labels, point.Of(5)?.Double ?? 0);
            var (counts, bounds, so) = (point.Fixed(6), point.Fixed(7), 0UL);
            for (var at = 0; at < counts.Length; at++)
            {
                so += counts[at];
                var bound = at < bounds.Length ? Number(BitConverter.UInt64BitsToDouble(bounds[at])) : "+Inf";
                Keep(plain + "_bucket", null, $"{labels},le=\"{bound}\"", so);
            }
        }
    }

    private void Keep(string name, string? type, string labels, double value)
    {
        if (type is not null)
            types[name] = type;
        series[$"{name}{{{labels}}}"] = (value, clock.GetTimestamp());
    }

    private IEnumerable<KeyValuePair<string, (double Value, long At)>> Live() => series.Where(one => clock.GetElapsedTime(one.Value.At) < Expiry);

    private string Family(string name)
    {
        foreach (var suffix in (string[])["_bucket", "_count", "_sum"])
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal) && types.GetValueOrDefault(name[..^suffix.Length]) == "histogram")
                return name[..^suffix.Length];
        }

        return name;
    }

    private static string Labels(List<WireField> point, int number, string process) =>
        string.Concat(Attributes.Of(point, number).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key.Replace('.', '_')}=\"{Escaped(one.Value)}\",")) + process;

    private static double Value(List<WireField> point) => point.Of(4) is { } real ? real.Double : unchecked((long)(point.Of(6)?.Value ?? 0));

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
