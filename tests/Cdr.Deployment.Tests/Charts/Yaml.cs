using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Cdr.Deployment.Tests.Charts;

/// <summary>YAML as maps, lists, texts, whole numbers and truths.</summary>
internal static class Yaml
{
    public static Dictionary<string, object?> Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (Dictionary<string, object?>)Of(stream.Documents.Single().RootNode)!;
    }

    /// <summary>The second over the first, as Helm lays values over the chart's: maps are merged, all else is replaced.</summary>
    public static Dictionary<string, object?> Merge(Dictionary<string, object?> under, Dictionary<string, object?> over)
    {
        var merged = new Dictionary<string, object?>(under, StringComparer.Ordinal);
        foreach (var (key, value) in over)
            merged[key] = value is Dictionary<string, object?> map && under.GetValueOrDefault(key) is Dictionary<string, object?> below ? Merge(below, map) : value;
        return merged;
    }

    private static object? Of(YamlNode node) => node switch
    {
        YamlMappingNode map => map.Children.ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => Of(pair.Value), StringComparer.Ordinal),
        YamlSequenceNode list => list.Children.Select(Of).ToList(),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? ""),
        YamlScalarNode scalar => scalar.Value,
        _ => throw new InvalidOperationException("YAML that is none of it."),
    };

    private static object? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        // As Helm has them: a number that is read from YAML is no integer of a template's.
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => (double)number,
        _ => text,
    };
}
