using System.Collections.ObjectModel;

namespace Cdr.Domain;

/// <summary>The values of a set of codes that nothing can be added to, found by code.</summary>
internal sealed class ClosedSet<T>
    where T : class
{
    private readonly string errorPrefix;
    private readonly string name;
    private readonly Dictionary<string, T> byCode;

    /// <param name="errorPrefix">Start of the error codes, kebab-case.</param>
    /// <param name="name">Subject of the French sentences, masculine, e.g. "Le code d'exonération".</param>
    /// <param name="codeOf">The code, unique whatever its case.</param>
    /// <param name="all">In the order they are shown.</param>
    public ClosedSet(string errorPrefix, string name, Func<T, string> codeOf, params T[] all)
    {
        this.errorPrefix = errorPrefix;
        this.name = name;
        byCode = all.ToDictionary(codeOf, StringComparer.OrdinalIgnoreCase);
        All = Array.AsReadOnly(all);
    }

    public ReadOnlyCollection<T> All { get; }

    /// <summary>Outer spaces and case do not count; nor do leading zeros, which fixed-width records add to a code.</summary>
    public Parsed<T> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Parsed.Invalid<T>($"{errorPrefix}-missing", null, $"{name} est à préciser.");

        var code = text.Trim();
        return byCode.TryGetValue(code, out var found) || byCode.TryGetValue(WithoutLeadingZeros(code), out found)
            ? Parsed.Valid(found)
            : Parsed.Invalid<T>($"{errorPrefix}-unknown", text.IndexOf(code[0], StringComparison.Ordinal), $"{name} n'est pas connu.");
    }

    private static string WithoutLeadingZeros(string code) => code.TrimStart('0') is { Length: > 0 } rest ? rest : "0";
}
