using System.Diagnostics;
using System.Text.Json;
using Cdr.Bench.Load;
using Cdr.Bench.Running;

namespace Cdr.Bench.Figures;

/// <summary>Every able regime asked, three of seventeen hung and one failing, against all healthy.</summary>
internal static class FaultyRegimes
{
    private const int AtOnce = 16;

    // The circuits' sampling: a healthy time before is forgotten after it.
    private const int OnsetSeconds = 30;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);
    private static readonly (string Regime, string Mode)[] Faults = [("msa", "hanging"), ("cnmss", "hanging"), ("enim", "hanging"), ("cavimac", "failing")];

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        var rights = await platform.RightsWithAsync("faulty", new KeyValuePair<string, string?>("Regimes:Deadline", Deadline.ToString()));
        var regimes = new RegimeControl(platform.Http, platform.Simulator);
        var (healthy, faulty, first, slowest, named) = (new Rounds(), new Rounds(), new Rounds(), new Rounds(), new Rounds());
        await RoundAsync(platform, rights, plan.Seconds);
        for (var round = 0; round < Math.Min(plan.Rounds, 3); round++)
        {
            healthy.Add((await RoundAsync(platform, rights, plan.Seconds)).Rate);
            foreach (var (regime, mode) in Faults)
                await regimes.SetAsync(regime, mode);
            // Until their circuits open every question waits for its deadline, and no longer.
            var onset = await RoundAsync(platform, rights, OnsetSeconds);
            var sick = await RoundAsync(platform, rights, plan.Seconds);
            first.Add(onset.Slowest);
            faulty.Add(sick.Rate);
            slowest.Add(sick.Slowest);
            named.Add(Math.Min(onset.Incomplete, sick.Incomplete));
            foreach (var (regime, _) in Faults)
                await regimes.SetAsync(regime, "up");
            // Until the circuits have closed again: a healthy round is healthy.
            await RoundAsync(platform, rights, 12);
        }

        return
        [
            new($"All asked, all healthy, {AtOnce} at once", healthy.Text("0", "/s")),
            new($"All asked, three hung and one failing, {AtOnce} at once", faulty.Text("0", "/s")),
            new("  over healthy, once the circuits are open", faulty.Over(healthy).Text("0.00"), Goal.AtLeast(faulty.Over(healthy).Median, 0.9)),
            new($"  p99 while they open, deadline {Deadline.TotalMilliseconds:0} ms", first.Text("0", " ms"), Goal.AtMost(first.Median, Deadline.TotalMilliseconds + 20, " ms")),
            new("  p99 then", slowest.Text("0", " ms"), Goal.AtMost(slowest.Median, Deadline.TotalMilliseconds + 20, " ms")),
            new("  answers that name all four as missing", named.Text("0.000"), Goal.Always(1, named.Values)),
        ];
    }

    private static async Task<(double Rate, double Slowest, double Incomplete)> RoundAsync(BenchPlatform platform, MeasuredProcess rights, int seconds)
    {
        List<double> times = [];
        var (asked, named) = (0, 0);
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
            {
                var nir = platform.TakePerson().Nir;
                var began = Stopwatch.GetTimestamp();
                var answer = await platform.AskAsync(rights, BenchPlatform.Question(nir, null, exhaustive: true));
                lock (times)
                    times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                Interlocked.Increment(ref asked);
                using var document = JsonDocument.Parse(answer);
                if (document.RootElement.GetProperty("missing").GetArrayLength() >= Faults.Length)
                    Interlocked.Increment(ref named);
            }
        }));
        return (asked / Stopwatch.GetElapsedTime(start).TotalSeconds, OpenLoop.Quantile([.. times], 0.99), named / (double)asked);
    }
}
