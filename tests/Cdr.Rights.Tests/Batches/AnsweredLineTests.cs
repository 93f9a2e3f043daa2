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

    /// <summary>Who asked it wrote the answer and died before noting so; the file was cancelled in between.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_line_that_was_cancelled_while_it_was_being_answered_is_answered_once_its_lease_is_over_though_its_process_died(bool isReadFirst)
    {
        using var folder = new TestFolder("clock");
        var clock = new MovedClock(folder.File("clock"));
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = new Dictionary<string, string?> { ["Batches:PumpPeriod"] = "00:05:00", ["Batches:Ahead"] = "1" } });
        var nir = world.Regimes.People.Case("cnam").Nir;
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(new { nir, regime = "cnam", reason = "emergency" }, 3))).ProgressAsync();
        await Records.UntilAsync("the first line is answered", async () => (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).Answered == 1);
        await world.Host.SendAsync(world.Host.Request(HttpMethod.Post, batch.Links.Cancel)).ProgressAsync();
        await using var db = world.Host.Journal();
        await db.BatchLines.Where(l => l.Line == 1).ExecuteUpdateAsync(
            set => set.SetProperty(l => l.State, BatchLineState.Cancelled).SetProperty(l => l.LeasedUntil, (DateTimeOffset?)clock.GetUtcNow().AddMinutes(5)), Cancellation);
        if (isReadFirst)
        {
            var early = await world.Host.ResultsAsync(batch);
            Assert.Equal((false, BatchLineState.Cancelled), (early.Complete, early.Lines[0].State));
        }

        clock.Advance(TimeSpan.FromMinutes(6));

        if (isReadFirst)
        {
            var results = await world.Host.ResultsAsync(batch);
            Assert.True(results.Complete);
            Assert.Equal([BatchLineState.Answered, BatchLineState.Cancelled, BatchLineState.Cancelled], results.Lines.Select(l => l.State));
            Assert.NotNull(results.Lines[0].Answer);
        }

        using var use = world.Host.Request(HttpMethod.Post, $"/api/batches/{batch.Id}/uses");
        use.Content = System.Net.Http.Json.JsonContent.Create(new ConsultationUse { Use = "invoice" });
        using var used = await world.Host.SendAsync(use);
        Assert.Equal("""{"noted":1,"expired":0}""", System.Text.Encoding.UTF8.GetString(await used.BytesAsync()));
        Assert.Equal((2, 1), await world.Host.GetAsync(batch.Links.Self).ProgressAsync() is var after ? (after.Cancelled, after.Answered) : default);
    }

    /// <summary>Who only looks how far a file is waits for nobody to take its results.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_progress_of_a_cancelled_file_counts_a_line_that_the_journal_answered(bool inTheList)
    {
        using var folder = new TestFolder("clock");
        var clock = new MovedClock(folder.File("clock"));
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = new Dictionary<string, string?> { ["Batches:PumpPeriod"] = "00:05:00", ["Batches:Ahead"] = "1" } });
        var nir = world.Regimes.People.Case("cnam").Nir;
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(new { nir, regime = "cnam", reason = "emergency" }, 3))).ProgressAsync();
        await Records.UntilAsync("the first line is answered", async () => (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).Answered == 1);
        await world.Host.SendAsync(world.Host.Request(HttpMethod.Post, batch.Links.Cancel)).ProgressAsync();
        await using var db = world.Host.Journal();
        await db.BatchLines.Where(l => l.Line == 1).ExecuteUpdateAsync(
            set => set.SetProperty(l => l.State, BatchLineState.Cancelled).SetProperty(l => l.LeasedUntil, (DateTimeOffset?)clock.GetUtcNow().AddMinutes(5)), Cancellation);
        Assert.Equal((3, 0), await CountsAsync());

        clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal((2, 1), await CountsAsync());

        async Task<(int Cancelled, int Answered)> CountsAsync()
        {
            if (!inTheList)
                return await world.Host.GetAsync(batch.Links.Self).ProgressAsync() is var one ? (one.Cancelled, one.Answered) : default;
            using var list = await world.Host.GetAsync("/api/batches");
            return System.Text.Json.JsonSerializer.Deserialize<List<BatchProgress>>(await list.BytesAsync(), System.Text.Json.JsonSerializerOptions.Web)!.Single(b => b.Id == batch.Id) is var listed ? (listed.Cancelled, listed.Answered) : default;
        }
    }

    private static Task<int> ForgetAsync(RightsDb db) => db.BatchLines.Where(l => l.Line == 1).ExecuteUpdateAsync(
        set => set.SetProperty(l => l.State, BatchLineState.Waiting).SetProperty(l => l.Tries, 0).SetProperty(l => l.EndedAt, (DateTimeOffset?)null), Cancellation);
}
