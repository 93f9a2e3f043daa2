using Cdr.Bench.Load;
using Cdr.Bench.Running;

namespace Cdr.Bench.Figures;

/// <summary>One regime at a time has a fault and is asked about; the sixteen others' chosen-regime questions take as long as ever.</summary>
internal static class OtherSixteen
{
    private const double PerSecond = 60;
    private static readonly string[] Modes = ["slow", "reset", "truncated", "wrong-schema", "unavailable", "hanging"];

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        var regimes = new RegimeControl(platform.Http, platform.Simulator);
        var all = await regimes.IdsAsync();
        var places = Math.Max(1, plan.Seconds / 2);
        await RoundAsync(platform, regimes, all, null, places);
        var (first, second) = (await RoundAsync(platform, regimes, all, null, places), await RoundAsync(platform, regimes, all, null, places));
        List<FigureRow> rows =
        [
            new("The others of seventeen, two healthy rounds, p50 (of each regime's sixteen others)", first.Text("0.00", " ms")),
            new("  the second", second.Text("0.00", " ms")),
        ];
        var most = Math.Max(first.Values.Max(), second.Values.Max());
        foreach (var mode in Modes)
        {
            var round = await RoundAsync(platform, regimes, all, mode, places);
            var within = round.Values.Count(value => value <= most);
            rows.Add(new($"  one regime {mode}", round.Text("0.00", " ms"), new Goal(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"≤ {most:0.00} ms: {within} of {all.Count}"), within == all.Count)));
        }

        return rows;
    }

    /// <summary>For each regime in turn: it has the fault, one question in seventeen is its own, the p50 is the others'.</summary>
    private static async Task<Rounds> RoundAsync(BenchPlatform platform, RegimeControl regimes, IReadOnlyList<string> all, string? mode, int places)
    {
        var round = new Rounds();
        List<Task> own = [];
        foreach (var sick in all)
        {
            if (mode is not null)
                await regimes.SetAsync(sick, mode);
            var count = (int)(PerSecond * places / 2);
            var people = platform.TakePeople(count);
            var times = await OpenLoop.RunAsync(PerSecond, count, i =>
            {
                var asked = all[i % all.Count];
                var question = platform.AskAsync(BenchPlatform.Question(people[i].Nir, asked));
                if (asked != sick)
                    return question;
                lock (own)
                    own.Add(question);
                return Task.CompletedTask;
            });
            round.Add(OpenLoop.Quantile([.. times.Where((_, i) => all[i % all.Count] != sick)], 0.5));
            if (mode is not null)
                await regimes.SetAsync(sick, "up");
        }

        // A hung regime's own questions end by its timeout, beside the next place.
        await Task.WhenAll(own);
        return round;
    }
}
