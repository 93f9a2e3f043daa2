using System.Text.Json;
using System.Text.RegularExpressions;

namespace Cdr.Deployment.Tests.Charts;

/// <summary>The part of JSON Schema that the chart's schema uses; any other word of it is refused.</summary>
internal static class ValuesSchema
{
    private static readonly HashSet<string> Known = ["$schema", "title", "description", "type", "properties", "required", "additionalProperties", "items", "pattern", "enum", "minimum", "not"];

    public static IEnumerable<string> Faults(JsonElement schema, object? value, string at = "values")
    {
        foreach (var word in schema.EnumerateObject().Where(word => !Known.Contains(word.Name)))
            throw new InvalidOperationException($"The schema's « {word.Name} » is not known here.");
        var type = schema.TryGetProperty("type", out var said) ? said.GetString() : null;
        return (type, value) switch
        {
            ("object", Dictionary<string, object?> map) => OfObject(schema, map, at),
            ("array", List<object?> list) => list.SelectMany((one, index) => Faults(schema.GetProperty("items"), one, $"{at}[{index}]")),
            ("string", string text) => OfText(schema, text, at),
            ("integer", double number) => schema.TryGetProperty("minimum", out var minimum) && number < minimum.GetInt64() ? [$"{at} is too small"] : [],
            ("boolean", bool) => [],
            _ => [$"{at} is no {type}"],
        };
    }

    private static IEnumerable<string> OfObject(JsonElement schema, Dictionary<string, object?> map, string at)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var missing in required.EnumerateArray().Select(one => one.GetString()!).Where(one => !map.ContainsKey(one)))
                yield return $"{at}.{missing} is missing";
        }

        foreach (var (key, value) in map)
        {
            var isNamed = schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(key, out _);
            if (!isNamed && schema.GetProperty("additionalProperties").ValueKind == JsonValueKind.False)
            {
                yield return $"{at}.{key} is unknown";
                continue;
            }

            foreach (var fault in Faults(isNamed ? properties.GetProperty(key) : schema.GetProperty("additionalProperties"), value, $"{at}.{key}"))
                yield return fault;
        }
    }

    private static IEnumerable<string> OfText(JsonElement schema, string text, string at)
    {
        if (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(text, pattern.GetString()!))
            yield return $"{at} is not as it should be";
        if (schema.TryGetProperty("enum", out var among) && among.EnumerateArray().All(one => one.GetString() != text))
            yield return $"{at} is none of what there is";
        if (schema.TryGetProperty("not", out var not) && not.GetProperty("enum").EnumerateArray().Any(one => one.GetString() == text))
            yield return $"{at} may not be that";
    }
}
