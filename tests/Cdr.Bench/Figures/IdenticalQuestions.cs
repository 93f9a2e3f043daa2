using Cdr.Bench.Running;

namespace Cdr.Bench.Figures;

/// <summary>1,000 identical questions at once, nothing kept, half of them through another process: the regime is called once.</summary>
internal static class IdenticalQuestions
{
    private const int Count = 1000;

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        var regimes = new RegimeControl(platform.Http, platform.Simulator);
        MeasuredProcess[] both = [platform.Rights, await platform.PeerAsync()];
        var (calls, took) = (new Rounds(), new Rounds());
        for (var round = 0; round < plan.Rounds; round++)
        {
            var question = BenchPlatform.Question(platform.TakePeople(1, "cnam")[0].Nir, "cnam");
            var before = await regimes.CallsAsync();
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Count).Select(i => platform.AskAsync(both[i % 2], question)));
            took.Add(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            calls.Add(await regimes.CallsAsync() - before);
        }

        return
        [
            new("1,000 identical cold questions over two processes, regime calls", calls.Text("0"), Goal.Always(1, calls.Values)),
            new("  all answered after", took.Text("0", " ms")),
        ];
    }
}
