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
    /// At how many of seventeen turns a fault may be above both healthy measurements of its turn although nothing differs: of three values that
    /// differ in nothing each is the highest one time in three; twelve turns or more come by chance in 0.2 % (of six faults, in 1 % of runs).
    /// </summary>
    private const int ByChance = 11;

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
        var order = new Random(17);
        for (var turn = 0; turn < all.Count; turn++)
        {
            foreach (var state in Enumerable.Range(0, States.Length).OrderBy(_ => order.Next()))
            {
                // Nothing hangs any more when a healthy regime is measured: a hung one's questions last until their timeout.
                if (States[state] is null)
                    await Task.WhenAll(own);
                await regimes.SetAsync(all[turn], States[state] ?? "up");
                var (others, asked) = await OthersAsync(platform, all, all[turn], count);
                found[state].Add(others);
                own.AddRange(asked);
            }

            await regimes.SetAsync(all[turn], "up");
        }

        await Task.WhenAll(own);
        List<FigureRow> rows =
        [
            new("The others of seventeen, two healthy measurements, p50 (at each regime's turn)", found[0].Text("0.00", " ms")),
            new("  the second", found[^1].Text("0.00", " ms")),
        ];
        foreach (var (state, faulty) in States.Zip(found).Where(one => one.First is not null))
        {
            var above = faulty.Values.Where((value, turn) => value > Math.Max(found[0].Values[turn], found[^1].Values[turn])).Count();
            rows.Add(new($"  one regime {state}", faulty.Text("0.00", " ms"), new Goal(
                string.Create(CultureInfo.InvariantCulture, $"above both at ≤ {ByChance} of {all.Count} turns: {above}"), above <= ByChance)));
        }

        return rows;
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
