using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Tests.Harness;

namespace Cdr.Rights.Tests.Regimes.Faults;

/// <summary>Seventeen regimes, six faults, and no regime chosen: sixteen say that they do not know the person, and that is not enough.</summary>
public sealed class FaultySearchTests
{
    private const string Nobody = "1850575113999";

    private static readonly RegimeMode[] Faults =
        [RegimeMode.Slow, RegimeMode.Reset, RegimeMode.Truncated, RegimeMode.WrongSchema, RegimeMode.Unavailable, RegimeMode.Hanging];

    [Fact]
    public async Task A_search_that_one_regime_does_not_answer_is_incomplete_names_it_and_finds_nobody_out()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            // Shorter than the slow one takes.
            Registry = FaultyRegimes.Waited("00:00:01"),
            Settings = new Dictionary<string, string?> { ["Regimes:Deadline"] = "00:00:06" },
        });
        // Otherwise whatever follows says nothing.
        Assert.Equal(ConsultationOutcome.NotFound, (await AskAsync(world, Nobody)).Outcome);
        List<string> wrong = [];
        foreach (var fault in Faults)
        {
            foreach (var regime in Registry.Ids)
            {
                world.Regimes.Switches[regime] = fault;
                var answers = await Task.WhenAll(AskAsync(world, world.Regimes.People.Case(regime).Nir), AskAsync(world, Nobody));
                world.Regimes.Switches[regime] = RegimeMode.Up;
                foreach (var (who, answer) in new[] { "known there", "known to nobody" }.Zip(answers))
                {
                    var tile = answer.Regimes.Single(one => one.Regime == regime);
                    if (answer is not { Outcome: ConsultationOutcome.Incomplete, Affiliations: [], Candidates: [] } || tile.Outcome is RegimeOutcome.Unknown or RegimeOutcome.Found
                        || !answer.Missing.Contains(tile.Name) || !answer.Explanation.Contains(tile.Name, StringComparison.Ordinal))
                        wrong.Add($"{regime} {fault}, {who}: {answer.Outcome}, {tile.Outcome} {tile.Reason}, missing {string.Join(", ", answer.Missing)}: {answer.Explanation}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static Task<ConsultationAnswer> AskAsync(RightsWorld world, string nir) => world.Host.AskAsync(new { nir, reason = "emergency", refresh = true }).AnswerAsync();
}
