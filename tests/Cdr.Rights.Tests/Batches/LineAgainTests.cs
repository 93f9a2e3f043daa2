using Cdr.Contracts.Rights;
using Cdr.Rights.Batches;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Batches;

/// <summary>A line that comes to a process whose clock is behind, and one that comes again.</summary>
public sealed class LineAgainTests
{
    private static readonly Dictionary<string, string?> Patient = new() { ["Batches:PumpPeriod"] = "00:05:00", ["Batches:Ahead"] = "1" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_whose_clock_is_behind_asks_what_another_found_due()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Patient });
        var batch = await AcceptAsync(world);
        await using var behind = await RightsHost.StartAsync(world.Tokens, new WorldSetup { Clock = new ClockBehind(TimeSpan.FromMinutes(2)) }, world.Settings());
        var (lines, claim) = (behind.Services.GetRequiredService<LineRun>(), Records.NewId());
        await using var db = world.Host.Journal();
        await db.BatchLines.Where(l => l.Line == 2)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.Lease, (Guid?)claim).SetProperty(l => l.LeasedUntil, (DateTimeOffset?)TimeProvider.System.GetUtcNow().AddMinutes(5)), Cancellation);

        // A message of an older lease asks nothing.
        await lines.RunAsync(batch.Id, 2, Records.NewId(), Cancellation);
        Assert.Equal(BatchLineState.Waiting, await StateAsync());
        await lines.RunAsync(batch.Id, 2, claim, Cancellation);

        Assert.Equal(BatchLineState.Answered, await StateAsync());

        Task<BatchLineState> StateAsync() => db.BatchLines.Where(l => l.Line == 2).Select(l => l.State).SingleAsync(Cancellation);
    }

    [Fact]
    public async Task A_line_that_is_run_again_finds_its_answer_and_nobody_has_read_it()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Patient });
        var batch = await AcceptAsync(world);
        await using var db = world.Host.Journal();
        // As where its process died before the table said so.
        await db.BatchLines.Where(l => l.Line == 1).ExecuteUpdateAsync(set => set.SetProperty(l => l.State, BatchLineState.Waiting).SetProperty(l => l.Tries, 0), Cancellation);

        await world.Host.Services.GetRequiredService<LineRun>().RunAsync(batch.Id, 1, null, Cancellation);

        var line = await db.BatchLines.AsNoTracking().SingleAsync(l => l.Line == 1, Cancellation);
        Assert.Equal(BatchLineState.Answered, line.State);
        Assert.Equal((1, 0), (await world.Host.CountAsync(line.Consultation, RecordKind.Answered), await world.Host.CountAsync(line.Consultation, RecordKind.Read)));
        Assert.Equal(1, world.Regimes.Calls("cnam"));
        // Who does read it is journaled.
        Assert.NotNull((await world.Host.ResultsAsync(batch)).Lines[0].Answer);
        Assert.Equal(1, await world.Host.CountAsync(line.Consultation, RecordKind.Read));
    }

    private static async Task<BatchProgress> AcceptAsync(RightsWorld world)
    {
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(new { nir = world.Regimes.People.Case("cnam").Nir, regime = "cnam", reason = "emergency" }, 2))).ProgressAsync();
        await Records.UntilAsync("the first line is answered", async () => (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).Answered == 1);
        return batch;
    }

    private sealed class ClockBehind(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - by;
    }
}
