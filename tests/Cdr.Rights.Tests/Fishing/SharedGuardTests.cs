using System.Reflection;
using Cdr.Contracts.Rights;
using Cdr.Rights.Fishing;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Cdr.Rights.Tests.Fishing;

/// <summary>Several processes guard as one while Redis answers, each for itself while it does not.</summary>
public sealed class SharedGuardTests(TestServers servers)
{
    private const string Stopped = "consultations-stopped";
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_scan_spread_over_processes_is_stopped_as_one_and_a_lift_is_heard_by_all()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = Guarded.Settings, Redis = (await servers.RedisAsync()).CreateDatabase() });
        await world.StartHostAsync();
        await world.StartHostAsync();
        var desks = world.Hosts.Select(host => new Desk(host, "scanner")).ToList();
        var asked = 0;
        for (var order = 1; order <= 60 && desks[order % 3].AskNir(Number(order)) != Stopped; order++, asked++)
            await ShareAsync(world);

        Assert.InRange(asked, 8, 11);
        await ShareAsync(world);
        Assert.All(desks, desk => Assert.Equal(Stopped, desk.AskNir(Number(200))));
        // A process that starts now hears of it with the card's first question.
        var late = new Desk(await world.StartHostAsync(), "scanner");
        late.AskNir(Number(201));
        await Records.UntilAsync("the late one has heard", () => Task.FromResult(late.AskNir(Number(202)) == Stopped));
        await AssertNothingReadableAsync(world);
        // Nor what marks of one stem have in common, from which one known number would give the others.
        var stem = (desks[0].MarkOf(Number(1)).Stem >> 12).ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(stem, (desks[1].MarkOf(Number(2)).Stem >> 12).ToString("x", System.Globalization.CultureInfo.InvariantCulture));
        Assert.DoesNotContain(await SharedAsync(world), text => text.Contains(stem, StringComparison.OrdinalIgnoreCase));

        var guard = world.Host.Services.GetRequiredService<FishingGuard>();
        var record = FishingCases.Record(Desk.CallerOf("scanner", "690781810"), Sign.Sequence, Level.Stopped, clock.GetUtcNow(), clock.GetUtcNow().AddHours(1), ofCard: true);
        var cases = world.Host.Services.GetRequiredService<FishingCases>();
        await cases.WriteLiftAsync(record, FishingLift.CauseCorrected, new(), clock.GetUtcNow());
        Assert.True(await cases.ShareLiftAsync(guard.KeyOf("scanner", ""), clock.GetUtcNow()));
        await ShareAsync(world);
        Assert.All(desks, desk => Assert.Equal("passed", desk.AskNir(Number(300))));
    }

    [Fact]
    public async Task A_stop_of_files_is_heard_by_all_and_is_no_stop_of_the_desk()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Clock = clock, Settings = new Dictionary<string, string?>(Guarded.Settings) { ["Fishing:FileSequenceToStop"] = "20" }, Redis = (await servers.RedisAsync()).CreateDatabase(),
        });
        await world.StartHostAsync();
        var (here, there) = (new Desk(world.Hosts[0], "invoicing"), new Desk(world.Hosts[1], "invoicing"));
        Assert.Equal("passed", there.AskNir(Number(1)));
        await ShareAsync(world);
        Assert.Equal(19, Enumerable.Range(101, 20).Select(order => Line(here, order)).ToList().IndexOf("batches-stopped"));
        var caller = Desk.CallerOf("invoicing", "690781810");
        world.Hosts[1].Services.GetRequiredService<FishingGuard>().OfFile(caller);
        await ShareAsync(world);

        Assert.Equal("batches-stopped", Line(there, 400));
        Assert.NotNull(world.Hosts[1].Services.GetRequiredService<FishingGuard>().OfFile(caller));
        Assert.All([here, there], desk => Assert.Equal("passed", desk.AskNir(Number(2))));

        static string Line(Desk desk, int order) => desk.Ask(new ConsultationRequest { Nir = Number(order) }, ConsultationOutcome.Found, "invoice-rejected", Lane.Batch);
    }

    [Fact]
    public async Task Without_the_shared_state_questions_go_on_and_each_process_guards_alone()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = Guarded.Settings, Redis = "127.0.0.1:1" });
        var (desk, scanner, town) = (new Desk(world.Host, "honest"), new Desk(world.Host, "scanner"), new Town(1));

        Assert.All(Enumerable.Range(0, 60), _ => Assert.Equal("passed", desk.AskNir(town.Nir(new DateOnly(2026, 11, 23)))));
        Assert.Equal(11, Enumerable.Range(1, 60).Select(order => Slowly(scanner, Number(order))).ToList().IndexOf(Stopped));
    }

    [Fact]
    public async Task A_lift_is_remembered_when_another_stop_has_followed_it()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = Guarded.Settings, Redis = (await servers.RedisAsync()).CreateDatabase() });
        var desk = new Desk(world.Host, "clerk");
        Assert.Contains(Stopped, Enumerable.Range(1, 12).Select(order => Slowly(desk, Number(order))).ToList());
        await ShareAsync(world);
        var (guard, at) = (world.Host.Services.GetRequiredService<FishingGuard>(), clock.GetUtcNow());
        var record = FishingCases.Record(Desk.CallerOf("clerk", "690781810"), Sign.Sequence, Level.Stopped, at, at.AddHours(1), ofCard: true);
        var cases = world.Host.Services.GetRequiredService<FishingCases>();
        await cases.WriteLiftAsync(record, FishingLift.CauseCorrected, new(), at);
        Assert.True(await cases.ShareLiftAsync(guard.KeyOf("clerk", ""), at));
        guard.Lift("clerk", "690781810", at);
        Assert.Contains(Stopped, Enumerable.Range(1, 12).Select(order => Slowly(desk, Town.Of(2, 1960, 1, "13055", order))).ToList());
        await ShareAsync(world);
        // An hour later Redis has forgotten the stop.
        clock.Advance(TimeSpan.FromMinutes(61));
        var database = world.Host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        foreach (var key in database.Multiplexer.GetServers()[0].Keys(database.Database, "cdr:fishing:*"))
        {
            if (await database.KeyTimeToLiveAsync(key) <= TimeSpan.FromHours(1))
                await database.KeyDeleteAsync(key);
        }

        var late = new Desk(await world.StartHostAsync(), "clerk");
        late.AskNir(Number(300));
        await ShareAsync(world);

        Assert.Equal("passed", late.AskNir(Number(301)));
    }

    [Fact]
    public async Task After_quiet_hours_a_process_reads_all_that_others_saw_in_them()
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup { Clock = clock, Settings = Guarded.Settings, Redis = (await servers.RedisAsync()).CreateDatabase() });
        await world.StartHostAsync();
        var (busy, quiet) = (new Desk(world.Hosts[0], "clerk"), new Desk(world.Hosts[1], "clerk"));
        Assert.Equal(["passed", "passed"], new[] { busy, quiet }.Select(desk => desk.AskNir(Number(1))));
        await ShareAsync(world);
        for (var order = 11; order < 14; order++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            Assert.Equal("passed", busy.AskNir(Number(order)));
            await RoundAsync(world.Hosts[0]);
        }

        clock.Advance(TimeSpan.FromHours(3));
        quiet.AskNir(Number(2));
        await RoundAsync(world.Hosts[1]);

        var window = Assert.Single(world.Hosts[1].Services.GetRequiredService<FishingGuard>().Cards).Window;
        Assert.All([1, 11, 12, 13, 2], order => Assert.True(window.Knows(quiet.MarkOf(Number(order))), $"{order} is not known."));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_is_held_and_tries_again_hears_of_a_lift_elsewhere(bool inFiles)
    {
        await using var world = await RightsWorld.StartAsync(new WorldSetup
        {
            Clock = clock, Settings = new Dictionary<string, string?>(Guarded.Settings) { ["Fishing:FileSequenceToStop"] = "20" }, Redis = (await servers.RedisAsync()).CreateDatabase(),
        });
        await world.StartHostAsync();
        var (there, sharing) = (new Desk(world.Hosts[1], "clerk"), world.Hosts[1].Services.GetRequiredService<FishingSharing>());
        string Ask(int order) => !inFiles ? there.AskNir(Number(order)) : there.Ask(new ConsultationRequest { Nir = Number(order) }, ConsultationOutcome.Found, "invoice-rejected", Lane.Batch);
        var stopped = Enumerable.Range(1, 20).Select(order => inFiles ? Ask(order) : Slowly(there, Number(order))).ToList()[^1];
        Assert.EndsWith("-stopped", stopped, StringComparison.Ordinal);
        // The process shares by itself too, as the clock goes on.
        await Records.UntilAsync("it has nothing to tell", async () =>
        {
            await sharing.ShareAllAsync(establishmentsToo: true);
            return world.Hosts[1].Services.GetRequiredService<FishingGuard>().Cards.All(watch => watch.LoadedAt is not null && !watch.IsDirty);
        });

        Assert.True(await world.Host.Services.GetRequiredService<FishingCases>().ShareLiftAsync(world.Host.Services.GetRequiredService<FishingGuard>().KeyOf("clerk", ""), clock.GetUtcNow()));
        Assert.Equal(stopped, Ask(300));

        await Records.UntilAsync("it has heard of the lift", async () =>
        {
            await sharing.ShareAllAsync(establishmentsToo: true);
            return Ask(301) == "passed";
        });
    }

    [Fact]
    public async Task What_was_read_of_an_hour_is_not_read_again()
    {
        ReadingState? state = null;
        await using var world = await ReadAsync(made => state = made);
        var (desk, town) = (new Desk(world.Host, "clerk"), new Town(12));
        for (var asked = 0; asked < 30; asked++)
        {
            desk.AskNir(town.Nir(new DateOnly(2026, 11, 23)));
            await world.Host.Services.GetRequiredService<FishingSharing>().ShareAllAsync(establishmentsToo: true);
        }

        // Of the card and of its establishment, each text once; all of them each time would be a thousand.
        Assert.InRange(state!.Texts, 30, 120);
    }

    [Fact]
    public async Task What_could_not_be_read_at_a_cards_first_question_is_read_a_second_later_though_it_asks_no_other()
    {
        ReadingState? state = null;
        await using var world = await ReadAsync(made => (state = made).IsAway = true);
        new Desk(world.Host, "clerk").AskNir(Number(1));
        await Records.UntilAsync("the shared state was not there", () => Task.FromResult(state!.Refused > 0));
        var (sharing, watch) = (world.Host.Services.GetRequiredService<FishingSharing>(), Assert.Single(world.Host.Services.GetRequiredService<FishingGuard>().Cards));
        // Its mark, noted meanwhile, is told; what others told is still not read.
        await Records.UntilAsync("nor a second later", async () =>
        {
            var before = state!.Refused;
            await sharing.ShareAllAsync(establishmentsToo: false);
            return state.Refused > before && watch.LoadedAt is null;
        });
        state!.IsAway = false;
        await Records.UntilAsync("it is read", async () =>
        {
            await sharing.ShareAllAsync(establishmentsToo: false);
            return watch.LoadedAt is not null;
        });
    }

    private Task<RightsWorld> ReadAsync(Action<ReadingState> with) => RightsWorld.StartAsync(new WorldSetup
    {
        Clock = clock, Settings = Guarded.Settings,
        Services = services =>
        {
            var inner = services.Last(d => d.ServiceType == typeof(ISharedState)).ImplementationType!;
            services.AddSingleton(provider =>
            {
                var around = ReadingState.Around((ISharedState)ActivatorUtilities.CreateInstance(provider, inner), out var state);
                with(state);
                return around;
            });
        },
    });

    // As fast as who is slowed may.
    private string Slowly(Desk desk, string nir)
    {
        clock.Advance(TimeSpan.FromSeconds(2));
        return desk.AskNir(nir);
    }

    private static string Number(int order) => Town.Of(1, 1980, 5, "69123", order);

    /// <summary>One round, also where the process's own, which an advanced clock sets off, has begun with a card: it is left to that one, and waited for here.</summary>
    private static async Task RoundAsync(RightsHost host)
    {
        await host.Services.GetRequiredService<FishingSharing>().ShareAllAsync(establishmentsToo: true);
        await Records.UntilAsync("nothing is being shared", () => Task.FromResult(host.Services.GetRequiredService<FishingGuard>().Cards.All(watch =>
        {
            var isIdle = watch.TryBeginSharing();
            if (isIdle)
                watch.EndSharing();
            return isIdle;
        })));
    }

    private static async Task ShareAsync(RightsWorld world)
    {
        // Begun by each card's first question, and not to be overtaken.
        await Records.UntilAsync("each process has read what there was", async () =>
        {
            // What a silent moment of the shared state kept from the first look, the next round has.
            foreach (var host in world.Hosts)
            {
                if (host.Services.GetRequiredService<FishingGuard>().Cards.Any(watch => watch.LoadedAt is null))
                    await host.Services.GetRequiredService<FishingSharing>().ShareAllAsync(establishmentsToo: true);
            }

            return world.Hosts.All(host => host.Services.GetRequiredService<FishingGuard>().Cards.All(watch => watch.LoadedAt is not null));
        });
        foreach (var host in world.Hosts)
            await host.Services.GetRequiredService<FishingSharing>().ShareAllAsync(establishmentsToo: true);
        foreach (var host in world.Hosts)
        {
            foreach (var watch in host.Services.GetRequiredService<FishingGuard>().Cards)
                watch.IsDirty = true;
            await host.Services.GetRequiredService<FishingSharing>().ShareAllAsync(establishmentsToo: true);
        }
    }

    private static async Task AssertNothingReadableAsync(RightsWorld world)
    {
        var everything = await SharedAsync(world);
        Assert.NotEmpty(everything);
        Assert.All(["18005", "800569", "69123", "scanner", "690781810"], told => Assert.DoesNotContain(everything, one => one.Contains(told, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Counts the texts that are read; is not there while a test says so.</summary>
    public class ReadingState : DispatchProxy
    {
        private ISharedState inner = null!;
        private int texts;
        private int refused;

        public int Texts => Volatile.Read(ref texts);

        public bool IsAway { get; set; }

        public int Refused => Volatile.Read(ref refused);

        public static ISharedState Around(ISharedState inner, out ReadingState state)
        {
            var made = Create<ISharedState, ReadingState>();
            state = (ReadingState)made;
            state.inner = inner;
            return made;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => IsAway && targetMethod!.Name == nameof(ISharedState.ReadListAsync) ? Refuse() : targetMethod!.Invoke(inner, args) switch
        {
            Task<IReadOnlyList<string>> set => CountAsync(set, members => members.Count),
            Task<(IReadOnlyList<string> Texts, long Next)> list => CountAsync(list, read => read.Texts.Count),
            var other => other,
        };

        private Task<(IReadOnlyList<string> Texts, long Next)> Refuse()
        {
            Interlocked.Increment(ref refused);
            return Task.FromException<(IReadOnlyList<string> Texts, long Next)>(new SharedStateUnavailableException());
        }

        private async Task<T> CountAsync<T>(Task<T> reading, Func<T, int> count)
        {
            var read = await reading;
            Interlocked.Add(ref texts, count(read));
            return read;
        }
    }

    private static async Task<List<string>> SharedAsync(RightsWorld world)
    {
        var database = world.Host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        List<string> everything = [];
        foreach (var key in database.Multiplexer.GetServers()[0].Keys(database.Database, "cdr:fishing:*"))
        {
            everything.Add(key!);
            everything.AddRange(await database.KeyTypeAsync(key) == RedisType.List ? (await database.ListRangeAsync(key)).Select(one => (string)one!) : [(string)(await database.StringGetAsync(key))!]);
            Assert.NotNull(await database.KeyTimeToLiveAsync(key));
        }

        return everything;
    }
}
