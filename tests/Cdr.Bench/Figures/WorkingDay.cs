using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Cdr.Bench.Load;
using Cdr.Bench.Running;

namespace Cdr.Bench.Figures;

/// <summary>
/// A working day: 100,000 questions about 60,000 persons, 70 % without a regime, all seven reasons, some by names and some about people who
/// moved, in the order of a day whose peaks are at 9 and 14 o'clock, replayed as fast as it goes. The guard against enumeration is on, as an
/// instance has it: the day is that of 500 cards in 100 establishments, and to the guard all of it happens within one hour.
/// </summary>
internal static class WorkingDay
{
    private const int AtOnce = 96;
    private const string Answered = $"""SELECT "Id" FROM records WHERE "Kind" = 3 AND "Subject" LIKE '{Desks.Card}%'""";

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        var (questions, persons) = plan.IsQuick ? (20_000, 12_000) : (100_000, 60_000);
        var rights = await platform.GuardedRightsAsync("day");
        var clerks = await Desks.SignInAsync(platform);
        var day = Desks.Day(platform, questions, persons);
        // Compiled code and connections are warm, as they are in the morning; of the day's own persons nothing is kept.
        await Parallel.ForEachAsync(platform.TakePeople(questions / 10).Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (person, stop) =>
            await platform.AskAsync(rights, BenchPlatform.Question(person.Item.Nir, null), clerks[person.Index % clerks.Count], stop));
        var regimes = new RegimeControl(platform.Http, platform.Simulator);
        var (calls, recorded) = (await regimes.CallsAsync(), await platform.IdsFromJournalAsync(Answered));
        var times = new double[questions];
        var (next, errors, twice) = (-1, 0, 0);
        var (ids, outcomes, refusals) = (new ConcurrentDictionary<Guid, bool>(), new ConcurrentDictionary<string, int>(StringComparer.Ordinal), new ConcurrentDictionary<string, int>(StringComparer.Ordinal));
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
                    var (id, outcome) = Read(await platform.AskAsync(rights, body, clerks[clerk]));
                    if (!ids.TryAdd(id, true))
                        Interlocked.Increment(ref twice);
                    outcomes.AddOrUpdate(outcome, 1, (_, count) => count + 1);
                }
                catch (Exception e) when (e is InvalidOperationException or HttpRequestException or OperationCanceledException)
                {
                    Interlocked.Increment(ref errors);
                    // A refusal's status and type, which name nobody.
                    refusals.AddOrUpdate(e is InvalidOperationException ? e.Message.Split(',')[0] : e.GetType().Name, 1, (_, count) => count + 1);
                }

                times[mine] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
        })));
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        cpu = rights.CpuSeconds() - cpu;
        foreach (var (refusal, count) in refusals)
            Console.WriteLine($"  {count} errors: {refusal}");
        var written = await platform.IdsFromJournalAsync(Answered);
        written.ExceptWith(recorded);
        var (lost, beside) = (ids.Keys.Count(id => !written.Contains(id)), written.Count(id => !ids.ContainsKey(id)));
        string Figure(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        return
        [
            new(Figure($"A working day: {questions:#,0} questions, {persons:#,0} persons, {clerks.Count} cards"), Figure($"{took:0.0} s"), plan.IsQuick ? null : Goal.AtMost(took, 60, " s")),
            new("  errors, the guard's refusals among them", Figure($"{errors}"), Goal.Always(0, errors)),
            new("  answers whose record is not in the journal, by id", Figure($"{lost} of {ids.Count:#,0}"), Goal.Always(0, lost)),
            new("  records whose answer nobody got, by id", Figure($"{beside}"), Goal.Always(0, beside)),
            new("  ids given twice", Figure($"{twice}"), Goal.Always(0, twice)),
            new("  p50, p99", Figure($"{OpenLoop.Quantile(times, 0.5):0} ms, {OpenLoop.Quantile(times, 0.99):0} ms"), Goal.AtMost(OpenLoop.Quantile(times, 0.99), 500, " ms", "p99 ")),
            new("  how they ended", string.Join(", ", outcomes.OrderByDescending(one => one.Value).Select(one => Figure($"{one.Key} {one.Value * 100.0 / questions:0.0} %")))),
            new("  regime calls a question", Figure($"{(await regimes.CallsAsync() - calls) / (double)questions:0.00}")),
            new("  CPU time of Rights a question", Figure($"{cpu / questions * 1e6:0} µs")),
            new("  memory of Rights, highest", Figure($"{rights.HighestMemory() / 1048576.0:0} MB"), Goal.AtMost(rights.HighestMemory() / 1048576.0, 500, " MB")),
        ];
    }

    private static (Guid Id, string Outcome) Read(byte[] answer)
    {
        using var document = JsonDocument.Parse(answer);
        return (document.RootElement.GetProperty("id").GetGuid(), document.RootElement.GetProperty("outcome").GetString()!);
    }
}
