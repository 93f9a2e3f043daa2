using System.Text;
using System.Text.Json.Nodes;

namespace Cdr.Rights.Tests.Client;

/// <summary>
/// Writes Cdr.Client's interface and types from an OpenAPI description: only what ours use of it. What it meets and does not know is an
/// error, never a guess.
/// </summary>
internal sealed class ClientWriting(JsonNode description)
{
    private const string Json = "application/json";
    private const string Events = "text/event-stream";
    private readonly StringBuilder text = new();
    private readonly SortedSet<string> needed = new(StringComparer.Ordinal);

    /// <summary>An interface of these operations: <c>POST /api/consultations</c> and its name.</summary>
    public ClientWriting Interface(string name, string summary, params (string Method, string Path, string Name)[] operations)
    {
        Summary("", summary);
        text.Append("public interface ").Append(name).Append("\n{\n");
        foreach (var (index, (method, path, operation)) in operations.Index())
        {
            if (index > 0)
                text.Append('\n');
            Operation(method, path, operation);
        }

        text.Append("}\n");
        return this;
    }

    /// <summary>All that was written, and the types that it needs.</summary>
    public override string ToString()
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        while (needed.FirstOrDefault(one => !written.Contains(one)) is { } next)
        {
            written.Add(next);
            text.Append('\n');
            Type(next, description["components"]!["schemas"]![next]!);
        }

        return text.ToString();
    }

    private void Operation(string method, string path, string name)
    {
        var operation = description["paths"]![path]![method.ToLowerInvariant()]!;
        var success = operation["responses"]!.AsObject().Single(response => response.Key[0] == '2').Value!;
        var content = success["content"] as JsonObject;
        var results = new List<(string Suffix, string Accept, string Result)>();
        if (content?[Json] is { } json)
            results.Add(("", Json, $"Task<{TypeOf(json["schema"]!)}>"));
        if (content?[Events] is not null)
            results.Add((results.Count == 0 ? "" : "AsEvents", Events, "Task<HttpResponseMessage>"));
        if (content is null)
            results.Add(("", "application/problem+json", "Task"));
        foreach (var (index, (suffix, accept, result)) in results.Index())
        {
            if (index > 0)
                text.Append('\n');
            Summary("    ", operation["summary"]!.GetValue<string>());
            text.Append("    [Headers(\"Accept: ").Append(accept).Append("\")]\n    [").Append(Pascal(method.ToLowerInvariant())).Append("(\"").Append(path).Append("\")]\n");
            text.Append("    ").Append(result).Append(' ').Append(name).Append(suffix).Append("Async(").Append(Parameters(operation)).Append(");\n");
        }
    }

    private string Parameters(JsonNode operation)
    {
        var (all, optional) = (new List<string>(), new List<string>());
        foreach (var parameter in operation["parameters"] as JsonArray ?? [])
        {
            var text = $"{(parameter!["in"]!.GetValue<string>() == "query" ? "[Query] " : "")}{TypeOf(parameter["schema"]!)}";
            if (parameter["required"]?.GetValue<bool>() == true)
                all.Add($"{text} {parameter["name"]}");
            else
                optional.Add($"{text}? {parameter["name"]} = null");
        }

        if (operation["requestBody"] is { } body)
            all.Add($"[Body] {TypeOf(body["content"]![Json]!["schema"]!)} request");
        all.AddRange(optional);
        all.Add("CancellationToken cancellationToken = default");
        return string.Join(", ", all);
    }

    private void Type(string name, JsonNode schema)
    {
        Summary("", schema["description"]?.GetValue<string>());
        if (schema["enum"] is JsonArray members)
        {
            text.Append("[JsonConverter(typeof(WireName<").Append(name).Append(">))]\npublic enum ").Append(name).Append("\n{\n");
            foreach (var member in members)
                text.Append("    ").Append(Pascal(member!.GetValue<string>())).Append(",\n");
            text.Append("}\n");
            return;
        }

        var required = (schema["required"] as JsonArray ?? []).Select(one => one!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        text.Append("public sealed class ").Append(name).Append("\n{\n");
        foreach (var (index, (member, value)) in schema["properties"]!.AsObject().Index())
        {
            if (index > 0)
                text.Append('\n');
            // Beside a reference that may be null, it is the reference's.
            Summary("    ", (value!["description"] ?? value["oneOf"]?[1]!["description"])?.GetValue<string>());
            var type = TypeOf(value);
            var needs = required.Contains(member);
            text.Append("    public ").Append(needs ? "required " : "").Append(type).Append(needs || type[^1] == '?' || type is "bool" or "int" ? "" : "?").Append(' ').Append(Pascal(member)).Append(" { get; init; }\n");
        }

        text.Append("}\n");
    }

    private string TypeOf(JsonNode schema)
    {
        if (schema["$ref"] is { } reference)
        {
            var name = reference.GetValue<string>().Split('/')[^1];
            needed.Add(name);
            return name;
        }

        if (schema["oneOf"] is JsonArray { Count: 2 } either && either[0]!["type"]?.ToString() == "null")
            return TypeOf(either[1]!) + "?";
        string[] types = schema["type"] is JsonArray several ? [.. several.Select(one => one!.GetValue<string>())] : [schema["type"]!.GetValue<string>()];
        var optional = types.Contains("null") ? "?" : "";
        // A number may also be sent as text; it always comes as a number.
        var format = schema["format"]?.GetValue<string>();
        return (types.Contains("integer") ? "integer" : types.Single(one => one != "null"), format) switch
        {
            ("integer", "int32") => "int",
            ("integer", "int64") => "long",
            ("boolean", _) => "bool",
            ("string", "uuid") => "Guid",
            ("string", "date") => "DateOnly",
            ("string", "date-time") => "DateTimeOffset",
            ("string", null) => "string",
            ("array", _) => $"IReadOnlyList<{TypeOf(schema["items"]!)}>",
            var other => throw new NotSupportedException(other.ToString()),
        } + optional;
    }

    private void Summary(string indent, string? what)
    {
        if (what is not null)
            text.Append(indent).Append("/// <summary>").Append(Escaped(what)).Append("</summary>\n");
    }

    private static string Escaped(string what) => what.ReplaceLineEndings(" ")
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
