using YamlDotNet.Serialization;

namespace Cdr.Deployment.Tests.Observability;

/// <summary>One rule: an alert, or a recorded expression.</summary>
internal sealed class Rule
{
    public string? Alert { get; set; }

    public string? Record { get; set; }

    public string Expr { get; set; } = "";

    public string? For { get; set; }

    public Dictionary<string, string> Labels { get; set; } = [];

    public Dictionary<string, string> Annotations { get; set; } = [];
}

/// <summary>What a file of rules holds, and a PrometheusRule too.</summary>
internal sealed class RuleFile
{
    public List<RuleGroup> Groups { get; set; } = [];

    public static RuleFile Read(string text) =>
        new DeserializerBuilder().WithNamingConvention(YamlDotNet.Serialization.NamingConventions.CamelCaseNamingConvention.Instance).Build().Deserialize<RuleFile>(text);
}

internal sealed class RuleGroup
{
    public string Name { get; set; } = "";

    public string? Interval { get; set; }

    public List<Rule> Rules { get; set; } = [];
}

/// <summary>Those of deploy/prometheus.</summary>
internal static class RuleFiles
{
    public static IReadOnlyList<string> Paths { get; } = Files.In("deploy/prometheus", "*.rules.yml");

    public static IReadOnlyList<string> Tests { get; } = Files.In("deploy/prometheus/tests", "*.test.yml");

    public static IReadOnlyList<Rule> All { get; } = [.. Paths.SelectMany(Read)];

    public static IEnumerable<Rule> Alerts => All.Where(rule => rule.Alert is not null);

    public static IReadOnlyDictionary<string, string> Recorded { get; } =
        All.Where(rule => rule.Record is not null).ToDictionary(rule => rule.Record!, rule => rule.Expr, StringComparer.Ordinal);

    private static IEnumerable<Rule> Read(string path) => RuleFile.Read(File.ReadAllText(path)).Groups.SelectMany(group => group.Rules);
}
