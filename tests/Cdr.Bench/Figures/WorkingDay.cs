using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Cdr.Bench.Load;
using Cdr.Bench.Running;
using Cdr.Testing.Identity;

namespace Cdr.Bench.Figures;

/// <summary>
/// A working day: 100,000 questions about 60,000 persons, 70 % without a regime, mixed reasons, in the order of a day whose peaks are
/// at 9 and 14 o'clock, replayed as fast as it goes.
/// </summary>
internal static class WorkingDay
{
    private const int AtOnce = 96;
    private static readonly string[] Reasons = ["card-forgotten-lost-stolen", "emergency", "patient-absent", "attending-physician"];

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        var (questions, persons) = plan.Rounds < 5 ? (20_000, 12_000) : (100_000, 60_000);
        var rights = await platform.RightsWithAsync("day");
        string[] clerks =
        [
            platform.Token,
            await platform.SignInAsync(new TestCaller { Subject = "person-2", Finess = "930712187", Department = "93", Group = "ght-93" }),
            await platform.SignInAsync(new TestCaller { Subject = "person-3", Finess = "920712189", Department = "92", Group = "ght-92" }),
        ];
        var day = Day(platform, questions, persons);
        // Compiled code and connections are warm, as they are in the morning; of the day's own persons nothing is kept.
        await Parallel.ForEachAsync(
            platform.TakePeople(questions / 10), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (person, stop) => await platform.AskAsync(rights, BenchPlatform.Question(person.Nir, null), null, stop));
        var regimes = new RegimeControl(platform.Http, platform.Simulator);
        var (calls, recorded) = (await regimes.CallsAsync(), await platform.FromJournalAsync(Answered));
        var times = new double[questions];
        var (next, errors) = (-1, 0);
        var ids = new ConcurrentDictionary<Guid, bool>();
        var (cpu, start) = (rights.CpuSeconds(), Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            int mine;
            while ((mine = Interlocked.Increment(ref next)) < questions)
            {
                var (body, clerk) = day[mine];
                var began = Stopwatch.GetTimestamp();
                try
                {
                    var answer = await platform.AskAsync(rights, body, clerks[clerk]);
                    ids.TryAdd(Id(answer), true);
                }
                catch (Exception e) when (e is InvalidOperationException or HttpRequestException or OperationCanceledException)
                {
                    Interlocked.Increment(ref errors);
                }

                times[mine] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
        })));
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        cpu = rights.CpuSeconds() - cpu;
        var lost = questions - errors - (await platform.FromJournalAsync(Answered) - recorded);
        string Figure(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        return
        [
            new(Figure($"A working day: {questions:#,0} questions, {persons:#,0} persons"), Figure($"{took:0.0} s"), questions == 100_000 ? Goal.AtMost(took, 60, " s") : null),
            new("  errors", Figure($"{errors}"), Goal.Always(0, errors)),
            new("  answers without their record", Figure($"{lost} ({ids.Count} ids)"), Goal.Always(0, lost)),
            new("  p50, p99", Figure($"{OpenLoop.Quantile(times, 0.5):0} ms, {OpenLoop.Quantile(times, 0.99):0} ms"), Goal.AtMost(OpenLoop.Quantile(times, 0.99), 500, " ms", "p99 ")),
            new("  regime calls a question", Figure($"{(await regimes.CallsAsync() - calls) / (double)questions:0.00}")),
            new("  CPU time of Rights a question", Figure($"{cpu / questions * 1e6:0} µs")),
            new("  memory of Rights, highest", Figure($"{rights.HighestMemory() / 1048576.0:0} MB"), Goal.AtMost(rights.HighestMemory() / 1048576.0, 500, " MB")),
        ];
    }

    private const string Answered = "SELECT count(*) FROM records WHERE \"Kind\" = 3";

    private static Guid Id(byte[] answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("id").GetGuid();
    }

    /// <summary>Each person once, the rest again some time after: at admission, then for the invoice, by the same establishment.</summary>
    private static List<(string Body, int Clerk)> Day(BenchPlatform platform, int questions, int persons)
    {
        var dice = new Random(20261124);
        var people = platform.TakePeople(persons);
        List<(double Hour, string Body, int Clerk)> day = [];
        for (var i = 0; i < questions; i++)
        {
            var again = i >= persons;
            var who = again ? dice.Next(persons) : i;
            var (person, clerk) = (people[who], who % 3);
            // Two peaks, and a tail into the night.
            var hour = dice.Next(10) switch { < 4 => 9 + Bell(dice), < 8 => 14 + Bell(dice) * 1.5, _ => dice.NextDouble() * 24 };
            var regime = dice.NextDouble() < 0.7 ? null : person.Memberships[0].Regime;
            day.Add((again ? Math.Min(24, hour + dice.NextDouble() * 4) : hour, BenchPlatform.Question(person.Nir, regime, reason: Reasons[dice.Next(Reasons.Length)]), clerk));
        }

        return [.. day.OrderBy(one => one.Hour).Select(one => (one.Body, one.Clerk))];
    }

    private static double Bell(Random dice) => dice.NextDouble() + dice.NextDouble() + dice.NextDouble() - 1.5;
}
