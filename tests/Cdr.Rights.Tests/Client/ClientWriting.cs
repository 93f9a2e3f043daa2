using System.Text;
using System.Text.Json;
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
    private const string Csv = "text/csv";

    // Said twice: a body's id is such a key, and the caller keeps it with the question; of a form, what is accepted says it.
    private const string Key = "Idempotency-Key";
    private const string Form = "format";

    private static readonly (string Type, string Suffix)[] Files = [("application/pdf", "AsPdf"), (Csv, "AsCsv")];

    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];
    private static readonly string[] InAddresses = ["string", "int", "long", "Guid"];

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
        Only(description["paths"]![path]!, Methods);
        var operation = description["paths"]![path]![method.ToLowerInvariant()]!;
        Only(operation, "operationId", "tags", "summary", "description", "security", "parameters", "requestBody", "responses");
        if (operation["responses"]!.AsObject().Where(response => response.Key[0] == '2').ToList() is not [{ Value: { } success }])
            throw Unknown(name, "more or less than one success");
        var content = success["content"] as JsonObject;
        if (content is not null)
            Only(content, [Json, Events, .. Files.Select(file => file.Type)]);
        var results = new List<(string Suffix, string Accept, string Result)>();
        if (content?[Json] is { } json)
            results.Add(("", Json, $"Task<{TypeOf(json["schema"]!)}>"));
        if (content?[Events] is not null)
            results.Add((results.Count == 0 ? "" : "AsEvents", Events, "Task<HttpResponseMessage>"));
        // As it comes: what a refusal of it is, the package says by hand (CdrFiles).
        foreach (var (type, suffix) in Files.Where(file => content?.ContainsKey(file.Type) == true))
        {
            if (content![type]!["schema"]?["type"]?.ToString() != "string")
                throw Unknown(name, type);
            results.Add((suffix, type + ", application/problem+json", "Task<HttpResponseMessage>"));
        }

        if (content is null)
            results.Add(("", "application/problem+json", "Task"));
        foreach (var (index, (suffix, accept, result)) in results.Index())
        {
            if (index > 0)
                text.Append('\n');
            Summary("    ", operation["summary"]!.GetValue<string>());
            text.Append("    [Headers(\"Accept: ").Append(accept).Append("\")]\n    [").Append(Pascal(method.ToLowerInvariant())).Append("(\"").Append(path).Append("\")]\n");
            text.Append("    ").Append(result).Append(' ').Append(name).Append(suffix).Append("Async(").Append(Parameters(path, operation, results.Count > 1)).Append(");\n");
        }
    }

    private string Parameters(string path, JsonNode operation, bool hasForms)
    {
        var (all, optional) = (new List<string>(), new List<string>());
        foreach (var parameter in operation["parameters"] as JsonArray ?? [])
        {
            // How a list or a date is written in an address is nobody's to guess.
            Only(parameter!, "name", "in", "required", "schema", "description");
            var (name, type, needs) = (parameter!["name"]!.GetValue<string>(), TypeOf(parameter["schema"]!), parameter["required"]?.GetValue<bool>() == true);
            if (!InAddresses.Contains(type))
                throw Unknown(name, type);
            var place = parameter["in"]!.GetValue<string>();
            if (!needs && ((place == "header" && name == Key && IsIdentified(operation)) || (place == "query" && name == Form && hasForms)))
                continue;
            var written = place switch
            {
                "header" => $"[Header(\"{name}\")] {type}",
                "query" => $"[Query] {type}",
                "path" when needs && path.Contains($"{{{name}}}", StringComparison.Ordinal) => type,
                _ => throw Unknown(name, place),
            };
            var argument = place == "header" ? JsonNamingPolicy.CamelCase.ConvertName(string.Concat(name.Split('-').Select(Pascal))) : Named(name, path);
            if (needs)
                all.Add($"{written} {argument}");
            else
                optional.Add($"{written}? {argument} = null");
        }

        if (operation["requestBody"] is { } body)
        {
            Only(body, "content", "required", "description");
            Only(body["content"]!, Json, Csv);
            // A table of the same lines: the client has one way.
            if (body["content"]![Csv] is { } table && !JsonNode.DeepEquals(table["schema"], body["content"]![Json]!["schema"]))
                throw Unknown(path, "a table of something else");
            if (body["required"]?.GetValue<bool>() != true)
                throw Unknown(path, "a body that may be absent");
            all.Add($"[Body] {TypeOf(body["content"]![Json]!["schema"]!)} request");
        }

        all.AddRange(optional);
        all.Add("CancellationToken cancellationToken = default");
        return string.Join(", ", all);
    }

    private bool IsIdentified(JsonNode operation) =>
        operation["requestBody"]?["content"]?[Json]?["schema"]?["$ref"]?.GetValue<string>().Split('/')[^1] is { } body
        && description["components"]!["schemas"]![body]!["properties"]?["id"] is not null;

    private void Type(string name, JsonNode schema)
    {
        Summary("", schema["description"]?.GetValue<string>());
        if (schema["enum"] is JsonArray members)
        {
            Only(schema, "enum", "description");
            text.Append("[JsonConverter(typeof(WireName<").Append(name).Append(">))]\npublic enum ").Append(name).Append("\n{\n");
            foreach (var member in members)
                text.Append("    ").Append(Pascal(Named(member!.GetValue<string>(), name))).Append(",\n");
            text.Append("}\n");
            return;
        }

        Only(schema, "type", "properties", "required", "description");
        if (schema["type"]!.GetValue<string>() != "object")
            throw Unknown(name, schema["type"]!.ToString());
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
            // What may be left out is left out where nothing was said, a number and a yes or no too: what that means is the service's affair.
            text.Append("    public ").Append(needs ? "required " : "").Append(type).Append(needs || type[^1] == '?' ? "" : "?").Append(' ').Append(Pascal(Named(member, name))).Append(" { get; init; }\n");
        }

        text.Append("}\n");
    }

    private string TypeOf(JsonNode schema)
    {
        if (schema["$ref"] is { } reference)
        {
            Only(schema, "$ref", "description");
            var name = reference.GetValue<string>().Split('/')[^1];
            needed.Add(name);
            return name;
        }

        if (schema["oneOf"] is JsonArray { Count: 2 } either && either[0]!["type"]?.ToString() == "null")
        {
            Only(schema, "oneOf", "description");
            return TypeOf(either[1]!) + "?";
        }

        // A pattern, bounds: the service checks them, and says which field.
        Only(schema, "type", "format", "items", "description", "default", "pattern", "minimum", "maximum", "minLength", "maxLength");
        List<string> types = schema["type"] switch
        {
            JsonArray several => [.. several.Select(one => one!.GetValue<string>())],
            JsonValue one => [one.GetValue<string>()],
            _ => throw Unknown("a schema", schema.ToJsonString()),
        };
        var optional = types.Remove("null") ? "?" : "";
        // A number may also be sent as text; it always comes as a number.
        if (types.Contains("integer"))
            types.Remove("string");
        var format = schema["format"]?.GetValue<string>();
        return (types is [var type] ? type : throw Unknown("a schema", string.Join('|', types)), format) switch
        {
            ("integer", "int32") => "int",
            ("integer", "int64") => "long",
            ("boolean", _) => "bool",
            ("string", "uuid") => "Guid",
            ("string", "date") => "DateOnly",
            ("string", "date-time") => "DateTimeOffset",
            ("string", "uri") => "Uri",
            ("string", null) => "string",
            ("array", _) => $"IReadOnlyList<{TypeOf(schema["items"]!)}>",
            var other => throw Unknown("a schema", other.ToString()),
        } + optional;
    }

    private void Summary(string indent, string? what)
    {
        if (what is not null)
            text.Append(indent).Append("/// <summary>").Append(Escaped(what)).Append("</summary>\n");
    }

    private static string Escaped(string what) => what.ReplaceLineEndings(" ")
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>An error where it holds more than is known: what it says may change what is to be written.</summary>
    private static void Only(JsonNode node, params IEnumerable<string> known)
    {
        foreach (var (member, _) in node.AsObject().ExceptBy(known, one => one.Key))
            throw Unknown(node.GetPath(), member);
    }

    /// <summary>The name that comes back from ours as it goes: others would need one beside.</summary>
    private static string Named(string name, string owner) =>
        name.All(char.IsAsciiLetterOrDigit) && JsonNamingPolicy.CamelCase.ConvertName(Pascal(name)) == name ? name : throw Unknown(owner, name);

    private static NotSupportedException Unknown(string where, string what) => new($"{where}: {what}");

    private static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
