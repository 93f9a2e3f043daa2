using System.Diagnostics.Metrics;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Retention;
using Cdr.Rights.Journal.Upkeep;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Stores;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.Rights.Tests.Journal;

/// <summary>Anchors and purges that nobody starts: once a day, one process at a time.</summary>
public sealed class UpkeepTests(TestServers servers) : IDisposable
{
    private readonly TestFolder folder = new("upkeep");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string[] Anchors => [.. Directory.GetFiles(folder.Folder("anchors")).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_day_an_anchor_is_written_and_what_is_past_its_time_goes_and_the_rest_verifies_against_the_anchor(bool onPostgres)
    {
        using var overheard = new Overheard();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = onPostgres ? await servers.PostgresAsync() : null, Logs = overheard });
        var person = world.Regimes.People.Case("cnam");
        var answer = await world.Host.AskAsync(new { nir = person.Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        // Long before its hour, which is the next day's then.
        var clock = At(13, 3);
        var day = clock.GetUtcNow().UtcDateTime;
        using var upkeep = Upkeep(world, clock, new UpkeepOptions { AnchorFolder = folder.Folder("anchors"), Purge = true });
        await upkeep.StartAsync(Cancellation);
        Assert.Empty(Anchors);

        await PassAsync(clock, TimeSpan.FromMinutes(6), async () => await world.Host.CountAsync(answer.Id, RecordKind.Answered) == 0);
        await PassAsync(clock, TimeSpan.FromMinutes(30), () => Task.FromResult(Anchors.Length == 2));

        await upkeep.StopAsync(Cancellation);
        Assert.Equal(2, Anchors.Length);
        Assert.All(Anchors, name => Assert.Matches("^anchor-20[0-9]{2}-[0-9]{2}-[0-9]{2}.json$", name));
        Assert.True(clock.GetUtcNow().UtcDateTime >= day.Date.AddDays(1).AddHours(2.5));
        foreach (var anchor in Anchors)
        {
            var verified = await ToolRun.RunAsync(world, clock, "verify", "--anchor", Path.Combine(folder.Folder("anchors"), anchor));
            Assert.True(verified.Code == 0, verified.Output);
            Assert.Contains("policy=access-trace-12-months", verified.Output, StringComparison.Ordinal);
        }

        var heard = overheard.Text();
        Assert.Contains("Anchor written: checkpoint ", heard, StringComparison.Ordinal);
        Assert.Contains("records and 0 files of questions were past their time.", heard, StringComparison.Ordinal);
        Assert.Contains("cdr.upkeep.became=done", heard, StringComparison.Ordinal);
        Assert.DoesNotContain(person.Nir, heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_another_process_has_the_lock_nothing_is_done_and_it_is_tried_again_in_an_hour()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Postgres = await servers.PostgresAsync() });
        await world.AskManyAsync(2);
        var clock = At(13, 1);
        var options = new UpkeepOptions { AnchorFolder = folder.Folder("anchors"), Purge = true };
        using var upkeep = Upkeep(world, clock, options);
        await using (var other = new RightsDb(new DbContextOptionsBuilder<RightsDb>().UseNpgsql(world.Database!.Owner).Options))
        {
            await using var held = await StoreLock.TryTakeAsync(other, JournalUpkeep.LockKey, Cancellation);
            Assert.NotNull(held);
            Assert.False(await upkeep.RunAsync(Cancellation));
            Assert.Empty(Anchors);
            Assert.NotEqual(0L, await Sql.RunAsync(world.Database.Administrator, "SELECT count(*) FROM records WHERE \"Kind\" = 3"));
            // Nor does the command, meanwhile.
            Assert.Contains("another process", (await ToolRun.RunAsync(world, clock, "purge")).Errors, StringComparison.OrdinalIgnoreCase);
        }

        // Two at the same moment, and once more: a day has one anchor.
        using var second = Upkeep(world, clock, options);
        await Task.WhenAll(upkeep.RunAsync(Cancellation), second.RunAsync(Cancellation));
        Assert.True(await second.RunAsync(Cancellation));
        Assert.Single(Anchors);
        Assert.Equal(0L, await Sql.RunAsync(world.Database.Administrator, "SELECT count(*) FROM records WHERE \"Kind\" = 3"));
        Assert.Equal(0, (await ToolRun.RunAsync(world, clock, "verify")).Code);
    }

    [Fact]
    public async Task A_service_that_restarts_at_midday_does_not_purge_again_before_its_hour()
    {
        await using var world = await RightsWorld.StartAsync();
        await world.AskManyAsync(2);
        var (clock, options) = (At(13, 3), new UpkeepOptions { Purge = true });
        using (var before = Upkeep(world, clock, options))
            Assert.True(await before.RunAsync(Cancellation));
        await world.AskManyAsync(1);
        clock.Advance(TimeSpan.FromHours(9));
        using var after = Upkeep(world, clock, options);

        Assert.True(await after.RunAsync(Cancellation));

        Assert.Equal((1, true), (Purges(), Left()));
        clock.Advance(TimeSpan.FromHours(15));
        Assert.True(await after.RunAsync(Cancellation));
        Assert.Equal((2, false), (Purges(), Left()));

        int Purges()
        {
            using var db = world.Host.Journal();
            return db.Writers.Count(w => w.Host.EndsWith(" purge"));
        }

        bool Left()
        {
            using var db = world.Host.Journal();
            return db.Records.Any(r => r.Kind == RecordKind.Answered);
        }
    }

    [Fact]
    public async Task By_default_nothing_is_done()
    {
        await using var world = await RightsWorld.StartAsync();
        await world.AskManyAsync(2);
        var clock = At(13, 1);
        using var upkeep = Upkeep(world, clock, new UpkeepOptions());

        await upkeep.StartAsync(Cancellation);

        // It waits for nothing.
        await upkeep.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation);
        await using var db = world.Host.Journal();
        Assert.NotEmpty(await db.Records.ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_folder_that_is_gone_is_a_failure_that_is_told_and_the_purge_runs_all_the_same()
    {
        using var overheard = new Overheard();
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Logs = overheard });
        var answer = await world.Host.AskAsync(new { nir = world.Regimes.People.Case("cnam").Nir, reason = "emergency", regime = "cnam" }).AnswerAsync();
        using var upkeep = Upkeep(world, At(13, 1), new UpkeepOptions { AnchorFolder = Path.Combine(folder.Path, "gone"), Purge = true });

        Assert.False(await upkeep.RunAsync(Cancellation));

        Assert.Equal(0, await world.Host.CountAsync(answer.Id, RecordKind.Answered));
        Assert.Contains("The journal's anchor failed (DirectoryNotFoundException)", overheard.Text(), StringComparison.Ordinal);
        Assert.Contains("cdr.upkeep.became=failed", overheard.Text(), StringComparison.Ordinal);
    }

    /// <summary>A process that is replaced each day would tell its own youth otherwise, and no alert would ever ring.</summary>
    [Fact]
    public async Task The_newest_anchor_is_as_old_as_its_file_however_young_the_process_is()
    {
        await using var world = await RightsWorld.StartAsync();
        var clock = At(0, 1);
        var anchors = folder.Folder("anchors");
        using (Upkeep(world, clock, new UpkeepOptions { AnchorFolder = anchors }))
        {
            // Empty: since the folder is there, which the process is not.
            Assert.Equal((clock.GetUtcNow() - new DirectoryInfo(anchors).CreationTimeUtc).TotalSeconds, Age(), 1.0);
            foreach (var days in (int[])[9, 3])
            {
                var file = Path.Combine(anchors, $"anchor-{days}.json");
                await File.WriteAllTextAsync(file, "{}", Cancellation);
                File.SetLastWriteTimeUtc(file, clock.GetUtcNow().UtcDateTime.AddDays(-days));
                Assert.Equal(TimeSpan.FromDays(days).TotalSeconds, Age(), 1.0);
            }
        }

        // The host's own upkeep has no folder, and says nothing.
        double Age()
        {
            var ages = new List<double>();
            using var listener = new MeterListener();
            listener.InstrumentPublished = (instrument, heard) =>
            {
                if (instrument.Name == "cdr.rights.journal.anchor.age" && ReferenceEquals(instrument.Meter.Scope, world.Host.Services.GetRequiredService<IMeterFactory>()))
                    heard.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<double>((_, age, _, _) => ages.Add(age));
            listener.Start();
            listener.RecordObservableInstruments();
            return Assert.Single(ages);
        }
    }

    [Theory]
    [InlineData("2027-01-31T01:00:00Z", "2027-01-31T02:30:00Z")]
    [InlineData("2027-01-31T02:30:00Z", "2027-02-01T02:30:00Z")]
    public void It_is_due_each_day_at_its_hour(string now, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next, System.Globalization.CultureInfo.InvariantCulture), JournalUpkeep.Next(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture), new UpkeepOptions().At));

    public void Dispose() => folder.Dispose();

    // In small steps: when it looks at the clock is its own affair.
    private static Task PassAsync(FakeTimeProvider clock, TimeSpan step, Func<Task<bool>> until) => Records.UntilAsync("it has run", async () =>
    {
        if (await until())
            return true;
        clock.Advance(step);
        return false;
    });

    private static FakeTimeProvider At(int months, int hour) => new(new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddMonths(months).AddDays(2).AddHours(hour));

    private static JournalUpkeep Upkeep(RightsWorld world, FakeTimeProvider clock, UpkeepOptions options)
    {
        var services = world.Host.Services;
        return new JournalUpkeep(
            services.GetRequiredService<IDbContextFactory<RightsDb>>(), services.GetRequiredKeyedService<Store>(RightsModule.Name), services.GetRequiredService<BatchSigner>(), Options.Create(options),
            services.GetRequiredService<IOptions<RetentionOptions>>(), services.GetRequiredService<IMeterFactory>(), clock, services.GetRequiredService<ILogger<JournalUpkeep>>());
    }
}
