using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Rights.Journal;
using Cdr.Rights.Tests.Harness;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Servers;
using Activity = System.Diagnostics.Activity;

namespace Cdr.Rights.Tests.Journal;

/// <summary>Every committed batch is told, at least once, in order, whatever dies.</summary>
public sealed class TellingTests(TestServers servers)
{
    [Fact]
    public async Task Every_batch_arrives_in_order_and_is_what_the_journal_says_again()
    {
        var rabbit = await (await servers.RabbitAsync()).CreateVirtualHostAsync(TestContext.Current.CancellationToken);
        await using var told = await ToldBatches.StartAsync(rabbit);
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Rabbit = rabbit });

        await world.AskManyAsync(30, atOnce: 4);

        var head = Assert.Single(await JournalAsync<JournalHead[]>(world.Host, "/internal/journals"));
        await Records.UntilAsync("all batches are told", () => told.FirstTimes().SingleOrDefault()?.Count() == head.LastBatch);
        Assert.Equal(Range(head.LastBatch), told.FirstTimes().Single());
        var again = await JournalAsync<ConsultationsAnswered[]>(world.Host, $"/internal/journals/{head.Journal}/batches?after=0&take=500");
        Assert.Equal(JsonSerializer.Serialize(again), JsonSerializer.Serialize(told.All.DistinctBy(m => m.Batch)));
        Assert.Equal(30, again.Sum(b => b.Facts.Length));
    }

    /// <summary>From a click to what was counted of it: a batch is of many questions, and its trace nobody's child.</summary>
    [Fact]
    public async Task What_tells_a_batch_is_linked_to_its_questions_and_who_reads_it_is_in_the_same_trace()
    {
        var seen = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is BatchSpans.Name or "MassTransit" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = seen.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var rabbit = await (await servers.RabbitAsync()).CreateVirtualHostAsync(TestContext.Current.CancellationToken);
        await using var told = await ToldBatches.StartAsync(rabbit);
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Rabbit = rabbit });
        var question = ActivityTraceId.CreateRandom();
        var person = world.Regimes.People.All().First(one => one.Memberships.Any(member => member.MovedTo is null));
        using var request = world.Host.Question(new { nir = person.Nir, reason = "emergency" });
        request.Headers.Add("traceparent", $"00-{question}-{ActivitySpanId.CreateRandom()}-01");
        using (var response = await world.Host.SendAsync(request))
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        Activity? tells = null;
        await Records.UntilAsync("the batch is told", () => (tells = seen.FirstOrDefault(one => one.Source.Name == BatchSpans.Name && one.Links.Any(link => link.Context.TraceId == question))) is not null);
        Assert.Equal(default, tells!.ParentSpanId);
        Assert.NotEqual(question, tells.TraceId);
        Assert.NotEqual(default, Assert.Single(tells.Links).Context.SpanId);
        await Records.UntilAsync("it is read in the same trace", () => seen.Any(one => one.Kind == ActivityKind.Consumer && one.TraceId == tells.TraceId));
    }

    [Fact]
    public async Task A_broker_down_from_the_start_delays_no_answer_and_loses_no_batch()
    {
        await using var broker = new RabbitServer();
        await broker.StartAsync(TestContext.Current.CancellationToken);
        var rabbit = await broker.CreateVirtualHostAsync(TestContext.Current.CancellationToken);
        await (await ToldBatches.StartAsync(rabbit)).DisposeAsync();
        await broker.StopAsync();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Rabbit = rabbit });

        // More batches than the channel to the dispatcher holds.
        // Five seconds each, the dispatcher's patience, would be seven minutes; waiting for room in the channel, for ever.
        await AskOneByOneAsync(world, 80).WaitAsync(TimeSpan.FromSeconds(200), TestContext.Current.CancellationToken);

        await broker.StartAsync(TestContext.Current.CancellationToken);
        await using var told = await ToldBatches.StartAsync(rabbit);
        var head = Assert.Single(await JournalAsync<JournalHead[]>(world.Host, "/internal/journals"));
        await Records.UntilAsync("all batches are told", () => told.FirstTimes().SingleOrDefault()?.Count() == head.LastBatch);
        Assert.Equal(Range(head.LastBatch), told.FirstTimes().Single());
        Assert.Equal(80, told.All.DistinctBy(m => m.Batch).Sum(m => m.Facts.Length));
    }

    [Fact]
    public async Task What_a_stopped_process_left_untold_another_tells()
    {
        var server = await servers.RabbitAsync();
        var rabbit = await server.CreateVirtualHostAsync(TestContext.Current.CancellationToken);
        await (await ToldBatches.StartAsync(rabbit)).DisposeAsync();
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Postgres = await servers.PostgresAsync(),
            Rabbit = $"amqp://guest:guest@127.0.0.1:{FreePort.Take()}/nobody",
        });
        await world.AskManyAsync(20, atOnce: 4);
        var dead = Assert.Single(await JournalAsync<JournalHead[]>(world.Host, "/internal/journals"));
        await world.Host.StopAsync();

        await world.StartHostAsync(new Dictionary<string, string?> { ["ConnectionStrings:RabbitMq"] = rabbit, ["Journal:SweepPeriod"] = "00:00:01" });
        await using var told = await ToldBatches.StartAsync(rabbit);

        await Records.UntilAsync("the dead process's batches are told", () => told.FirstTimes().SingleOrDefault(j => j.Key == dead.Journal)?.Count() == dead.LastBatch);
        Assert.Equal(Range(dead.LastBatch), told.FirstTimes().Single(j => j.Key == dead.Journal));
        Assert.Equal(20, told.All.DistinctBy(m => (m.Journal, m.Batch)).Sum(m => m.Facts.Length));
    }

    private static async Task AskOneByOneAsync(RightsWorld world, int rounds)
    {
        for (var round = 0; round < rounds; round++)
            await world.AskManyAsync(1);
    }

    private static IEnumerable<long> Range(long last) => Enumerable.Range(1, (int)last).Select(n => (long)n);

    private static async Task<T> JournalAsync<T>(RightsHost host, string path)
    {
        using var response = await host.GetAsync(path, new TestCaller { Kind = SubjectKinds.Service, Subject = "usage", Role = null, Session = null, Finess = null });
        return JsonSerializer.Deserialize<T>(await response.BytesAsync(), JsonSerializerOptions.Web)!;
    }
}
