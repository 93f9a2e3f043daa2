using System.Text;
using System.Text.Json;
using Cdr.Bench.Floors;
using Cdr.Bench.Load;
using Cdr.Bench.Running;

namespace Cdr.Bench.Figures;

/// <summary>A chosen regime, never asked before about this person, at 50/s: what the platform adds to calling the regime directly.</summary>
internal static class ChosenFresh
{
    private const double PerSecond = 50;

    // After four thousand the runtime still compiled, on a quarter of the process's time (a profile); a service that has run for an hour does not.
    private const int WarmQuestions = 12000;

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        var count = (int)(PerSecond * plan.Seconds);
        var (direct, through, added) = (new Rounds(), new Rounds(), new Rounds());
        var flushes = new Rounds();
        using var disk = new DiskFlush();
        await WarmAsync(platform);
        // One round more: the first warms both sides and does not count.
        for (var round = 0; round <= plan.Rounds; round++)
        {
            var people = platform.TakePeople(count, "cnam");
            var alone = OpenLoop.Quantile(await OpenLoop.RunAsync(PerSecond, count, i => DirectAsync(platform, people[i].Nir)), 0.5);
            var others = platform.TakePeople(count, "cnam");
            var asked = OpenLoop.Quantile(await OpenLoop.RunAsync(PerSecond, count, i => platform.AskAsync(BenchPlatform.Question(others[i].Nir, "cnam"))), 0.5);
            if (round == 0)
                continue;
            flushes.Add(OpenLoop.Quantile(await OpenLoop.RunAsync(PerSecond, (int)PerSecond, _ => disk.OnceAsync()), 0.5));
            direct.Add(alone);
            through.Add(asked);
            added.Add(asked - alone);
        }

        return
        [
            new("The simulator called directly, p50 at 50/s", direct.Text("0.00", " ms")),
            new("The disk: eight kilobytes written and flushed, p50 at 50/s", flushes.Text("0.00", " ms")),
            new("A chosen regime, fresh, p50 at 50/s", through.Text("0.00", " ms")),
            new("  added", added.Text("0.00", " ms"), Goal.AtMost(added.Median, 3, " ms")),
        ];
    }

    /// <summary>Fresh questions and direct calls, as fast as they go.</summary>
    internal static Task WarmAsync(BenchPlatform platform) =>
        Parallel.ForEachAsync(platform.TakePeople(WarmQuestions, "cnam"), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (person, stop) =>
        {
            await platform.AskAsync(BenchPlatform.Question(person.Nir, "cnam"), stop);
            await DirectAsync(platform, person.Nir);
        });

    internal static async Task DirectAsync(BenchPlatform platform, string nir)
    {
        var body = JsonSerializer.Serialize(new { nir, dateSoins = TimeProvider.System.GetLocalNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) });
        using var request = RegimeRequests.Make(new Uri(platform.Simulator.Address, "regimes/cnam/droits"), new StringContent(body, Encoding.UTF8, "application/json"));
        using var response = await platform.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }
}
