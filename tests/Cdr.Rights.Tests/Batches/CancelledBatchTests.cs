using System.Reflection;
using Cdr.Contracts.Rights;
using Cdr.Rights.Batches;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Tests.Batches;

/// <summary>A cancellation is whole, or is none; and lines that an older one left waiting end.</summary>
public sealed class CancelledBatchTests
{
    // One line is asked at once; the others wait until the test says so.
    private static readonly Dictionary<string, string?> Patient = new() { ["Batches:PumpPeriod"] = "00:05:00", ["Batches:Ahead"] = "1" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cancellation_that_is_cut_in_the_middle_is_none()
    {
        var store = new CutStore();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Patient, Services = store.Register });
        var batch = await AcceptAsync(world);

        store.Cuts = sql => sql.StartsWith("UPDATE \"batch_lines\"", StringComparison.Ordinal);
        Assert.Equal(503, (await world.Host.SendAsync(world.Host.Request(HttpMethod.Post, batch.Links.Cancel)).ProblemAsync()).Status);
        store.Cuts = _ => false;

        Assert.Equal((BatchState.UnderWay, 4), await world.Host.GetAsync(batch.Links.Self).ProgressAsync() is var left ? (left.State, left.Waiting) : default);
        var cancelled = await world.Host.SendAsync(world.Host.Request(HttpMethod.Post, batch.Links.Cancel)).ProgressAsync();
        Assert.Equal((BatchState.Cancelled, 0, 4), (cancelled.State, cancelled.Waiting, cancelled.Cancelled));
        Assert.NotNull(cancelled.EndedAt);
    }

    /// <summary>Between two, an answer would come into the journal that neither has seen.</summary>
    [Fact]
    public async Task Whether_a_line_was_answered_is_asked_in_the_statement_that_ends_it()
    {
        var store = new CutStore();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Patient, Services = store.Register });
        var batch = await AcceptAsync(world);
        System.Collections.Concurrent.ConcurrentBag<string> changes = [];
        store.Cuts = sql =>
        {
            if (sql.StartsWith("UPDATE \"batch_lines\"", StringComparison.Ordinal))
                changes.Add(sql);
            return false;
        };

        var cancelled = await world.Host.SendAsync(world.Host.Request(HttpMethod.Post, batch.Links.Cancel)).ProgressAsync();

        Assert.Equal((0, 4, 1), (cancelled.Waiting, cancelled.Cancelled, cancelled.Answered));
        Assert.Contains("\"records\"", Assert.Single(changes), StringComparison.Ordinal);
    }

    /// <summary>Whether the commit was kept is not known: it may be, later.</summary>
    [Fact]
    public async Task A_line_whose_record_was_in_doubt_is_answered_where_the_journal_has_it_after_all_though_it_was_cancelled()
    {
        var store = new CutStore();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Patient, Services = store.Register });
        var batch = await AcceptAsync(world);

        store.Cuts = sql => sql.Contains("INSERT INTO \"records\"", StringComparison.Ordinal);
        await world.Host.Services.GetRequiredService<LineRun>().RunAsync(batch.Id, 2, null, Cancellation);
        store.Cuts = _ => false;

        await using var db = world.Host.Journal();
        var line = await db.BatchLines.AsNoTracking().SingleAsync(l => l.Line == 2, Cancellation);
        Assert.Equal((BatchLineState.Waiting, null, 0), (line.State, line.Lease, line.Tries));
        await world.Host.SendAsync(world.Host.Request(HttpMethod.Post, batch.Links.Cancel)).ProgressAsync();
        await world.Host.AskAsync(new { id = line.Consultation, nir = world.Regimes.People.Case("cnam").Nir, regime = "cnam", reason = "emergency" }).AnswerAsync();
        Assert.False((await world.Host.ResultsAsync(batch)).Complete);
        await BatchEnd.SettleAsync(db, [batch.Id], TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(6), Cancellation);

        Assert.Equal(BatchLineState.Answered, await db.BatchLines.Where(l => l.Line == 2).Select(l => l.State).SingleAsync(Cancellation));
    }

    /// <summary>The broker took the message and did not say so; whoever was sent it dies before noting the line's end.</summary>
    [Fact]
    public async Task A_line_whose_message_was_not_confirmed_and_came_all_the_same_is_answered_though_it_was_cancelled()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Patient });
        var (batch, services) = (await AcceptAsync(world), world.Host.Services);
        using var pump = new BatchPump(
            services.GetRequiredService<IDbContextFactory<RightsDb>>(), DispatchProxy.Create<MassTransit.IBus, Unconfirmed>(), services.GetRequiredService<IOptions<BatchOptions>>(),
            services.GetRequiredService<BatchMeter>(), TimeProvider.System, NullLogger<BatchPump>.Instance);

        await pump.RoundAsync(Cancellation);

        await using var db = world.Host.Journal();
        var line = await db.BatchLines.AsNoTracking().SingleAsync(l => l.Line == 2, Cancellation);
        Assert.Equal((BatchLineState.Waiting, null), (line.State, line.Lease));
        await world.Host.SendAsync(world.Host.Request(HttpMethod.Post, batch.Links.Cancel)).ProgressAsync();
        await world.Host.AskAsync(new { id = line.Consultation, nir = world.Regimes.People.Case("cnam").Nir, regime = "cnam", reason = "emergency" }).AnswerAsync();
        await BatchEnd.SettleAsync(db, [batch.Id], TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(6), Cancellation);

        Assert.Equal(BatchLineState.Answered, await db.BatchLines.Where(l => l.Line == 2).Select(l => l.State).SingleAsync(Cancellation));
    }

    [Fact]
    public async Task Waiting_lines_of_a_cancelled_file_end_with_the_first_that_is_run()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Patient });
        var batch = await AcceptAsync(world);
        await CancelFileAloneAsync(world, batch.Id);

        await world.Host.Services.GetRequiredService<LineRun>().RunAsync(batch.Id, 2, null, Cancellation);

        await AssertCancelledAsync(world, batch);
        Assert.Equal(1, world.Regimes.Calls("cnam"));
    }

    [Fact]
    public async Task Waiting_lines_of_a_cancelled_file_are_looked_for_from_time_to_time()
    {
        using var folder = new TestFolder("clock");
        var clock = new MovedClock(folder.File("clock"));
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Patient, Clock = clock });
        var batch = await AcceptAsync(world);
        await CancelFileAloneAsync(world, batch.Id);
        // Not due, so that none is run.
        await using (var db = world.Host.Journal())
            await db.BatchLines.ExecuteUpdateAsync(set => set.SetProperty(l => l.NextTry, clock.GetUtcNow().AddDays(1)), Cancellation);
        clock.Advance(TimeSpan.FromMinutes(11));

        await world.Host.Services.GetRequiredService<BatchPump>().RoundAsync(Cancellation);

        await AssertCancelledAsync(world, batch);
    }

    private static async Task<BatchProgress> AcceptAsync(RightsWorld world)
    {
        var nir = world.Regimes.People.Case("cnam").Nir;
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(new { nir, regime = "cnam", reason = "emergency" }, 5))).ProgressAsync();
        await Records.UntilAsync("the first line is answered", async () => (await world.Host.GetAsync(batch.Links.Self).ProgressAsync()).Answered == 1);
        return batch;
    }

    // As an older version did, where it died.
    private static async Task CancelFileAloneAsync(RightsWorld world, Guid batch)
    {
        await using var db = world.Host.Journal();
        await db.BatchFiles.Where(f => f.Id == batch).ExecuteUpdateAsync(set => set.SetProperty(f => f.CancelledAt, f => f.AcceptedAt), Cancellation);
    }

    private static async Task AssertCancelledAsync(RightsWorld world, BatchProgress batch)
    {
        var after = await world.Host.GetAsync(batch.Links.Self).ProgressAsync();
        Assert.Equal((BatchState.Cancelled, 0, 4, 1), (after.State, after.Waiting, after.Cancelled, after.Answered));
        Assert.NotNull(after.EndedAt);
    }

    public class Unconfirmed : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new TimeoutException();
    }
}
