using System.Globalization;
using Cdr.Bench.Load;
using Cdr.Bench.Running;

namespace Cdr.Bench.Figures;

/// <summary>
/// One regime at a time has a fault and is asked about; the sixteen others' chosen-regime questions take as long as ever. At each regime's
/// turn the two healthy measurements and the six faults follow each other within seconds, so that a machine that tires does so for all of them.
/// </summary>
internal static class OtherSixteen
{
    private const double PerSecond = 60;

    /// <summary>
    /// Of seventeen values, how many may be above the highest of thirty-four although nothing differs: one is in a third of all runs, five or
    /// more in 0.3 % (six faults: 1.6 %). « None of them » would be missed by three of four platforms whose faults cost nobody anything.
    /// </summary>
    private const int ByChance = 4;

    private static readonly string?[] States = [null, "slow", "reset", "truncated", "wrong-schema", "unavailable", "hanging", null];

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        var regimes = new RegimeControl(platform.Http, platform.Simulator);
        var all = await regimes.IdsAsync();
        var count = (int)(PerSecond * Math.Max(1, plan.Seconds / 2) / 2);
        foreach (var sick in all.Take(5))
            await OthersAsync(platform, all, sick, count);
        Rounds[] found = [.. States.Select(_ => new Rounds())];
        List<Task> own = [];
        for (var turn = 0; turn < all.Count; turn++)
        {
            // Another order at each turn: what comes after a hung regime is not always the same.
            foreach (var state in Enumerable.Range(0, States.Length).Select(i => (i + turn) % States.Length))
            {
                await regimes.SetAsync(all[turn], States[state] ?? "up");
                var (others, asked) = await OthersAsync(platform, all, all[turn], count);
                found[state].Add(others);
                own.AddRange(asked);
            }

            await regimes.SetAsync(all[turn], "up");
        }

        // A hung regime's own questions end by its timeout, beside the next turns.
        await Task.WhenAll(own);
        var most = Math.Max(found[0].Values.Max(), found[^1].Values.Max());
        return
        [
            new("The others of seventeen, two healthy rounds, p50 (at each regime's turn)", found[0].Text("0.00", " ms")),
            new("  the second", found[^1].Text("0.00", " ms")),
            .. found[1..^1].Select((faulty, i) => Row(States[i + 1]!, faulty, most)),
        ];
    }

    private static FigureRow Row(string state, Rounds faulty, double most)
    {
        var above = faulty.Values.Count(value => value > most);
        return new($"  one regime {state}", faulty.Text("0.00", " ms"), new Goal(
            string.Create(CultureInfo.InvariantCulture, $"median ≤ {most:0.00} ms, ≤ {ByChance} turns above: {above}"), faulty.Median <= most && above <= ByChance));
    }

    /// <summary>One question in seventeen is the sick regime's own; the p50 is the others'.</summary>
    private static async Task<(double Others, IReadOnlyList<Task> Own)> OthersAsync(BenchPlatform platform, IReadOnlyList<string> all, string sick, int count)
    {
        List<Task> own = [];
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
        return (OpenLoop.Quantile([.. times.Where((_, i) => all[i % all.Count] != sick)], 0.5), own);
    }
}
