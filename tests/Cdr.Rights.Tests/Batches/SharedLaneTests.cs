using Cdr.Contracts.Rights;
using Cdr.Rights.Batches;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Cdr.Testing.Identity;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using BatchOptions = Cdr.Rights.Batches.BatchOptions;

namespace Cdr.Rights.Tests.Batches;

/// <summary>One lane for all hospitals: nobody has it alone.</summary>
public sealed class SharedLaneTests(TestServers servers)
{
    private static readonly Dictionary<string, string?> Patient = new() { ["Batches:PumpPeriod"] = "00:05:00", ["Batches:Ahead"] = "1" };
    private static readonly TestCaller Other = new() { Subject = "person-2", Finess = "590991014", Department = "59" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_lines_do_not_wait_behind_three_hundred_of_another_establishment()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = new Dictionary<string, string?> { ["Batches:PerSecond"] = "25", ["Batches:PumpPeriod"] = "00:00:00.050", ["Batches:Ahead"] = "20" } });
        var large = await SendAsync(world, 300);

        await world.Host.EndedAsync(await SendAsync(world, 10, Other), Other);

        Assert.InRange((await world.Host.GetAsync(large.Links.Self).ProgressAsync()).Waiting, 1, 299);
    }

    [Fact]
    public async Task Files_of_two_establishments_go_through_the_lane_side_by_side()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Settings = Patient });
        var large = await SendAsync(world, 300);
        await AnsweredAsync(1);
        var small = await SendAsync(world, 10, Other);
        // The pump woke for each: one line of the older file.
        await AnsweredAsync(2);

        await using var db = world.Host.Journal();
        var messages = await BatchClaims.TakeAsync(db, new BatchOptions { Ahead = 40 }, TimeProvider.System.GetUtcNow(), Cancellation);

        Assert.Equal(40, messages.Sum(message => message.Lines.Length));
        Assert.Equal(Enumerable.Range(1, 10), messages.Where(message => message.Batch == small.Id).SelectMany(message => message.Lines));
        Assert.Equal([large.Id, small.Id, large.Id, small.Id], messages.Take(4).Select(message => message.Batch));
        Assert.All(messages, message => Assert.InRange(message.Lines.Length, 1, 5));
        // Each line once.
        Assert.Empty((await BatchClaims.TakeAsync(db, new BatchOptions { Ahead = 40 }, TimeProvider.System.GetUtcNow(), Cancellation)).SelectMany(message => message.Lines));

        Task AnsweredAsync(int lines) => Records.UntilAsync("the lane is empty", async () => (await world.Host.GetAsync(large.Links.Self).ProgressAsync()).Answered == lines);
    }

    [Fact]
    public async Task Two_processes_that_ask_one_file_at_once_ask_each_line_once()
    {
        await using var world = await RightsWorld.WithoutHostAsync(new WorldSetup
        {
            Postgres = await servers.PostgresAsync(), Rabbit = await (await servers.RabbitAsync()).CreateVirtualHostAsync(Cancellation),
            Settings = new Dictionary<string, string?> { ["Batches:PerSecond"] = "200", ["Batches:AtOnce"] = "4", ["Batches:PumpPeriod"] = "00:00:00.050", ["Batches:Ahead"] = "40" },
        });
        await world.StartHostAsync();
        await world.StartHostAsync();
        foreach (var host in world.Hosts)
            await host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, Cancellation);
        var people = world.Regimes.People.All().SelectMany(p => p.Memberships.Where(m => m.MovedTo is null).Take(1).Select(m => new { nir = p.Nir, regime = m.Regime, reason = "patient-absent" })).DistinctBy(p => p.nir).Take(200).ToList();
        Assert.Equal(200, people.Count);

        var batch = await world.Host.UploadAsync(Harness.Batches.Json(people)).ProgressAsync();
        var ended = await world.Hosts[1].EndedAsync(batch);

        Assert.Equal((200, 0, 0), (ended.Answered, ended.Waiting, ended.Refused));
        await using var db = world.Host.Journal();
        Assert.Equal(200, await db.Records.CountAsync(r => r.Kind == RecordKind.Answered, Cancellation));
        // Nobody's regime heard of them twice: no cache is shared here.
        Assert.Equal(200, world.Regimes.AllCalls);
        Assert.Equal(2, await db.Records.Where(r => r.Kind == RecordKind.Answered).Select(r => r.Journal).Distinct().CountAsync(Cancellation));
    }

    [Fact]
    public async Task A_file_for_which_too_many_lines_wait_already_is_told_what_to_do_next()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Settings = new Dictionary<string, string?>(Patient) { ["Batches:MostWaitingOfAPerson"] = "500", ["Batches:MostWaitingOfAnEstablishment"] = "700" },
        });
        var (colleague, first) = (new TestCaller { Subject = "person-3" }, await SendAsync(world, 400, key: "k"));

        using (var refused = await UploadAsync(world, 102))
        {
            Assert.Equal((429, 300), ((int)refused.StatusCode, refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
            Assert.Equal("batches-too-many", (await Task.FromResult(refused).ProblemAsync()).Code);
        }

        // A file that was accepted is accepted again; and a small one has its place.
        Assert.Equal(first.Id, (await SendAsync(world, 400, key: "k")).Id);
        await SendAsync(world, 100);
        Assert.Equal("batches-too-many", (await UploadAsync(world, 300, colleague).ProblemAsync()).Code);
        await SendAsync(world, 500, Other);
        await world.Host.SendAsync(world.Host.Request(HttpMethod.Post, first.Links.Cancel)).ProgressAsync();
        await SendAsync(world, 300, colleague);
    }

    [Fact]
    public async Task All_lines_of_a_stopped_sender_wait_as_soon_as_one_was_looked_at()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Settings = new Dictionary<string, string?>(Patient) { ["Fishing:Enabled"] = "true", ["Fishing:FileSequenceToStop"] = "5" },
        });
        var run = world.Host.Services.GetRequiredService<LineRun>();
        var batch = await world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Range(901, 30).Select(order => new { nir = Fishing.Town.Of(1, 1980, 5, "69123", order), regime = "cnam", reason = "patient-absent" }))).ProgressAsync();
        var others = await SendAsync(world, 3, Other);
        for (var line = 1; line <= 5; line++)
            await run.RunAsync(batch.Id, line, null, Cancellation);

        await using var db = world.Host.Journal();
        var soon = TimeProvider.System.GetUtcNow().AddMinutes(3);
        Assert.Equal(26, await db.BatchLines.CountAsync(l => l.Batch == batch.Id && l.State == BatchLineState.Waiting && l.NextTry > soon && l.Tries == 0, Cancellation));
        Assert.Equal(3, await db.BatchLines.CountAsync(l => l.Batch == others.Id && l.NextTry <= soon, Cancellation));
    }

    private static async Task<BatchProgress> SendAsync(RightsWorld world, int lines, TestCaller? caller = null, string? key = null) => await UploadAsync(world, lines, caller, key).ProgressAsync();

    private static Task<HttpResponseMessage> UploadAsync(RightsWorld world, int lines, TestCaller? caller = null, string? key = null) =>
        world.Host.UploadAsync(Harness.Batches.Json(Enumerable.Repeat(new { nir = world.Regimes.People.Case("cnam").Nir, regime = "cnam", reason = "emergency" }, lines)), caller: caller, key: key);
}
