namespace Cdr.ServiceDefaults;

/// <summary>
/// The program asks its other self how it does (<c>--health [live|ready]</c>), and says so by its exit code: a container without a shell has
/// nothing else that could ask.
/// </summary>
public static class HealthProbe
{
    private const string Default = "http://127.0.0.1:8080";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>0 when that process answers that it is well or degraded, 1 otherwise.</summary>
    /// <param name="args">The program's: <c>--health</c>, then what to ask.</param>
    /// <param name="variable">The environment, in which the other self was told where to listen.</param>
    /// <param name="output">What it answered.</param>
    public static async Task<int> RunAsync(string[] args, Func<string, string?>? variable = null, TextWriter? output = null)
    {
        var path = args is [_, "live", ..] ? "health/live" : "health/ready";
        output ??= Console.Out;
        try
        {
            // A hospital's proxy is not on the way to oneself.
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
            using var response = await client.GetAsync(new Uri(Address(variable ?? Environment.GetEnvironmentVariable), path));
            await output.WriteLineAsync($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            await output.WriteLineAsync("nobody answers");
            return 1;
        }
    }

    /// <summary>The first plain address; of all addresses of the machine, its own.</summary>
    internal static Uri Address(Func<string, string?> variable)
    {
        var named = (variable("ASPNETCORE_URLS") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var ports = (variable("ASPNETCORE_HTTP_PORTS") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var plain = named.Concat(ports.Select(port => "http://*:" + port)).FirstOrDefault(one => one.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) ?? Default;
        var local = plain.Replace("//*", "//127.0.0.1", StringComparison.Ordinal).Replace("//+", "//127.0.0.1", StringComparison.Ordinal)
            .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal).Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal);
        return new Uri(local.TrimEnd('/') + "/");
    }
}
