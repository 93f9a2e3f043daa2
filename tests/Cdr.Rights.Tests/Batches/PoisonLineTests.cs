using System.Buffers.Binary;
using Cdr.Contracts.Rights;
using Cdr.Rights.Batches;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Batches;

/// <summary>A line that cannot be asked ends with its file's time, and costs its neighbours nothing.</summary>
public sealed class PoisonLineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_beside_one_that_cannot_be_read_are_answered()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Batches:PumpPeriod"] = "00:05:00", ["Batches:Ahead"] = "1", ["Batches:PerSecond"] = "500" } });
        var batch = await AcceptAsync(world, 5);
        // What a newer version may write.
        await using (var db = world.Host.Journal())
        {
            var line = db.BatchLines.Single(l => l.Line == 2);
            var place = new byte[20];
            batch.Id.TryWriteBytes(place, bigEndian: true, out _);
            BinaryPrimitives.WriteInt32BigEndian(place.AsSpan(16), 2);
            line.Question = world.Host.Services.GetRequiredKeyedService<Sealer>(RightsModule.Name).Seal("batch-line", place, """{"nobodyKnows":1}"""u8.ToArray());
            await db.SaveChangesAsync(Cancellation);
        }

        await world.Host.Services.GetRequiredService<MassTransit.IBus>().Publish(new AskBatchLines(batch.Id, [2, 3, 4, 5], await ClaimAsync(world)), Cancellation);

        await Records.UntilAsync("the others are answered", async () => (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).Answered == 4);
        Assert.Equal(1, (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).Waiting);
    }

    [Fact]
    public async Task Lines_beside_one_at_which_the_store_falls_silent_are_answered()
    {
        var store = new CutStore();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Batches:PumpPeriod"] = "00:05:00", ["Batches:Ahead"] = "1", ["Batches:PerSecond"] = "500" }, Services = store.Register });
        var batch = await AcceptAsync(world, 5);
        var claim = await ClaimAsync(world);
        var cuts = 0;
        store.Cuts = sql => sql.StartsWith("UPDATE \"batch_lines\"", StringComparison.Ordinal) && Interlocked.Increment(ref cuts) == 1;

        await world.Host.Services.GetRequiredService<MassTransit.IBus>().Publish(new AskBatchLines(batch.Id, [2, 3, 4, 5], claim), Cancellation);

        await Records.UntilAsync("the others are answered", async () => (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).Answered == 4);
        // No redelivery answers it: it has its lease still.
        await using var db = world.Host.Journal();
        Assert.Equal((BatchLineState.Waiting, (Guid?)claim), db.BatchLines.Where(l => l.Line == 2).Select(l => new { l.State, l.Lease }).Single() is var second ? (second.State, second.Lease) : default);
    }

    [Fact]
    public async Task A_line_that_fails_each_time_is_tried_as_seldom_as_any_and_ends_after_its_files_time()
    {
        using var folder = new TestFolder("clock");
        var clock = new MovedClock(folder.File("clock"));
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = new Dictionary<string, string?> { ["Batches:PumpPeriod"] = "00:05:00", ["Batches:Ahead"] = "1" } });
        var (lines, batch) = (world.Host.Services.GetRequiredService<LineRun>(), await AcceptAsync(world, 2));
        await using var db = world.Host.Journal();
        await db.BatchFiles.ExecuteUpdateAsync(set => set.SetProperty(f => f.Establishment, "none"), Cancellation);

        await lines.RunAsync(batch.Id, 2, null, Cancellation);
        var line = await db.BatchLines.AsNoTracking().SingleAsync(l => l.Line == 2, Cancellation);
        Assert.Equal((BatchLineState.Waiting, 1), (line.State, line.Tries));
        Assert.True(line.NextTry > clock.GetUtcNow() + TimeSpan.FromMinutes(3));

        // Long past it: whatever fails now failed each time.
        clock.Advance(TimeSpan.FromHours(26));
        await lines.RunAsync(batch.Id, 2, null, Cancellation);
        line = await db.BatchLines.AsNoTracking().SingleAsync(l => l.Line == 2, Cancellation);
        Assert.Equal((BatchLineState.Refused, "line-failed"), (line.State, line.Code));
        Assert.NotNull((await db.BatchFiles.AsNoTracking().SingleAsync(Cancellation)).EndedAt);
    }

    private static async Task<BatchProgress> AcceptAsync(RightsWorld world, int lines)
    {
        var nir = world.Regimes.People.Case("cnam").Nir;
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(new { nir, regime = "cnam", reason = "emergency" }, lines))).ProgressAsync();
        await Records.UntilAsync("the first line is answered", async () => (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).Answered == 1);
        return batch;
    }

    // As the pump does.
    private static async Task<Guid> ClaimAsync(RightsWorld world)
    {
        var claim = Records.NewId();
        await using var db = world.Host.Journal();
        await db.BatchLines.Where(l => l.State == BatchLineState.Waiting)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.Lease, (Guid?)claim).SetProperty(l => l.LeasedUntil, (DateTimeOffset?)TimeProvider.System.GetUtcNow().AddMinutes(5)), Cancellation);
        return claim;
    }
}
