using Cdr.Bench.Load;
using Cdr.Bench.Running;
using Cdr.Testing.Platforms;

namespace Cdr.Bench.Figures;

/// <summary>The cached consultation in two processes side by side: telemetry sent to a receiver, and to nobody.</summary>
internal static class TelemetryCost
{
    private const int Persons = 500;

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var told = await platform.RightsWithAsync("told", [.. receiver.Settings]);
        var bodies = platform.TakePeople(Persons, "cnam").Select(p => BenchPlatform.Question(p.Nir, "cnam")).ToList();
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (body, stop) => await platform.AskAsync(body, stop));
        var script = Wrk.Script(platform.Folder, "told", "/api/consultations", platform.Token, bodies);
        var (with, without) = (new Rounds(), new Rounds());
        for (var round = 0; round <= plan.Rounds; round++)
        {
            var loud = await Wrk.RunAsync(script, told.Process.Address, 64, plan.Seconds);
            var quiet = await Wrk.RunAsync(script, platform.Rights.Process.Address, 64, plan.Seconds);
            if (round == 0)
                continue;
            with.Add(loud);
            without.Add(quiet);
        }

        return
        [
            new("Cached consultation, telemetry sent, 64 connections", with.Text("0", "/s")),
            new("  over telemetry sent to nobody", with.Over(without).Text("0.00")),
        ];
    }
}
