using Cdr.Bench.Load;
using Cdr.Bench.Running;

namespace Cdr.Bench.Figures;

/// <summary>All seventeen at once, healthy, against a bare HttpClient fan-out that waits for the slowest and reads nothing.</summary>
internal static class AllSeventeen
{
    private const double PerSecond = 20;
    private const int AtOnce = 8;

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        var requests = RegimeRequests.All(platform.Simulator.Address, DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime));
        var count = (int)(PerSecond * plan.Seconds);
        var (slowest, answer, added, bareRate, rate) = (new Rounds(), new Rounds(), new Rounds(), new Rounds(), new Rounds());
        for (var round = 0; round <= plan.Rounds; round++)
        {
            var first = platform.TakePeople(count);
            var alone = OpenLoop.Quantile(await OpenLoop.RunAsync(PerSecond, count, i => BareAsync(platform, requests, first[i].Nir)), 0.5);
            var second = platform.TakePeople(count);
            var asked = OpenLoop.Quantile(await OpenLoop.RunAsync(PerSecond, count, i => platform.AskAsync(BenchPlatform.Question(second[i].Nir, null))), 0.5);
            var bare = await RateAsync(platform.TakePeople(200), nir => BareAsync(platform, requests, nir));
            var whole = await RateAsync(platform.TakePeople(200), nir => platform.AskAsync(BenchPlatform.Question(nir, null)));
            if (round == 0)
                continue;
            slowest.Add(alone);
            answer.Add(asked);
            added.Add(asked - alone);
            bareRate.Add(bare);
            rate.Add(whole);
        }

        return
        [
            new("Slowest of seventeen, bare fan-out, p50 at 20/s", slowest.Text("0.0", " ms")),
            new("All seventeen, fresh, p50 at 20/s", answer.Text("0.0", " ms")),
            new("  added", added.Text("0.0", " ms"), Goal.AtMost(added.Median, 15, " ms")),
            new($"Bare fan-out of 17, {AtOnce} at once", bareRate.Text("0", "/s")),
            new($"All seventeen, whole question, {AtOnce} at once", rate.Text("0", "/s")),
            new("  over the bare fan-out", rate.Over(bareRate).Text("0.00")),
        ];
    }

    private static async Task<double> RateAsync(IReadOnlyList<Cdr.RegimeSimulator.SimulatedInsured> people, Func<string, Task> ask)
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (person, _) => await ask(person.Nir));
        return people.Count / System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static Task BareAsync(BenchPlatform platform, IReadOnlyList<Func<string, HttpRequestMessage>> requests, string nir) =>
        Task.WhenAll(requests.Select(async make =>
        {
            using var request = make(nir);
            using var response = await platform.Http.SendAsync(request);
            await response.Content.ReadAsByteArrayAsync();
        }));
}
