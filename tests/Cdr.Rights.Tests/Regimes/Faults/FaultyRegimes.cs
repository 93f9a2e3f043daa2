using System.Text.Json;
using System.Text.Json.Nodes;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Tests.Harness;

namespace Cdr.Rights.Tests.Regimes.Faults;

/// <summary>Every regime asked through each of its faults, over real sockets: the regimes beside one another, the faults of one in turn.</summary>
internal static class FaultyRegimes
{
    private const string Nobody = "1850575113999";

    // A fault comes in up to four kinds, in turn.
    private const int Turns = 4;

    public static TheoryData<string, RegimeMode> Cells(params RegimeMode[] faults)
    {
        var cells = new TheoryData<string, RegimeMode>();
        foreach (var regime in Registry.Ids)
            foreach (var fault in faults)
                cells.Add(regime, fault);
        return cells;
    }

    public static async Task<IReadOnlyDictionary<(string Regime, RegimeMode Fault), Cell>> AskAsync(RightsWorld world, params RegimeMode[] faults)
    {
        var columns = await Task.WhenAll(Registry.Ids.Select(regime => ColumnAsync(world, regime, faults)));
        return columns.SelectMany(one => one).ToDictionary(one => (one.Regime, one.Fault));
    }

    /// <summary>Waited for so long, and nothing is kept: an older answer would hide the fault.</summary>
    public static Action<JsonObject> Waited(string timeout) => row =>
    {
        Registry.Kept("00:00:00", "00:00:00")(row);
        row["limits"]!["timeout"] = timeout;
    };

    private static async Task<List<Cell>> ColumnAsync(RightsWorld world, string regime, RegimeMode[] faults)
    {
        var known = world.Regimes.People.Case(regime).Nir;
        var healthy = await AskAsync(world, regime, known);
        List<Cell> cells = [];
        foreach (var fault in faults)
        {
            world.Regimes.Switches[regime] = fault;
            var waits = fault is RegimeMode.Slow or RegimeMode.Hanging or RegimeMode.Late or RegimeMode.Drip;
            List<ConsultationAnswer> answers = [];
            for (var turn = 0; turn < (waits ? 1 : Turns); turn++)
                answers.Add(await AskAsync(world, regime, known));
            ConsultationAnswer[] nobody = waits ? [] : [await AskAsync(world, regime, Nobody), await AskAsync(world, regime, Nobody)];
            cells.Add(new Cell(regime, fault, healthy, answers, nobody));
        }

        world.Regimes.Switches[regime] = RegimeMode.Up;
        return cells;
    }

    private static Task<ConsultationAnswer> AskAsync(RightsWorld world, string regime, string nir) =>
        world.Host.AskAsync(new { nir, reason = "emergency", regime, refresh = true }).AnswerAsync();
}

/// <param name="Healthy">What the regime says of the person when it is well.</param>
/// <param name="Known">About the same person, through the fault.</param>
/// <param name="Nobody">About somebody nobody knows, through the fault.</param>
internal sealed record Cell(
    string Regime, RegimeMode Fault, ConsultationAnswer Healthy, IReadOnlyList<ConsultationAnswer> Known, IReadOnlyList<ConsultationAnswer> Nobody)
{
    public static string? ReasonOf(ConsultationAnswer answer) => Assert.Single(answer.Regimes, one => one.Outcome != RegimeOutcome.NotAsked).Reason;

    /// <summary>Neither insured nor not insured, and the regime is named.</summary>
    public static bool IsIncomplete(ConsultationAnswer answer) =>
        answer is { Outcome: ConsultationOutcome.Incomplete, Headline: "À vérifier", Affiliations: [], Candidates: [], Missing: [var missing] }
        && answer.Explanation.Contains(missing, StringComparison.Ordinal)
        && answer.Regimes.Single(one => one.Outcome != RegimeOutcome.NotAsked) is { Outcome: RegimeOutcome.Unavailable };

    /// <summary>The same rights of the same person as when the regime is well.</summary>
    public bool IsRight(ConsultationAnswer answer) => answer.Outcome == Healthy.Outcome && Rights(answer) == Rights(Healthy);

    // All but when each was obtained.
    private static string Rights(ConsultationAnswer answer)
    {
        var affiliations = JsonSerializer.SerializeToNode(answer.Affiliations, JsonSerializerOptions.Web)!.AsArray();
        foreach (var one in affiliations)
            one!.AsObject().Remove("source");
        return affiliations.ToJsonString();
    }

    public override string ToString() => $"{Regime} {Fault}";
}
