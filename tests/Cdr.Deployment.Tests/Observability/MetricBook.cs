using System.Text.RegularExpressions;

namespace Cdr.Deployment.Tests.Observability;

/// <summary>The metrics that there are, as Prometheus has them: docs/metrics.md, whose own table Cdr.Architecture.Tests hold against the code.</summary>
/// <param name="Own">The platform's, with their labels.</param>
/// <param name="Others">What others measure.</param>
internal sealed partial record MetricBook(IReadOnlyDictionary<string, IReadOnlySet<string>> Own, IReadOnlyDictionary<string, IReadOnlySet<string>> Others)
{
    // Of every series, by the way it comes.
    private static readonly HashSet<string> Everywhere = ["job", "instance", "le"];

    public static MetricBook Read(string document)
    {
        var own = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (Match row in OwnRows().Matches(document))
        {
            var tags = Tags(row.Groups["tags"].Value);
            foreach (var name in Names(row.Groups["name"].Value, row.Groups["unit"].Value, row.Groups["kind"].Value))
                own.Add(name, tags);
        }

        var others = OtherRows().Matches(document.Split("\n## ").Single(part => part.StartsWith("As Prometheus has them", StringComparison.Ordinal))).ToDictionary(row => row.Groups["name"].Value, IReadOnlySet<string> (row) => Tags(row.Groups["tags"].Value), StringComparer.Ordinal);
        return new MetricBook(own, others);
    }

    /// <summary>What is wrong with an expression's names; recorded ones are known by the caller.</summary>
    public IEnumerable<string> Faults(string expression, IReadOnlyDictionary<string, string> recorded)
    {
        var metrics = PromQl.Metrics(expression);
        HashSet<string> labels = [.. Everywhere];
        foreach (var metric in metrics)
        {
            if (recorded.TryGetValue(metric, out var source))
                labels.UnionWith(PromQl.Labels(source));
            else if (Own.TryGetValue(metric, out var tags) || Others.TryGetValue(metric, out tags))
                labels.UnionWith(tags);
            else
                yield return $"No such metric: {metric} in {expression}";
        }

        if (metrics.Count == 0)
            yield return $"No metric in {expression}";
        foreach (var label in PromQl.Labels(expression).Except(labels))
            yield return $"No such label: {label} in {expression}";
    }

    private static IEnumerable<string> Names(string name, string unit, string kind)
    {
        var plain = name.Replace('.', '_') + unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return kind switch
        {
            "counter" => [plain + "_total"],
            "histogram" => [plain + "_bucket", plain + "_count", plain + "_sum"],
            _ => [plain],
        };
    }

    private static HashSet<string> Tags(string cell) => [.. Quoted().Matches(cell).Select(tag => tag.Groups[1].Value.Replace('.', '_'))];

    [GeneratedRegex(@"^\| `(?<name>[a-z_.]+)` \| `(?<unit>[^`]+)` \| (?<kind>\w+) \| \w+ \|.*\|(?<tags>[^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex OwnRows();

    [GeneratedRegex(@"^\| `(?<name>[a-z_]+)` \| [^`|]+ \|(?<tags>[^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex OtherRows();

    [GeneratedRegex("`([a-z_.]+)`")]
    private static partial Regex Quoted();
}
