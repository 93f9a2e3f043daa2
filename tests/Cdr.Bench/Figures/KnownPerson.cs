using System.Collections.Concurrent;
using System.Text.Json;
using Cdr.Bench.Floors;
using Cdr.Bench.Load;
using Cdr.Bench.Running;

namespace Cdr.Bench.Figures;

/// <summary>A person asked about before, for another care date, no regime chosen: the regime that answered last is asked first.</summary>
internal static class KnownPerson
{
    private const double PerSecond = 50;

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        var regimes = new RegimeControl(platform.Http, platform.Simulator);
        var count = (int)(PerSecond * plan.Seconds);
        var (direct, known, added, calls) = (new Rounds(), new Rounds(), new Rounds(), new Rounds());
        var flushes = new Rounds();
        using var disk = new DiskFlush();
        await ChosenFresh.WarmAsync(platform);
        // A known person is asked by another way than a chosen regime: it is warmed too, and does not count.
        for (var round = -3; round <= plan.Rounds; round++)
        {
            var people = await KnownAsync(platform, count);
            var others = platform.TakePeople(count, "cnam");
            var alone = OpenLoop.Quantile(await OpenLoop.RunAsync(PerSecond, count, i => ChosenFresh.DirectAsync(platform, others[i].Nir)), 0.5);
            var before = await regimes.CallsAsync();
            var asked = OpenLoop.Quantile(await OpenLoop.RunAsync(PerSecond, count, i => platform.AskAsync(BenchPlatform.Question(people[i], null, Yesterday))), 0.5);
            await Task.Delay(TimeSpan.FromSeconds(1));
            var after = await regimes.CallsAsync();
            if (round <= 0)
                continue;
            flushes.Add(OpenLoop.Quantile(await OpenLoop.RunAsync(PerSecond, (int)PerSecond, _ => disk.OnceAsync()), 0.5));
            direct.Add(alone);
            known.Add(asked);
            added.Add(asked - alone);
            calls.Add((after - before) / (double)count);
        }

        return
        [
            new("Known person, the simulator called directly, p50 at 50/s", direct.Text("0.00", " ms")),
            new("The disk: eight kilobytes written and flushed, p50 at 50/s", flushes.Text("0.00", " ms")),
            new("Known person, no regime chosen, p50 at 50/s", known.Text("0.00", " ms")),
            new("  added", added.Text("0.00", " ms"), Goal.AtMost(added.Median, 2, " ms")),
            new("  regime calls a question", calls.Text("0.00"), Goal.AtMost(calls.Median, 1.1)),
        ];
    }

    /// <summary>People whose rights were found open: of whom nothing was found open nothing is remembered, and all regimes are asked again.</summary>
    private static async Task<IReadOnlyList<string>> KnownAsync(BenchPlatform platform, int count)
    {
        ConcurrentBag<string> open = [];
        await Parallel.ForEachAsync(platform.TakePeople(count * 2, "cnam"), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (person, stop) =>
        {
            using var answer = JsonDocument.Parse(await platform.AskAsync(BenchPlatform.Question(person.Nir, null), stop));
            if (answer.RootElement.GetProperty("affiliations") is { } found && found.GetArrayLength() == 1 && found[0].GetProperty("baseRights").GetProperty("state").GetString() == "open")
                open.Add(person.Nir);
        });
        return open.Count >= count ? [.. open.Take(count)] : throw new InvalidOperationException("Too few people with open rights.");
    }

    private static DateOnly Yesterday => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().AddDays(-1).DateTime);
}
