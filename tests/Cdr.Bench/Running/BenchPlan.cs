namespace Cdr.Bench.Running;

/// <summary>How long, and what.</summary>
/// <param name="Rounds">Interleaved.</param>
/// <param name="Seconds">Of each.</param>
/// <param name="Only">Parts to run.</param>
/// <param name="IsStrict">A goal that is not held is a failure.</param>
/// <param name="WritesBaseline">What a cached question costs is written down.</param>
internal sealed record BenchPlan(int Rounds, int Seconds, IReadOnlyList<string> Only, bool IsStrict = false, bool WritesBaseline = false)
{
    /// <value>In the order in which they run.</value>
    public static readonly string[] Parts = ["cached", "telemetry", "fresh", "all", "unknown", "known", "identical", "faulty", "others", "day", "fhir", "batch", "sessions", "journal", "usage", "support"];

    public static string Help { get; } =
        $"""
        ./bench [--quick] [--only PART[,PART…]] [--strict] [--write-baseline]

          --quick           3 rounds of 2 s instead of 5 of 6 s, and smaller days and journals: that the parts run, not what they come to
          --only            these parts: {string.Join(' ', Parts)}; usage:dashboards is one figure of usage alone
          --strict          ends with 1 where a goal is not held. Without it a goal that is not held is said and ends with 0: a busy machine
                            fails no build. An error ends with something else than 0 either way.
          --write-baseline  writes what a cached question costs (part cached) into tests/Cdr.Bench/baseline.json, which later runs are compared
                            with. Not with --quick.
        """;

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
                case "--only" when place + 1 < args.Length && args[place + 1].Split(',') is var only && only.All(part => Parts.Contains(PartOf(part))):
                    plan = plan with { Only = only };
                    place++;
                    break;
                case "--strict":
                    plan = plan with { IsStrict = true };
                    break;
                case "--write-baseline":
                    plan = plan with { WritesBaseline = true };
                    break;
                default:
                    return null;
            }
        }

        return plan.WritesBaseline && (plan.IsQuick || !plan.Runs("cached")) ? null : plan;
    }

    public bool IsQuick => Rounds < 5;

    public bool Runs(string part) => Only.Any(one => PartOf(one) == part);

    /// <summary>Whether a part is asked for whole, or for this figure of it.</summary>
    public bool Measures(string part, string figure) => Only.Contains(part) || Only.Contains($"{part}:{figure}");

    private static string PartOf(string asked) => asked.Split(':')[0];

    /// <summary>What the program ends with, where nothing failed.</summary>
    public int EndsWith(IEnumerable<FigureRow> rows) => IsStrict && rows.Any(row => row.Goal is { IsHeld: false }) ? 1 : 0;
}
