using System.Globalization;
using System.Text.RegularExpressions;

namespace Cdr.Deployment.Tests.Observability;

/// <summary>What an expression reads: metrics and labels. Whether it is well written is promtool's to say.</summary>
internal static partial class PromQl
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right", "inf", "nan", "atan2", "start", "end",
    };

    public static IReadOnlySet<string> Metrics(string expression) =>
        Names().Matches(Bare(expression)).Select(name => name.Value).Where(name => !Words.Contains(name)).ToHashSet(StringComparer.Ordinal);

    /// <summary>What it reads, each metric with its labels, at one instant: without the window that is looked at.</summary>
    public static IReadOnlySet<string> Selectors(string expression)
    {
        List<string> texts = [];
        var known = Quoted().Replace(expression, text => { texts.Add(text.Value); return $"\"{texts.Count - 1}\""; });
        return Reads().Matches(Ranges().Replace(Groupings().Replace(known, " "), " "))
            .Where(read => !Words.Contains(read.Groups[1].Value))
            .Select(read => Numbers().Replace(read.Value.Trim(), at => texts[int.Parse(at.Groups[1].Value, CultureInfo.InvariantCulture)]))
            .ToHashSet(StringComparer.Ordinal);
    }

    public static IReadOnlySet<string> Labels(string expression)
    {
        var matched = Selectors().Matches(Unquoted(expression)).SelectMany(selector => Matchers().Matches(selector.Value)).Select(matcher => matcher.Groups[1].Value);
        var grouped = Groupings().Matches(expression).SelectMany(group => group.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return matched.Concat(grouped).ToHashSet(StringComparer.Ordinal);
    }

    private static string Unquoted(string expression) => Quoted().Replace(expression, "\"\"");

    private static string Bare(string expression) => Ranges().Replace(Groupings().Replace(Selectors().Replace(Unquoted(expression), " "), " "), " ");

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("\"([0-9]+)\"")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"(?<![\w:.])([a-zA-Z_:][\w:]*)(?![\w:])(?!\s*\()(?:\s*\{[^}]*\})?")]
    private static partial Regex Reads();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Selectors();

    [GeneratedRegex(@"([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)")]
    private static partial Regex Matchers();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")]
    private static partial Regex Groupings();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Ranges();

    [GeneratedRegex(@"(?<![\w:.])[a-zA-Z_:][\w:]*(?!\s*\()(?![\w:])")]
    private static partial Regex Names();
}
