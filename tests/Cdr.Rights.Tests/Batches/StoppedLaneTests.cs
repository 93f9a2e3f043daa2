using Cdr.Contracts.Rights;
using Cdr.RegimeSimulator;
using Cdr.Rights.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cdr.Rights.Tests.Batches;

/// <summary>A process is told to stop while it asks lines of a file.</summary>
public sealed class StoppedLaneTests
{
    [Fact]
    public async Task Told_to_stop_a_process_answers_the_line_under_way_and_begins_no_other()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Batches:PerSecond"] = "500", ["Batches:AtOnce"] = "1" } });
        world.Regimes.Switches["cnam"] = RegimeMode.Slow;
        var people = world.Regimes.People.All().Where(p => p.Memberships.Any(m => m.Regime == "cnam" && m.MovedTo is null)).Select(p => p.Nir).Distinct().Take(5).ToList();
        Assert.Equal(5, people.Count);
        long told = 0;
        world.Host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => told = world.Regimes.Calls("cnam"));
        await world.Host.UploadAsync(Harness.Batches.Json(people.Select(nir => new { nir, regime = "cnam", reason = "patient-absent" }))).ProgressAsync();
        await Records.UntilAsync("a line is under way", () => world.Regimes.Switches.Activity("cnam").InFlight == 1);

        await world.Host.StopAsync();

        // One may have begun at that very moment.
        var asked = (int)world.Regimes.Calls("cnam");
        Assert.InRange(asked, told, Math.Min(4, told + 1));
        await using var db = world.Host.Journal();
        Assert.Equal((asked, 5 - asked), (db.BatchLines.Count(l => l.State == BatchLineState.Answered), db.BatchLines.Count(l => l.State == BatchLineState.Waiting)));
    }
}
