using System.Globalization;
using Cdr.Bench.Load;
using Cdr.Bench.Running;

namespace Cdr.Bench.Figures;

/// <summary>The whole cached consultation against the two floors.</summary>
internal static class CachedConsultation
{
    private const int Persons = 1000;
    private const int WarmSeconds = 8;

    // Measured on the journal's own last rows: the sealed answer and the plain columns.
    private const string RowSize = "SELECT avg(size)::bigint FROM (SELECT pg_column_size(records.*) AS size FROM records WHERE \"Kind\" = 3 ORDER BY \"Id\" DESC LIMIT 2000) last";

    public static async Task<IReadOnlyList<FigureRow>> RunAsync(BenchPlatform platform, BenchPlan plan)
    {
        Console.WriteLine("Cached consultation: asking each person once…");
        var bodies = platform.TakePeople(Persons, "cnam").Select(p => BenchPlatform.Question(p.Nir, "cnam")).ToList();
        var answer = Array.Empty<byte>();
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (body, stop) => await platform.AskAsync(body, stop));
        var question = Wrk.Script(platform.Folder, "question", "/api/consultations", platform.Token, bodies);
        // Until the answers are what a person asked about again is given.
        await Wrk.RunAsync(question, platform.Rights.Process.Address, 128, WarmSeconds);
        answer = await platform.AskAsync(bodies[0]);
        var row = (int)await platform.FromJournalAsync(RowSize);
        await platform.PrepareFloorsAsync(Persons, row, answer);
        var floorA = Wrk.Script(platform.Folder, "a", "/a", platform.Token, bodies);
        var floorB = Wrk.Script(platform.Folder, "b", "/b", platform.Token, bodies);

        // Compiled code and connections are warm on both sides before anything counts: the question has much more code to compile.
        foreach (var script in (string[])[floorA, floorB, question, question, question, question])
            await Wrk.RunAsync(script, Server(script), 128, WarmSeconds);

        var before = Baseline.Read();
        List<FigureRow> rows = [new("Answer, and its journal row", string.Create(CultureInfo.InvariantCulture, $"{answer.Length} and {row} bytes"))];
        foreach (var connections in (int[])[32, 128])
        {
            var (a, b, mine, cpu) = (new Rounds(), new Rounds(), new Rounds(), new Rounds());
            Dictionary<string, (Rounds Floor, Rounds Question)> servers = new() { ["postgres"] = (new(), new()), ["redis-server"] = (new(), new()) };
            var (floorCpu, bytes, floorBytes) = (new Rounds(), new Rounds(), new Rounds());
            for (var round = 0; round < plan.Rounds; round++)
            {
                a.Add(await Wrk.RunAsync(floorA, Server(floorA), connections, plan.Seconds));
                var (start, floor, allocated) = (ProcessTree.CpuSeconds(), platform.Floors.CpuSeconds(), await platform.Floors.AllocatedAsync());
                b.Add(await Wrk.RunAsync(floorB, Server(floorB), connections, plan.Seconds));
                floorCpu.Add((platform.Floors.CpuSeconds() - floor) / (b.Values[^1] * plan.Seconds) * 1_000_000);
                floorBytes.Add((await platform.Floors.AllocatedAsync() - allocated) / (b.Values[^1] * plan.Seconds));
                Spent(start, b.Values[^1], one => one.Floor);
                allocated = await platform.Rights.AllocatedAsync();
                start = ProcessTree.CpuSeconds();
                var spent = platform.Rights.CpuSeconds();
                var rate = await Wrk.RunAsync(question, Server(question), connections, plan.Seconds);
                mine.Add(rate);
                cpu.Add((platform.Rights.CpuSeconds() - spent) / (rate * plan.Seconds) * 1_000_000);
                Spent(start, rate, one => one.Question);
                bytes.Add((await platform.Rights.AllocatedAsync() - allocated) / (rate * plan.Seconds));

                void Spent(Dictionary<string, double> since, double perSecond, Func<(Rounds Floor, Rounds Question), Rounds> where)
                {
                    var now = ProcessTree.CpuSeconds();
                    foreach (var (program, figures) in servers)
                        where(figures).Add((now.GetValueOrDefault(program) - since.GetValueOrDefault(program)) / (perSecond * plan.Seconds) * 1_000_000);
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {connections} connections, round {round + 1}: A {a.Values[^1]:0}, B {b.Values[^1]:0}, question {rate:0} /s"));
            }

            rows.Add(new($"Floor A, Redis GET, {connections} connections", a.Text("0", "/s")));
            rows.Add(new($"Floor B, least code, {connections} connections", b.Text("0", "/s")));
            rows.Add(new($"Cached consultation, {connections} connections", mine.Text("0", "/s")));
            rows.Add(new($"  over floor A, {connections} connections", mine.Over(a).Text("0.00")));
            rows.Add(new($"  over floor B, {connections} connections", mine.Over(b).Text("0.00"), connections == 128 ? Goal.AtLeast(mine.Over(b).Median, 0.8) : null));
            rows.Add(new($"  CPU time of Rights a question, {connections} connections", cpu.Text("0", " µs")));
            rows.Add(new("    of floor B's process", floorCpu.Text("0", " µs")));
            rows.Add(new("    over floor B's process", cpu.Over(floorCpu).Text("0.00")));
            if (connections == 128)
                rows.Add(Baseline.Compare(cpu.Over(floorCpu), before?.CpuOverFloorB, "0.00"));
            rows.Add(new("    of PostgreSQL; for floor B", $"{servers["postgres"].Question.Text("0", " µs")}; {servers["postgres"].Floor.Text("0", " µs")}"));
            rows.Add(new("    of Redis; for floor B", $"{servers["redis-server"].Question.Text("0", " µs")}; {servers["redis-server"].Floor.Text("0", " µs")}"));
            rows.Add(new($"  Bytes that Rights allocates a question, {connections} connections", bytes.Text("0"), connections == 128 ? Goal.AtMost(bytes.Median, 25_000) : null));
            rows.Add(new("    that floor B's process does", floorBytes.Text("0")));
            if (connections != 128)
                continue;
            rows.Add(Baseline.Compare(bytes, before?.BytesACachedQuestion, "0"));
            if (plan.WritesBaseline)
                new Baseline(Math.Round(bytes.Median), Math.Round(cpu.Over(floorCpu).Median, 2)).Write();
        }

        return rows;

        Uri Server(string script) => script == question ? platform.Rights.Process.Address : platform.Floors.Process.Address;
    }
}
