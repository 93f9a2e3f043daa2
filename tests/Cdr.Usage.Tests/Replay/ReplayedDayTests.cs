using System.Diagnostics;
using Cdr.Contracts.Rights;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Cdr.Usage.Tests.Doubles;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Tests.Replay;

/// <summary>
/// A day through the broker to the real program, which is killed twice in the middle: some messages come twice, some late, some never.
/// Nothing may be counted twice or not at all.
/// </summary>
public sealed class ReplayedDayTests(TestServers servers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_part_of_a_day_is_counted_exactly_whatever_comes_twice_or_late_and_whoever_is_killed() => ReplayAsync(consultations: 6_000);

    [Fact]
    [Trait("Category", "Deep")]
    public Task A_day_of_a_hundred_thousand_is_counted_exactly_whatever_comes_twice_or_late_and_whoever_is_killed() => ReplayAsync(consultations: 100_000);

    private async Task ReplayAsync(int consultations)
    {
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using var rights = await RightsDouble.StartAsync();
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync("usage", Cancel);
        var broker = await (await servers.RabbitAsync()).CreateVirtualHostAsync(Cancel);
        using var folder = new TestFolder("usage-replay");
        await using var usage = new ServiceProcess(Repository.Program("services/usage", "Cdr.Usage"), folder.File("log"),
        [
            .. sessions.Settings, new("Services:Rights", rights.Address), new("ConnectionStrings:Usage", database.Application), new("ConnectionStrings:UsageOwner", database.Owner),
            new("ConnectionStrings:RabbitMq", broker), new("Usage:ReconcileEvery", "00:00:02"), new("Data:Folder", folder.Path),
        ]);
        await usage.RunAsync("migrate", Cancel);

        // The day before yesterday, so that no hour of it is to come; 5 % of the consultations are told a day late.
        var evening = new DateTimeOffset(TimeProvider.System.GetUtcNow().AddDays(-1).Date, TimeSpan.Zero);
        var facts = Facts.Mixed(seed: 11, consultations, evening, hours: 24).Select((fact, index) => index % 20 == 7 ? fact with { At = fact.At.AddDays(-1) } : fact).ToArray();
        var batches = facts.Chunk(consultations / 2).Select((half, writer) => Facts.Batches(Guid.CreateVersion7(evening.AddSeconds(writer)), half, each: 25)).ToArray();
        var messages = Messages(batches);

        var bus = Bus.Factory.CreateUsingRabbitMq(configuration => configuration.Host(new Uri(broker)));
        await bus.StartAsync(Cancel);
        try
        {
            await usage.StartAsync(cancellationToken: Cancel);
            foreach (var third in messages.Chunk((messages.Length + 2) / 3))
            {
                var before = await CountedAsync(database);
                // All up to the highest number that is told, late messages' too: a message may be late, a journal has no hole.
                Write(rights.Journals, batches, third);
                await Task.WhenAll(third.Where(message => !message.IsLost).Select(message => bus.Publish(message.Batch, Cancel)));
                // Killed while it counts: twice, before the last third.
                if (third[^1].Batch == messages[^1].Batch)
                    break;
                await Deadline.UntilAsync("some of it is counted", TimeSpan.FromSeconds(60), async () => await CountedAsync(database) > before, Cancel);
                await usage.KillAsync();
                await usage.StartAsync(ready: false, cancellationToken: Cancel);
            }

            var watch = Stopwatch.StartNew();
            await Deadline.UntilAsync("all of it is counted", TimeSpan.FromMinutes(5), async () => await CountedAsync(database) >= consultations, Cancel);
            TestContext.Current.TestOutputHelper?.WriteLine($"The rest was counted in {watch.Elapsed.TotalSeconds:0.0} s.");
            // What would be counted a second time, would be by the next comparison at the latest: one that begins now, and is over when the one after begins.
            await rights.Journals.ComparedAgainAsync(2, Cancel);
        }
        finally
        {
            await bus.StopAsync(CancellationToken.None);
        }

        await AssertExactAsync(database, facts);
    }

    /// <summary>In the order of the journals, but: one in twenty comes again at once or much later, one in twenty comes late, one in fifty never.</summary>
    private static Told[] Messages(ConsultationsAnswered[][] journals)
    {
        var random = new Random(5);
        return
        [
            .. journals.SelectMany(journal => journal).Select((batch, index) => (Batch: batch, Place: (double)batch.Batch, Index: index)).SelectMany(one =>
            {
                var late = one.Index % 20 == 3 ? random.Next(1, 60) : 0;
                List<(double Place, Told Told)> told = [(one.Place + late, new Told(one.Batch, IsLost: one.Index % 50 == 13))];
                if (one.Index % 20 == 11)
                    told.Add((one.Place + random.Next(0, 40), new Told(one.Batch, IsLost: false)));
                return told;
            }).OrderBy(one => one.Place).Select(one => one.Told),
        ];
    }

    private static void Write(JournalsDouble journals, ConsultationsAnswered[][] all, Told[] told)
    {
        foreach (var journal in all)
        {
            var highest = told.Where(one => one.Batch.Journal == journal[0].Journal).Max(one => one.Batch.Batch);
            journals.Write([.. journal.Where(batch => batch.Batch > journals.LastOf(batch.Journal) && batch.Batch <= highest)]);
        }
    }

    private static async Task<long> CountedAsync(TestDatabase database)
    {
        await using var db = Open(database);
        return (await RollupReading.ReadAsync(db, new Selection(Grain.Month, 0, int.MaxValue, Dimensions.None, ByPeriod: false, []), Cancel).ToListAsync(Cancel)).Sum(row => row.Consultations);
    }

    private static async Task AssertExactAsync(TestDatabase database, ConsultationFact[] facts)
    {
        await using var db = Open(database);
        foreach (var grain in (Grain[])[Grain.Hour, Grain.Day, Grain.Month])
        {
            var rows = await RollupReading.ReadAsync(db, new Selection(grain, 0, int.MaxValue, Dimensions.All, ByPeriod: true, []), Cancel).ToListAsync(Cancel);
            var expected = facts.GroupBy(fact => (Period: Periods.Of(grain, fact.At), Cell: CellOf.Fact(fact, Shape.Full)))
                .Select(alike => $"{alike.Key.Period} {string.Join('|', alike.Key.Cell.Values)} {alike.Count()} {alike.Sum(fact => fact.Milliseconds)}").Order(StringComparer.Ordinal);
            Assert.Equal(expected, rows.Select(row => $"{row.Period} {string.Join('|', row.Keys)} {row.Consultations} {row.Milliseconds}").Order(StringComparer.Ordinal));
            foreach (var shape in Shape.Sums.Where(shape => shape.IsKept(grain)))
                Assert.Equal(facts.Length, (await RollupReading.ReadAsync(db, new Selection(grain, 0, int.MaxValue, shape.Dimensions, ByPeriod: false, []), Cancel).ToListAsync(Cancel)).Sum(row => row.Consultations));
        }

        Assert.Equal(facts.Length, await db.RegimeDaily.Where(row => row.Regime == "cnam").SumAsync(row => row.Answers, Cancel));
    }

    private static UsageDb Open(TestDatabase database) => new(new DbContextOptionsBuilder<UsageDb>().UseNpgsql(database.Owner).Options);

    private sealed record Told(ConsultationsAnswered Batch, bool IsLost);
}
