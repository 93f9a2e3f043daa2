using System.Text.Json.Nodes;

namespace Cdr.Rights.Tests.Harness;

/// <summary>The platform's registry, changed for a test: open at night, since tests run at any hour.</summary>
internal static class Registry
{
    public static IReadOnlyList<string> Ids { get; } = [.. Load()["regimes"]!.AsArray().Select(row => row!["id"]!.GetValue<string>())];

    public static string Write(string file, Action<JsonObject>? change = null)
    {
        var registry = Load();
        foreach (var row in registry["regimes"]!.AsArray())
        {
            row!["closedDaily"] = new JsonArray();
            change?.Invoke(row.AsObject());
        }

        File.WriteAllText(file, registry.ToJsonString());
        return file;
    }

    /// <summary>Answers are kept so long, and « unknown here » as long unless it is said.</summary>
    public static Action<JsonObject> Kept(string found, string stale, string? unknown = null) => row =>
    {
        row["cache"]!["found"] = found;
        row["cache"]!["unknown"] = unknown ?? found;
        row["cache"]!["stale"] = stale;
    };

    /// <summary>What is kept of it serves every establishment.</summary>
    public static void Shared(JsonObject row) => row["cache"]!["shareAcrossEstablishments"] = true;

    /// <summary>One regime is waited for so long.</summary>
    public static Action<JsonObject> Timeout(string regime, string timeout) => Of(regime, row => row["limits"]!["timeout"] = timeout);

    /// <summary>A change of one regime. Changes are added up with <c>+</c>.</summary>
    public static Action<JsonObject> Of(string regime, Action<JsonObject> change) => row =>
    {
        if (row["id"]!.GetValue<string>() == regime)
            change(row);
    };

    private static JsonObject Load() => JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "regimes.json")))!.AsObject();
}
