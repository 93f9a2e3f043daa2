using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Cdr.Bench.Load;

/// <summary>wrk: throughput of a closed loop. Its latencies are not used.</summary>
internal static partial class Wrk
{
    /// <summary>Requests a second.</summary>
    /// <param name="script">Lua file that makes the requests.</param>
    /// <param name="address">Server.</param>
    /// <param name="connections">Kept busy.</param>
    /// <param name="seconds">For so long.</param>
    public static async Task<double> RunAsync(string script, Uri address, int connections, int seconds)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-t1", "--timeout", "20s", string.Create(CultureInfo.InvariantCulture, $"-c{connections}"), string.Create(CultureInfo.InvariantCulture, $"-d{seconds}s"), "-s", script, address.AbsoluteUri])
            start.ArgumentList.Add(argument);
        using var wrk = Process.Start(start) ?? throw new InvalidOperationException("wrk does not start.");
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        if (output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal))
            throw new InvalidOperationException($"The load met errors:\n{output}");
        return double.Parse(Rate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Writes a script that sends these bodies in turn, each with its number in X-Key. The requests are made once.</summary>
    public static string Script(string folder, string name, string path, string token, IReadOnlyList<string> bodies)
    {
        var file = Path.Combine(folder, name + ".lua");
        using var lua = new StreamWriter(file);
        lua.WriteLine("local requests = {}\nlocal next = 0\nlocal function add(key, body)");
        lua.WriteLine($"  requests[#requests + 1] = wrk.format('POST', '{path}', {{ ['Content-Type'] = 'application/json', ['Authorization'] = 'Bearer {token}', ['X-Key'] = key }}, body)\nend");
        lua.WriteLine("function init(args)");
        for (var i = 0; i < bodies.Count; i++)
            lua.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  add('{i}', '{bodies[i]}')"));
        lua.WriteLine("end\nfunction request()\n  next = next % #requests + 1\n  return requests[next]\nend");
        return file;
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();
}
