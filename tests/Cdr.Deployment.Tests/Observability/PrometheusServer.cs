using System.Globalization;
using System.Text.Json;

namespace Cdr.Deployment.Tests.Observability;

/// <summary>A Prometheus that runs: what it has of the last minutes.</summary>
internal sealed class PrometheusServer(Uri address)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>Whether an expression had a number, of any series, at any time of the window. 0 / 0 is none.</summary>
    public async Task<bool> HasDataAsync(string expression)
    {
        var now = TimeProvider.System.GetUtcNow();
        var result = await GetAsync($"query_range?query={Uri.EscapeDataString(expression)}&start={Instant(now - Window)}&end={Instant(now)}&step=15");
        return result.GetProperty("result").EnumerateArray().SelectMany(series => series.GetProperty("values").EnumerateArray())
            .Any(point => double.TryParse(point[1].GetString(), CultureInfo.InvariantCulture, out var value) && double.IsFinite(value));
    }

    public async Task<IReadOnlySet<string>> NamesAsync(string selector) => Texts(await GetAsync($"label/__name__/values?match[]={Uri.EscapeDataString(selector)}"));

    public async Task<IReadOnlySet<string>> LabelsAsync(string metric) => Texts(await GetAsync($"labels?match[]={Uri.EscapeDataString(metric)}"));

    /// <summary>Counter, gauge or histogram, as each is told.</summary>
    public async Task<IReadOnlyDictionary<string, string>> KindsAsync() =>
        (await GetAsync("metadata")).EnumerateObject().ToDictionary(metric => metric.Name, metric => metric.Value[0].GetProperty("type").GetString()!, StringComparer.Ordinal);

    /// <summary>Rules that could not be evaluated, or never were; and how many are missing.</summary>
    public async Task<IReadOnlyList<string>> RulesInTroubleAsync(int expected)
    {
        var rules = (await GetAsync("rules")).GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray()).ToList();
        List<string> trouble = [.. rules.Where(rule => rule.GetProperty("health").GetString() != "ok").Select(rule => rule.GetProperty("name").GetString()! + ": " + rule.GetProperty("health").GetString())];
        if (rules.Count != expected)
            trouble.Add($"{rules.Count} rules are loaded, and {expected} were written");
        return trouble;
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri(address, "/api/v1/" + path), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {text}");
        return JsonDocument.Parse(text).RootElement.GetProperty("data");
    }

    private static HashSet<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetString()!)];

    private static string Instant(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
