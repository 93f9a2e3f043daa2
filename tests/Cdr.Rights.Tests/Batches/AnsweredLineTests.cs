using Cdr.Contracts.Rights;
using Cdr.Rights.Batches;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Batches;

/// <summary>A line whose answer is in the journal, and whose process died before the table said so.</summary>
public sealed class AnsweredLineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_that_was_answered_is_answered_though_it_could_no_longer_be_asked()
    {
        using var folder = new TestFolder("clock");
        var clock = new MovedClock(folder.File("clock"));
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Clock = clock, Settings = new Dictionary<string, string?> { ["Batches:PumpPeriod"] = "00:05:00", ["Batches:Ahead"] = "1" },
            Registry = Registry.Of("cnam", row => row["capabilities"]!["pastDates"] = false),
        });
        var nir = world.Regimes.People.Case("cnam").Nir;
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(new { nir, regime = "cnam", reason = "emergency" }, 3))).ProgressAsync();
        await Records.UntilAsync("the first line is answered", async () => (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).Answered == 1);
        await using var db = world.Host.Journal();
        await ForgetAsync(db);
        // Its care date is the day of acceptance: for a regime that answers for today alone, past two days later.
        clock.Advance(TimeSpan.FromDays(2));
        var run = world.Host.Services.GetRequiredService<LineRun>();

        foreach (var line in (int[])[1, 2, 3])
            await run.RunAsync(batch.Id, line, null, Cancellation);

        var lines = await db.BatchLines.AsNoTracking().OrderBy(l => l.Line).ToListAsync(Cancellation);
        Assert.Equal([(BatchLineState.Answered, ""), (BatchLineState.Refused, "regime-no-past-dates"), (BatchLineState.Refused, "regime-no-past-dates")], lines.Select(l => (l.State, l.Code)));
        Assert.NotNull((await world.Host.ResultsAsync(batch)).Lines[0].Answer);
        Assert.Equal(1, await world.Host.CountAsync(lines[0].Consultation, RecordKind.Answered));
    }

    [Fact]
    public async Task A_line_that_was_answered_is_answered_though_its_file_is_cancelled()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Batches:PumpPeriod"] = "00:05:00", ["Batches:Ahead"] = "1" } });
        var nir = world.Regimes.People.Case("cnam").Nir;
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(new { nir, regime = "cnam", reason = "emergency" }, 3))).ProgressAsync();
        await Records.UntilAsync("the first line is answered", async () => (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).Answered == 1);
        await using var db = world.Host.Journal();
        await ForgetAsync(db);

        var cancelled = await world.Host.SendAsync(world.Host.Request(HttpMethod.Post, batch.Links.Cancel)).ProgressAsync();

        Assert.Equal((BatchState.Cancelled, 0, 2, 1), (cancelled.State, cancelled.Waiting, cancelled.Cancelled, cancelled.Answered));
        Assert.NotNull((await world.Host.ResultsAsync(batch)).Lines[0].Answer);
    }

    private static Task<int> ForgetAsync(RightsDb db) => db.BatchLines.Where(l => l.Line == 1).ExecuteUpdateAsync(
        set => set.SetProperty(l => l.State, BatchLineState.Waiting).SetProperty(l => l.Tries, 0).SetProperty(l => l.EndedAt, (DateTimeOffset?)null), Cancellation);
}
