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
