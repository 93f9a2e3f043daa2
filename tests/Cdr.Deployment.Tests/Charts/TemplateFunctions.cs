using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Cdr.Deployment.Tests.Charts;

/// <summary>The functions that the chart allows itself, as Go's templates and Sprig have them.</summary>
internal static class TemplateFunctions
{
    public static object? Call(string name, object?[] given, Func<string, object?, string> include) => (name, given) switch
    {
        ("include", [string template, var scope]) => include(template, scope),
        ("dict", _) when given.Length % 2 == 0 => Dictionary(given),
        ("list", _) => given.ToList(),
        ("has", [var one, IList among]) => among.Cast<object?>().Any(other => Equals(one, other)),
        ("index", [IDictionary map, string key]) => Of(map, key),
        ("quote", [var value]) => JsonSerializer.Serialize(Text(value), Plain),
        ("default", [var otherwise, var value]) => IsTrue(value) ? value : otherwise,
        // An empty list is something.
        ("required", [string said, var value]) => value is not (null or "") ? value : throw new InvalidOperationException(said),
        ("int", [double number]) => (long)number,
        ("eq", [long, double] or [double, long]) => throw new InvalidOperationException("incompatible types for comparison: float64 and int"),
        ("eq", [var one, var other]) => Equals(one, other),
        ("gt", [long one, long other]) => one > other,
        ("not", [var value]) => !IsTrue(value),
        ("and", { Length: > 0 }) => given.FirstOrDefault(one => !IsTrue(one), given[^1]),
        ("or", { Length: > 0 }) => given.FirstOrDefault(IsTrue, given[^1]),
        ("printf", [string format, string value]) when format.Split("%s").Length == 2 => format.Replace("%s", value, StringComparison.Ordinal),
        ("trimPrefix", [string prefix, string value]) => value.StartsWith(prefix, StringComparison.Ordinal) ? value[prefix.Length..] : value,
        ("trunc", [long length, string value]) when length >= 0 => value.Length > length ? value[..(int)length] : value,
        ("sha256sum", [string value]) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value))),
        ("nindent", [long by, string value]) => "\n" + string.Join('\n', value.Split('\n').Select(line => line.Length == 0 ? line : new string(' ', (int)by) + line)),
        ("toYaml", [var value]) => string.Join('\n', Yaml(value)),
        _ => throw new UnknownTemplateException($"{name} of {given.Length}"),
    };

    /// <summary>A key that is not there is an error: Helm would print nothing, or « no value ».</summary>
    public static object? Of(object? from, string key) => from is IDictionary map && map.Contains(key)
        ? map[key]
        : throw new InvalidOperationException($"There is no « {key} ».");

    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool said => said,
        string text => text.Length > 0,
        long number => number != 0,
        double number => number != 0,
        ICollection many => many.Count > 0,
        _ => true,
    };

    public static string Text(object? value) => value switch
    {
        string text => text,
        bool said => said ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        // From a million on Go writes 1e+06.
        double number when Math.Abs(number) < 1e6 => ((long)number).ToString(CultureInfo.InvariantCulture),
        _ => throw new UnknownTemplateException($"the text of {value?.GetType().Name ?? "nothing"}"),
    };

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static Dictionary<string, object?> Dictionary(object?[] given) =>
        given.Chunk(2).ToDictionary(pair => (string)pair[0]!, pair => pair[1], StringComparer.Ordinal);

    private static IEnumerable<string> Yaml(object? value) => value switch
    {
        IDictionary { Count: 0 } => ["{}"],
        IList { Count: 0 } => ["[]"],
        IDictionary map => map.Keys.Cast<string>().Order(StringComparer.Ordinal).SelectMany(key => Under(key + ":", map[key])),
        IList list => list.Cast<object?>().SelectMany(one => one is IDictionary or IList ? throw new UnknownTemplateException("toYaml of a list of lists") : (IEnumerable<string>)["- " + Scalar(one)]),
        _ => [Scalar(value)],
    };

    private static IEnumerable<string> Under(string key, object? value) => value is IDictionary { Count: > 0 } or IList { Count: > 0 }
        ? Yaml(value).Select(line => "  " + line).Prepend(key)
        : [key + " " + Yaml(value).Single()];

    private static string Scalar(object? value) => value is string text ? JsonSerializer.Serialize(text, Plain) : Text(value);
}
