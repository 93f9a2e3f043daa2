using System.Diagnostics;
using Cdr.Bench.Figures;
using Cdr.Bench.Floors;
using Cdr.Bench.Running;

namespace Cdr.Bench;

/// <summary>The figures, side by side in one run on real servers, in interleaved rounds. <c>floors</c> serves the two floors instead.</summary>
internal static class BenchProgram
{
    private const double Megabyte = 1 << 20;

    private static async Task<int> Main(string[] args)
    {
        if (args is ["floors"])
        {
            await FloorServer.RunAsync();
            return 0;
        }

        var plan = BenchPlan.From(args);
        if (plan is null)
        {
            Console.WriteLine(BenchPlan.Help);
            return 2;
        }

        Console.WriteLine($"CDR bench: {plan.Rounds} interleaved rounds of {plan.Seconds} s; {Environment.ProcessorCount} cores; servers, floors and load on the same machine. Ratios are what to read.");
        var rows = await MeasureAsync(plan);
        Console.WriteLine("All of it:");
        Table.Print(rows);
        Console.WriteLine();
        Console.WriteLine(Table.Sum(rows));
        return plan.EndsWith(rows);
    }

    private static async Task<IReadOnlyList<FigureRow>> MeasureAsync(BenchPlan plan)
    {
        // These have servers of their own, and need none of the others.
        if (plan.Only is ["sessions"])
        {
            using var http = BenchPlatform.NewClient();
            return await Sessions.RunAsync(http, plan);
        }

        if (plan.Only is ["journal"])
            return await JournalEvidence.RunAsync(plan);

        if (BenchPlan.Parts.Where(plan.Runs).SequenceEqual(["usage"]))
            return await UsageCounts.RunAsync(plan);

        if (plan.Only is ["support"])
            return await Tickets.RunAsync(plan);

        await using var platform = await BenchPlatform.StartAsync();
        List<FigureRow> rows = [];
        Dictionary<string, Func<BenchPlatform, BenchPlan, Task<IReadOnlyList<FigureRow>>>> figures = new(StringComparer.Ordinal)
        {
            ["cached"] = CachedConsultation.RunAsync,
            ["telemetry"] = TelemetryCost.RunAsync,
            ["fresh"] = ChosenFresh.RunAsync,
            ["all"] = AllSeventeen.RunAsync,
            ["unknown"] = UnknownPerson.RunAsync,
            ["known"] = KnownPerson.RunAsync,
            ["identical"] = IdenticalQuestions.RunAsync,
            ["faulty"] = FaultyRegimes.RunAsync,
            ["others"] = OtherSixteen.RunAsync,
            ["day"] = WorkingDay.RunAsync,
            ["fhir"] = FhirAnswer.RunAsync,
            ["batch"] = BatchBeside.RunAsync,
            ["sessions"] = (running, how) => Sessions.RunAsync(running.Http, how),
            ["journal"] = (_, how) => JournalEvidence.RunAsync(how),
            ["usage"] = (_, how) => UsageCounts.RunAsync(how),
            ["support"] = (_, how) => Tickets.RunAsync(how),
        };
        foreach (var part in BenchPlan.Parts.Where(plan.Runs))
        {
            var began = Stopwatch.GetTimestamp();
            List<FigureRow> found = [.. await figures[part](platform, plan)];
            if (part == "all")
                found.Add(new FigureRow("Memory of the Rights process, highest so far", $"{platform.Rights.HighestMemory() / Megabyte:0} MB", Goal.AtMost(platform.Rights.HighestMemory() / Megabyte, 400, " MB")));

            // Said at once as well: a run stopped half-way has still measured its first half.
            Console.WriteLine($"{part}, in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s:");
            Table.Print(found);
            Console.WriteLine();
            rows.AddRange(found);
        }

        return rows;
    }
}
