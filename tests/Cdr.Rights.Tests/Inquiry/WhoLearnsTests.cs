using System.Text.Json.Nodes;
using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;

namespace Cdr.Rights.Tests.Inquiry;

/// <summary>The journal names the regimes that learnt of the person, and no others.</summary>
public sealed class WhoLearnsTests
{
    [Fact]
    public async Task Regimes_left_alone_closed_or_answered_for_by_what_is_kept_are_not_named()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Registry = Interrupted("enim"),
            Settings = new Dictionary<string, string?> { ["Regimes:CircuitMinimumCalls"] = "2", ["Regimes:CircuitBreak"] = "00:10:00" },
        });
        var nir = world.Regimes.People.Case("mgen").Nir;
        await Records.UntilAsync("what MSA says is kept", async () =>
            (await world.Host.AskAsync(new { nir, reason = "emergency", regime = "msa" }).AnswerAsync()).Regimes[0].Freshness == Freshness.Cached);
        world.Regimes.Switches["cnam"] = RegimeMode.Failing;
        await Records.UntilAsync("Cnam is left alone", async () =>
            (await world.Host.AskAsync(new { nir, reason = "emergency", regime = "cnam" }).AnswerAsync()).Regimes[0].Reason == "circuitOpen");
        var before = Registry.Ids.ToDictionary(id => id, world.Regimes.Calls);
        var id = Records.NewId();

        var answer = await world.Host.AskAsync(new { id, nir, reason = "emergency", exhaustive = true }).AnswerAsync();

        var called = Registry.Ids.Where(regime => world.Regimes.Calls(regime) > before[regime]).Order().ToList();
        Assert.Equal(Registry.Ids.Except(["cnam", "msa", "enim"]).Order(), called);
        Assert.Equal(called, await world.Host.LearntAsync(id));
        // Nor is a call counted that was not made.
        Assert.Equal(("circuitOpen", 0), (answer.Regimes.Single(r => r.Regime == "cnam").Reason, answer.Regimes.Single(r => r.Regime == "cnam").Milliseconds));
        Assert.Contains("cnam:5:0", Assert.Single(await world.Host.RecordsAsync(id), r => r.Kind == RecordKind.Answered).Regimes.Split(';'));
    }

    [Fact]
    public async Task Of_two_identical_questions_the_one_that_was_asked_names_the_regime()
    {
        await using var world = await RightsWorld.StartAsync();
        world.Regimes.Switches["cnam"] = RegimeMode.Slow;
        var (first, second) = (Records.NewId(), Records.NewId());
        var nir = world.Regimes.People.Case("cnam").Nir;
        var asking = world.Host.AskAsync(new { id = first, nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await Records.UntilAsync("Cnam is being asked", () => world.Regimes.Calls("cnam") == 1);

        var joined = await world.Host.AskAsync(new { id = second, nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        Assert.Equal((Freshness.Cached, 1), (joined.Affiliations[0].Source.Freshness, world.Regimes.Calls("cnam")));
        await asking;
        Assert.Equal(["cnam"], await world.Host.LearntAsync(first));
        Assert.Empty(await world.Host.LearntAsync(second));
    }

    [Fact]
    public async Task Regimes_beyond_their_limits_are_not_named()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Registry = row => row["limits"]!["concurrency"] = 1 });
        world.Regimes.Switches["cnam"] = RegimeMode.Slow;
        var busy = world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        await Records.UntilAsync("Cnam is being asked", () => world.Regimes.Calls("cnam") == 1);
        var id = Records.NewId();

        var answer = await world.Host.AskAsync(new { id, nir = world.Regimes.People.Case("msa").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();

        Assert.Equal(("busy", 0), (answer.Regimes[0].Reason, answer.Regimes[0].Milliseconds));
        Assert.Empty(await world.Host.LearntAsync(id));
        await busy;
        Assert.Equal(1, world.Regimes.Calls("cnam"));
    }

    private static Action<JsonObject> Interrupted(string regime) => row =>
    {
        var now = TimeProvider.System.GetUtcNow();
        if (row["id"]!.GetValue<string>() == regime)
            row["downtime"] = new JsonArray(new JsonObject { ["from"] = now.AddHours(-1), ["to"] = now.AddHours(5) });
    };
}
