namespace Cdr.Bench.Running;

/// <summary>How long, and what.</summary>
internal sealed record BenchPlan(int Rounds, int Seconds, IReadOnlyList<string> Only)
{
    /// <value>In the order in which they run.</value>
    public static readonly string[] Parts = ["cached", "telemetry", "fresh", "all", "unknown", "known", "identical", "faulty", "others", "day", "fhir", "batch", "sessions", "journal"];

    public static BenchPlan? From(string[] args)
    {
        var plan = new BenchPlan(5, 6, Parts);
        for (var place = 0; place < args.Length; place++)
        {
            switch (args[place])
            {
                case "--quick":
                    plan = plan with { Rounds = 3, Seconds = 2 };
                    break;
                case "--only" when place + 1 < args.Length && args[place + 1].Split(',') is var only && only.All(Parts.Contains):
                    plan = plan with { Only = only };
                    place++;
                    break;
                default:
                    return null;
            }
        }

        return plan;
    }

    public bool Runs(string part) => Only.Contains(part);
}
