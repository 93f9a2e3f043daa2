namespace Cdr.EdgeAgent.Posts;

/// <summary>What <c>reg query KEY /s</c> lists: keys, and their values below them, indented, four spaces between name, type and value.</summary>
internal sealed class RegistryListing
{
    private readonly Dictionary<string, Dictionary<string, string>> keys = new(StringComparer.OrdinalIgnoreCase);

    private RegistryListing(string text)
    {
        Dictionary<string, string>? values = null;
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd('\r', ' ')))
        {
            if (line.StartsWith("HKEY_", StringComparison.Ordinal))
            {
                if (!keys.TryGetValue(line, out values))
                    keys[line] = values = new(StringComparer.OrdinalIgnoreCase);
            }
            else if (values is not null && line.StartsWith("    ", StringComparison.Ordinal) && line.Split("    ", StringSplitOptions.RemoveEmptyEntries) is [var name, var type, ..] parts && type.StartsWith("REG_", StringComparison.Ordinal))
            {
                values[name] = string.Join("    ", parts[2..]);
            }
        }
    }

    public static RegistryListing Parse(string? text) => new(text ?? "");

    /// <summary>A value of the first key that has it.</summary>
    public string? Value(string name) => keys.Values.Select(values => values.GetValueOrDefault(name)).FirstOrDefault(value => value is { Length: > 0 });

    /// <summary>A value of the key in which another one contains a text: <c>DisplayVersion</c> where <c>DisplayName</c> says what it is of.</summary>
    public string? Value(string name, string where, string contains) =>
        keys.Values.Where(values => values.GetValueOrDefault(where)?.Contains(contains, StringComparison.OrdinalIgnoreCase) == true)
            .Select(values => values.GetValueOrDefault(name)).FirstOrDefault(value => value is { Length: > 0 });
}
