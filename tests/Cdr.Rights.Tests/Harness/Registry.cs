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

    /// <summary>Answers are kept so long.</summary>
    public static Action<JsonObject> Kept(string found, string stale) => row =>
    {
        row["cache"]!["found"] = found;
        row["cache"]!["unknown"] = found;
        row["cache"]!["stale"] = stale;
    };

    /// <summary>One regime is waited for so long.</summary>
    public static Action<JsonObject> Timeout(string regime, string timeout) => row =>
    {
        if (row["id"]!.GetValue<string>() == regime)
            row["limits"]!["timeout"] = timeout;
    };

    private static JsonObject Load() => JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "regimes.json")))!.AsObject();
}
