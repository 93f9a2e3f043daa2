using System.Text.Json;

namespace Cdr.Sessions.Habilitations;

/// <summary>FINESS categories whose staff may consult: <c>eligible-categories.json</c>.</summary>
internal static class EligibleCategories
{
    private static readonly HashSet<string> Codes = Read();

    public static bool Contains(string category) => Codes.Contains(category);

    private static HashSet<string> Read()
    {
        using var stream = typeof(EligibleCategories).Assembly.GetManifestResourceStream("eligible-categories.json")!;
        var file = JsonSerializer.Deserialize<CategoryFile>(stream, JsonSerializerOptions.Web)!;
        return [.. file.Hospitals, .. file.HealthCentres];
    }

    private sealed record CategoryFile(string[] Hospitals, string[] HealthCentres);
}
