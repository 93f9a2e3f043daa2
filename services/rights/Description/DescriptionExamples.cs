using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Cdr.Rights.Description;

/// <summary>
/// The examples of the description, as files beside this one: <c>{operation}.request.{name}.json</c> is a body to send, and
/// <c>{operation}.{status}.{name}.json</c> what comes back of it. People are those of <c>docs/people.md</c>, who exist nowhere.
/// A test asks the requests, and holds the answers against the files.
/// </summary>
internal static class DescriptionExamples
{
    private const string Prefix = "Description.Examples.";
    private static readonly Assembly Here = typeof(DescriptionExamples).Assembly;
    private static readonly string[] Files = [.. Here.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Of one operation: <paramref name="part"/> is <c>request</c> or a status.</summary>
    public static IEnumerable<(string Name, JsonNode Value)> Of(string operation, string part)
    {
        var start = $"{Prefix}{operation}.{part}.";
        foreach (var file in Files.Where(file => file.StartsWith(start, StringComparison.Ordinal)))
            yield return (file[start.Length..^".json".Length], Read(file));
    }

    /// <summary>What an operation refuses, and why, by status; <c>*</c> is every operation's that asks for a token.</summary>
    public static IEnumerable<(string Status, JsonObject Problem)> Problems(string operation, bool open)
    {
        var all = Read(Prefix + "problems.json").AsObject();
        foreach (var owner in open ? (string[])[operation] : [operation, "*"])
        {
            foreach (var (status, problems) in all[owner] as JsonObject ?? [])
            {
                foreach (var problem in problems!.AsArray())
                    yield return (status, problem!.AsObject());
            }
        }
    }

    /// <summary>Into a body, under their names.</summary>
    public static void AddTo(OpenApiMediaType body, IEnumerable<(string Name, JsonNode Value)> examples)
    {
        foreach (var (name, value) in examples)
        {
            body.Examples ??= new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal);
            body.Examples[name] = new OpenApiExample { Value = value };
        }
    }

    private static JsonNode Read(string file)
    {
        using var stream = Here.GetManifestResourceStream(file)!;
        return JsonNode.Parse(stream)!;
    }
}
