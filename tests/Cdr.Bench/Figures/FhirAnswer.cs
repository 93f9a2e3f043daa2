using Cdr.Bench.Load;
using Cdr.Bench.Running;

namespace Cdr.Bench.Figures;

/// <summary>The same question about the same persons through the FHIR door and through the plain one, both from what is kept: processor time in Rights.</summary>
internal static class FhirAnswer
{
    private const int Persons = 500;
    private const int Connections = 16;

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        var people = platform.TakePeople(Persons, "cnam");
        List<string> bodies = [.. people.Select(p => BenchPlatform.Question(p.Nir, "cnam"))];
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (body, stop) => await platform.AskAsync(body, stop));
        var plain = Wrk.Script(platform.Folder, "plain", "/api/consultations", platform.Token, bodies);
        var fhir = Wrk.Script(platform.Folder, "fhir", "/fhir/CoverageEligibilityRequest/$submit", platform.Token, [.. people.Select(p => Request(p.Nir))]);
        var (one, other) = (new Rounds(), new Rounds());
        for (var round = 0; round <= plan.Rounds; round++)
        {
            var cost = await CostAsync(platform.Rights, plain, plan.Seconds);
            var inFhir = await CostAsync(platform.Rights, fhir, plan.Seconds);
            if (round == 0)
                continue;
            one.Add(cost);
            other.Add(inFhir);
        }

        return
        [
            new($"Plain answer from what is kept, {Connections} connections, CPU time of Rights", one.Text("0", " µs")),
            new("  the same in FHIR R4", other.Text("0", " µs")),
            new("  over the plain one", other.Over(one).Text("0.00"), Goal.AtMost(other.Over(one).Median, 2)),
        ];
    }

    private static async Task<double> CostAsync(MeasuredProcess rights, string script, int seconds)
    {
        var before = rights.CpuSeconds();
        var rate = await Wrk.RunAsync(script, rights.Process.Address, Connections, seconds);
        return (rights.CpuSeconds() - before) / (rate * seconds) * 1_000_000;
    }

    private static string Request(string nir) => $$$$"""
        {"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["validation","benefits"],"created":"2026-11-25","extension":[{"url":"urn:cdr:fhir:reason","valueCode":"emergency"}],"insurer":{"identifier":{"system":"urn:cdr:regime","value":"cnam"}},"patient":{"identifier":{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"{{{{nir}}}}"}}}
        """.Trim();
}
