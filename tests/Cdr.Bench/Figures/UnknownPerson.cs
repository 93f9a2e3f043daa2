using System.Text;
using Cdr.Bench.Load;
using Cdr.Bench.Running;

namespace Cdr.Bench.Figures;

/// <summary>
/// A person nobody asked about before, no regime chosen: waves against a naive aggregator that asks all seventeen and waits for the
/// last. On regimes with their latencies: without them there is nothing to wait for.
/// </summary>
internal static class UnknownPerson
{
    private const double PerSecond = 20;

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        var (rights, simulator) = await platform.PacedAsync();
        var regimes = new RegimeControl(platform.Http, simulator);
        var count = (int)(PerSecond * plan.Seconds);
        var (naive, naiveCalls, waves, wavesCalls, half, naiveHalf) = (new Rounds(), new Rounds(), new Rounds(), new Rounds(), new Rounds(), new Rounds());
        for (var round = 0; round <= plan.Rounds; round++)
        {
            var (first, second) = (platform.TakePeople(count), platform.TakePeople(count));
            var before = await regimes.CallsAsync();
            var theirs = await OpenLoop.RunAsync(PerSecond, count, i => NaiveAsync(platform, first[i].Nir));
            var between = await regimes.CallsAsync();
            var mine = await OpenLoop.RunAsync(PerSecond, count, i => platform.AskAsync(rights, BenchPlatform.Question(second[i].Nir, null)));
            // Calls that a question left behind belong to it too.
            await Task.Delay(TimeSpan.FromSeconds(1));
            var after = await regimes.CallsAsync();
            if (round == 0)
                continue;
            naive.Add(OpenLoop.Quantile(theirs, 0.95));
            naiveHalf.Add(OpenLoop.Quantile(theirs, 0.5));
            waves.Add(OpenLoop.Quantile(mine, 0.95));
            half.Add(OpenLoop.Quantile(mine, 0.5));
            naiveCalls.Add((between - before) / (double)count);
            wavesCalls.Add((after - between) / (double)count);
        }

        return
        [
            new("Unknown person, naive all-17, p50 at 20/s", naiveHalf.Text("0", " ms")),
            new("Unknown person, waves, p50 at 20/s", half.Text("0", " ms")),
            new("Unknown person, naive all-17, p95 at 20/s", naive.Text("0", " ms")),
            new("Unknown person, waves, p95 at 20/s", waves.Text("0", " ms")),
            new("  over naive, p95", waves.Over(naive).Text("0.00"), Goal.AtMost(waves.Over(naive).Median, 1.2)),
            new("  regime calls a question, naive", naiveCalls.Text("0.0")),
            new("  regime calls a question, waves", wavesCalls.Text("0.00"), Goal.AtMost(wavesCalls.Median, 3)),
        ];
    }

    private static async Task NaiveAsync(BenchPlatform platform, string nir)
    {
        using var content = new StringContent(nir, Encoding.UTF8, "text/plain");
        using var response = await platform.Http.PostAsync(new Uri(platform.Floors.Process.Address, "naive"), content);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }
}
