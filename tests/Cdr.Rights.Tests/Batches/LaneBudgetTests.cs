using Cdr.Contracts.Rights;
using Cdr.Rights.Batches;
using Cdr.Rights.Regimes;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Tests.Batches;

/// <summary>What a line does where the lane's part of a regime is taken.</summary>
public sealed class LaneBudgetTests
{
    [Fact]
    public async Task A_place_and_its_pace_have_one_deadline()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Registry = Narrow(concurrency: 1) });
        var registry = world.Host.Services.GetRequiredService<RegimeRegistry>();
        var (budget, cnam) = (new BatchBudget(registry, Options.Create(new BatchOptions { ShareOfLimits = 1 / 4.5 })), registry.Rows.Single(row => row.Id.Value == "cnam"));
        var first = await budget.EnterAsync(cnam, TimeSpan.FromSeconds(1));
        Assert.NotNull(first);

        // Free after 2 s, and its turn comes after 4.5 s: not within the second that is left then.
        var second = budget.EnterAsync(cnam, TimeSpan.FromSeconds(3));
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        first.Dispose();

        Assert.Null(await second);
        // Nothing of it is kept.
        using var third = await budget.EnterAsync(cnam, TimeSpan.FromSeconds(30));
        Assert.NotNull(third);
    }

    [Fact]
    public async Task A_budget_of_ours_that_is_full_is_no_silence_of_the_regime_and_asks_it_nothing()
    {
        using var folder = new TestFolder("clock");
        var clock = new MovedClock(folder.File("clock"));
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Clock = clock, Registry = Narrow(concurrency: 8),
            Settings = new Dictionary<string, string?> { ["Batches:PumpPeriod"] = "00:05:00", ["Batches:Ahead"] = "1", ["Batches:Deadline"] = "00:00:02", ["Batches:ShareOfLimits"] = "0.01" },
        });
        var people = world.Regimes.People.All().Where(p => p.Memberships.Any(m => m.Regime == "cnam" && m.MovedTo is null)).Select(p => p.Nir).Distinct().Take(2);
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(people.Select(nir => new { nir, regime = "cnam", reason = "patient-absent" }))).ProgressAsync();
        await Records.UntilAsync("the first line is answered", async () => (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).Answered == 1);

        // It may not wait any more.
        clock.Advance(TimeSpan.FromHours(24));
        await world.Host.Services.GetRequiredService<LineRun>().RunAsync(batch.Id, 2, null, TestContext.Current.CancellationToken);

        var answer = (await world.Host.ResultsAsync(batch)).Lines[1].Answer!;
        var regime = Assert.Single(answer.Regimes, r => r.Regime == "cnam");
        Assert.Equal((ConsultationOutcome.Incomplete, "busy"), (answer.Outcome, regime.Reason));
        Assert.Equal(1, world.Regimes.Calls("cnam"));
        Assert.DoesNotContain("cnam", await world.Host.LearntAsync(answer.Id));
    }

    private static Action<System.Text.Json.Nodes.JsonObject> Narrow(int concurrency) => row =>
    {
        if (row["id"]!.GetValue<string>() != "cnam")
            return;
        row["limits"]!["concurrency"] = concurrency;
        row["limits"]!["perSecond"] = 1;
    };
}
