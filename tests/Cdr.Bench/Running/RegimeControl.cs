using System.Net.Http.Json;
using Cdr.Testing.Platforms;

namespace Cdr.Bench.Running;

/// <summary>The simulator's switches and counts: what the regimes themselves saw.</summary>
internal sealed class RegimeControl(HttpClient http, ServiceProcess simulator)
{
    /// <summary>Calls that all regimes received so far.</summary>
    public async Task<long> CallsAsync() => (await StatesAsync()).Sum(state => state.Calls);

    public async Task<IReadOnlyList<string>> IdsAsync() => [.. (await StatesAsync()).Select(state => state.Id)];

    public async Task SetAsync(string regime, string mode)
    {
        using var response = await http.PostAsJsonAsync(new Uri(simulator.Address, $"simulator/regimes/{regime}/mode"), new { mode });
        response.EnsureSuccessStatusCode();
    }

    private async Task<State[]> StatesAsync() => (await http.GetFromJsonAsync<State[]>(new Uri(simulator.Address, "simulator/regimes")))!;

    private sealed record State(string Id, long Calls);
}
