using System.Text.RegularExpressions;

namespace Cdr.Architecture.Tests.Rules;

/// <summary>Instruments as the sources make them, and as the table of docs/metrics.md tells them.</summary>
internal static partial class MetricRules
{
    /// <summary>« name unit kind owner » of each.</summary>
    public static IEnumerable<string> Instruments(Tree tree) => tree.Sources("services/", "shared/", "deploy/").SelectMany(file => Calls().Matches(file.Value).Select(call =>
    {
        var (kind, rest) = (call.Groups["kind"].Value, file.Value[(call.Index + call.Length)..]);
        var named = Named().Match(rest[..(rest.IndexOf(';', StringComparison.Ordinal) is var end and >= 0 ? end : rest.Length)]);
        return named.Success ? $"{named.Groups["name"].Value} {named.Groups["unit"].Value} {Kind(kind)} {Owner(file.Key)}" : $"{file.Key} has an instrument without a name or a unit";
    }));

    public static IEnumerable<string> TheTableIsTheCode(Tree tree, string document)
    {
        var made = Instruments(tree).ToHashSet(StringComparer.Ordinal);
        var told = Rows().Matches(document).Select(row => $"{row.Groups["name"].Value} {row.Groups["unit"].Value} {row.Groups["kind"].Value} {row.Groups["owner"].Value}").ToHashSet(StringComparer.Ordinal);
        return made.Except(told).Select(one => "Not in docs/metrics.md: " + one).Concat(told.Except(made).Select(one => "Not in the code: " + one));
    }

    private static string Kind(string method) => method switch
    {
        "ObservableGauge" or "Gauge" => "gauge",
        "ObservableCounter" => "counter",
        _ => char.ToLowerInvariant(method[0]) + method[1..],
    };

    private static string Owner(string path)
    {
        // What every host measures is measured once.
        if (path.StartsWith("shared/", StringComparison.Ordinal))
            return "All";
        var folder = path.Split('/')[1];
        return char.ToUpperInvariant(folder[0]) + folder[1..];
    }

    [GeneratedRegex(@"\.Create(?<kind>Counter|Histogram|UpDownCounter|Gauge|ObservableGauge|ObservableCounter|ObservableUpDownCounter)\s*(<\w+>)?\(")]
    private static partial Regex Calls();

    [GeneratedRegex("""^\s*"(?<name>cdr\.[a-z_.]+)",.*?"(?<unit>s|By|1|\{[a-z]+\})"[,)]""", RegexOptions.Singleline)]
    private static partial Regex Named();

    [GeneratedRegex(@"^\| `(?<name>[a-z_.]+)` \| `(?<unit>[^`]+)` \| (?<kind>\w+) \| (?<owner>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
