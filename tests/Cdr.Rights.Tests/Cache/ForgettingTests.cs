using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Cache;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;
using Cdr.Rights.Tests.Harness;
using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Testing.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Rights.Tests.Cache;

/// <summary>What a regime had forgotten is served to nobody, whatever fails or is late meanwhile.</summary>
public sealed class ForgettingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_failed_eviction_left_is_forgotten_when_it_is_told_again()
    {
        await using var cnam = await Kept.StartAsync();
        await cnam.KeepAsync();
        cnam.State.FailRemove = true;
        await Assert.ThrowsAsync<SharedStateUnavailableException>(cnam.ForgetAsync);
        cnam.State.FailRemove = false;

        Assert.Equal(1, await cnam.ForgetAsync());

        Assert.Null(await cnam.FreshAsync());
        Assert.Equal(0, await cnam.ForgetAsync());
    }

    [Fact]
    public async Task A_reply_whose_person_could_not_be_noted_is_not_stored()
    {
        await using var cnam = await Kept.StartAsync();
        cnam.State.FailAddToSet = true;

        await cnam.AskAsync(1);
        await cnam.LandedAsync();

        Assert.DoesNotContain(cnam.State.Written, key => key.StartsWith("cdr:reply:", StringComparison.Ordinal));
        Assert.Null(await cnam.FreshAsync());
    }

    [Fact]
    public async Task A_question_after_a_change_does_not_join_one_from_before_it()
    {
        await using var cnam = await Kept.StartAsync();
        var late = new TaskCompletionSource();
        var before = cnam.AskAsync(1, until: late.Task);
        await cnam.ForgetAsync();

        var after = cnam.AskAsync(2);
        late.SetResult();

        Assert.Equal(2, (await after).Reply.Milliseconds);
        Assert.Equal(1, (await before).Reply.Milliseconds);
        await cnam.LandedAsync();
        Assert.Null(await cnam.FreshAsync());
    }

    [Fact]
    public async Task A_question_after_a_change_that_came_while_a_reply_was_being_stored_is_not_given_it()
    {
        await using var cnam = await Kept.StartAsync();
        var store = new TaskCompletionSource();
        cnam.State.Storing = store.Task;
        Assert.Equal(1, (await cnam.AskAsync(1)).Reply.Milliseconds);
        // The marks were looked at by then.
        await Records.UntilAsync("it is being stored", () => cnam.State.Written.Any(key => key.StartsWith("cdr:reply:", StringComparison.Ordinal)));
        await cnam.ForgetAsync();

        var after = await cnam.AskAsync(2);

        store.SetResult();
        Assert.Equal(2, after.Reply.Milliseconds);
        await cnam.LandedAsync();
        Assert.Null(await cnam.FreshAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reply_asked_for_earlier_does_not_replace_a_later_one(bool refreshed)
    {
        await using var cnam = await Kept.StartAsync();
        var late = new TaskCompletionSource();
        var first = cnam.AskAsync(1, refreshed, late.Task);
        await cnam.AskAsync(2, refresh: true);
        await Records.UntilAsync("the later one is kept", async () => (await cnam.FreshAsync())?.Reply.Milliseconds == 2);
        late.SetResult();

        Assert.Equal(1, (await first).Reply.Milliseconds);

        await cnam.LandedAsync();
        Assert.Equal(2, (await cnam.FreshAsync())?.Reply.Milliseconds);
    }

    [Fact]
    public async Task A_value_of_another_build_is_not_kept()
    {
        await using var cnam = await Kept.StartAsync();
        await cnam.KeepAsync();
        var key = cnam.State.Written.Last(key => key.StartsWith("cdr:reply:", StringComparison.Ordinal));
        var box = (await cnam.State.GetAsync(key, Cancel))!;
        // An answer that does not say which kind it is.
        Assert.True(cnam.Sealer.TryOpen("cache", [], box, out var plain));
        var value = JsonNode.Parse(plain)!;
        Assert.True(value["value"]!["reply"]!["answer"]!.AsObject().Remove("outcome"));
        await cnam.State.SetAsync(key, cnam.Sealer.Seal("cache", [], JsonSerializer.SerializeToUtf8Bytes(value)), TimeSpan.FromHours(1), Cancel);

        Assert.Null(await cnam.FreshAsync());

        Assert.Equal(3, (await cnam.AskAsync(3)).Reply.Milliseconds);
    }

    [Fact]
    public async Task One_round_trip_stands_between_a_new_question_and_its_regime()
    {
        await using var cnam = await Kept.StartAsync();

        // The look, and the lock with it.
        Assert.Equal(["look"], await cnam.TripsBeforeAskingAsync());
    }

    [Fact]
    public async Task A_lock_taken_with_the_look_is_kept_by_a_question_whose_session_was_read_with_it()
    {
        await using var cnam = await Kept.StartAsync();
        cnam.State.IsFar = true;

        Assert.DoesNotContain("add", await cnam.TripsOfQuestionsAsync(40));
    }

    [Fact]
    public async Task Two_do_where_something_was_kept_before()
    {
        await using var cnam = await Kept.StartAsync();
        await cnam.TripsBeforeAskingAsync();
        await cnam.LandedAsync();
        await cnam.ForgetAsync();

        // The look; then the lock, and beside it the reading of what may have been kept meanwhile.
        Assert.Equal(["get", "add", "get"], await cnam.TripsBeforeAskingAsync());
    }

    [Fact]
    public async Task Who_waits_for_another_of_this_process_gives_back_the_lock_it_took()
    {
        await using var cnam = await Kept.StartAsync();
        var look = await cnam.LookAsync();
        Assert.NotNull(look.Lock);
        var said = new TaskCompletionSource();
        // It has no lock yet, and waits for that of the other one.
        var leads = cnam.AskAsync(1, until: said.Task);

        var joins = cnam.AskAsync(2, look: look);
        said.SetResult();

        Assert.Equal((1, 1), ((await leads).Reply.Milliseconds, (await joins).Reply.Milliseconds));
        Assert.Contains(cnam.State.Unlocked, mark => mark == look.Lock);
    }

    [Fact]
    public async Task A_look_whose_word_is_late_gives_back_the_lock_that_it_may_have_taken()
    {
        await using var cnam = await Kept.StartAsync();
        cnam.State.IsLate = true;

        Assert.Null((await cnam.LookAsync()).Lock);

        cnam.State.IsLate = false;
        Assert.NotNull((await cnam.LookAgainAsync()).Lock);
    }

    [Fact]
    public async Task Who_does_not_ask_after_all_gives_back_the_lock_it_took()
    {
        await using var cnam = await Kept.StartAsync();
        await cnam.LeaveAsync(await cnam.LookAsync());

        Assert.NotNull((await cnam.LookAgainAsync()).Lock);
    }

    /// <summary>Cnam's replies about one person, on a shared state that fails and tells. A reply is known by its milliseconds.</summary>
    private sealed class Kept : IAsyncDisposable
    {
        private readonly RightsWorld world;
        private readonly ReplyCache cache;
        private readonly RegimeRow regime;
        private readonly RegimeQuestion question;
        private readonly Nir nir;

        private Kept(RightsWorld world, Telling state)
        {
            (this.world, State) = (world, state);
            cache = world.Host.Services.GetRequiredService<ReplyCache>();
            regime = world.Host.Services.GetRequiredService<RegimeRegistry>().Rows.Single(r => r.Id.Value == "cnam");
            nir = Nir.Parse(world.Regimes.People.Case("cnam").Nir).Value;
            question = new RegimeQuestion(new RegimeSubject.ByNir(nir), new DateOnly(2026, 3, 2), Guid.Empty, Finess.Parse("750712184").Value, ConsultationReason.Emergency);
        }

        public Telling State { get; }

        public Sealer Sealer => world.Host.Services.GetRequiredKeyedService<Sealer>("Rights");

        public static async Task<Kept> StartAsync()
        {
            Telling? state = null;
            var world = await RightsWorld.StartAsync(new WorldSetup
            {
                Services = services =>
                {
                    var inner = services.Last(d => d.ServiceType == typeof(ISharedState)).ImplementationType!;
                    services.AddSingleton<ISharedState>(provider => state = new Telling((ISharedState)ActivatorUtilities.CreateInstance(provider, inner)));
                },
            });
            _ = world.Host.Services.GetRequiredService<ISharedState>();
            return new Kept(world, state!);
        }

        public async Task KeepAsync()
        {
            await AskAsync(1);
            await Records.UntilAsync("it is kept", async () => await FreshAsync() is not null);
            await LandedAsync();
        }

        public Task<Look> LookAsync() => cache.LookToAskAsync(regime, question, null);

        /// <summary>As another process.</summary>
        public Task<Look> LookAgainAsync() =>
            ActivatorUtilities.CreateInstance<ReplyCache>(world.Host.Services).LookToAskAsync(regime, question, null);

        public Task LeaveAsync(Look look) => cache.LeaveAsync(regime, question, look);

        public Task<KeptReply> AskAsync(int milliseconds, bool refresh = false, Task? until = null, Look? look = null)
        {
            return cache.GetAsync(regime, question, look ?? Look.Nothing, refresh, async () =>
            {
                await (until ?? Task.CompletedTask);
                return new RegimeReply(new RegimeAnswer.BeneficiaryUnknown(), milliseconds, TimeProvider.System.GetUtcNow());
            });
        }

        public async Task<IReadOnlyList<string>> TripsBeforeAskingAsync()
        {
            State.Trips.Clear();
            IReadOnlyList<string> trips = [];
            await cache.GetAsync(regime, question, await LookAsync(), refresh: false, () =>
            {
                trips = [.. State.Trips];
                return Task.FromResult(new RegimeReply(new RegimeAnswer.BeneficiaryUnknown(), 1, TimeProvider.System.GetUtcNow()));
            });
            return trips;
        }

        public async Task<IReadOnlyList<string>> TripsOfQuestionsAsync(int questions)
        {
            var caller = new TestCaller();
            await State.SetAsync(SessionGate.Key(caller.Session!.Value.ToString()), SessionGate.Alive, TimeSpan.FromMinutes(5), Cancel);
            State.Trips.Clear();
            for (var day = 0; day < questions; day++)
                await world.Host.AskAsync(new { nir = nir.Value, reason = "emergency", regime = "cnam", careDate = new DateOnly(2026, 3, 2).AddDays(day) }, caller).AnswerAsync();
            Assert.Equal(questions, State.Trips.Count(trip => trip == "look"));
            return [.. State.Trips];
        }

        public async Task<KeptReply?> FreshAsync() => cache.Fresh(regime, await cache.LookAsync(regime, question));

        public Task<int> ForgetAsync() => cache.ForgetAsync(regime, [nir], Cancel);

        /// <summary>Nothing of what was asked is still on its way to the shared state.</summary>
        public Task LandedAsync() => Records.UntilAsync("all is stored or left", () => cache.Underway == 0);

        public ValueTask DisposeAsync() => world.DisposeAsync();
    }

    private sealed class Telling(ISharedState inner) : ISharedState
    {
        private readonly List<string> written = [];

        public bool FailRemove { get; set; }

        public bool IsLate { get; set; }

        /// <summary>Its word comes on another thread, and wakes each who waits for it on one of their own.</summary>
        public bool IsFar { get; set; }

        private static Task<T> FarAsync<T>(Task<T> word)
        {
            var told = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            _ = Task.Run(async () =>
            {
                await Task.Yield();
                told.SetResult(await word);
            });
            return told.Task;
        }

        public bool FailAddToSet { get; set; }

        /// <value>Replies are stored when it is completed.</value>
        public Task Storing { get; set; } = Task.CompletedTask;

        public IReadOnlyList<string> Written
        {
            get
            {
                lock (written)
                    return [.. written];
            }
        }

        public ConcurrentQueue<string> Trips { get; } = [];

        public Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
        {
            Trips.Enqueue("get");
            return inner.GetAsync(key, cancellationToken);
        }

        public async Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken)
        {
            lock (written)
                written.Add(key);
            if (key.StartsWith("cdr:reply:", StringComparison.Ordinal))
                await Storing;
            await inner.SetAsync(key, value, lifetime, cancellationToken);
        }

        public Task<bool> TryAddAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken)
        {
            Trips.Enqueue("add");
            return inner.TryAddAsync(key, value, lifetime, cancellationToken);
        }

        public Task<IReadOnlyList<Raised>> RaiseAsync(IReadOnlyList<(string Key, long Number)> numbers, string marks, TimeSpan lifetime, CancellationToken cancellationToken) =>
            inner.RaiseAsync(numbers, marks, lifetime, cancellationToken);

        public Task<IReadOnlyList<bool>> ExistAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => inner.ExistAsync(keys, cancellationToken);

        public Task<(byte[]? First, byte[]? Second)> GetTwoAsync(string first, string second, CancellationToken cancellationToken) => inner.GetTwoAsync(first, second, cancellationToken);

        public Task<(byte[]? First, byte[]? Second, bool Locked)> GetTwoOrLockAsync(
            string first, string second, string lockOfSecond, byte[] mark, TimeSpan lifetime, CancellationToken cancellationToken)
        {
            Trips.Enqueue("look");
            var looked = inner.GetTwoOrLockAsync(first, second, lockOfSecond, mark, lifetime, cancellationToken);
            if (IsFar)
                return FarAsync(looked);
            return IsLate ? Task.FromException<(byte[]?, byte[]?, bool)>(new SharedStateUnavailableException()) : looked;
        }

        public Task ReplaceAsync(string key, byte[] expected, byte[] value, CancellationToken cancellationToken) => inner.ReplaceAsync(key, expected, value, cancellationToken);

        public ConcurrentQueue<byte[]> Unlocked { get; } = [];

        public Task RemoveAsync(string key, byte[]? expected, CancellationToken cancellationToken)
        {
            if (FailRemove)
                throw new SharedStateUnavailableException();
            if (expected is not null)
                Unlocked.Enqueue(expected);
            return inner.RemoveAsync(key, expected, cancellationToken);
        }

        public Task AddToSetAsync(string key, string member, TimeSpan lifetime, CancellationToken cancellationToken) =>
            FailAddToSet ? throw new SharedStateUnavailableException() : inner.AddToSetAsync(key, member, lifetime, cancellationToken);

        public Task<IReadOnlyList<string>> ReadSetAsync(string key, CancellationToken cancellationToken) => inner.ReadSetAsync(key, cancellationToken);

        public Task RemoveFromSetAsync(string key, IReadOnlyCollection<string> members, CancellationToken cancellationToken) =>
            inner.RemoveFromSetAsync(key, members, cancellationToken);

        public Task AddToListAsync(string key, string text, TimeSpan lifetime, CancellationToken cancellationToken) => inner.AddToListAsync(key, text, lifetime, cancellationToken);

        public Task<(IReadOnlyList<string> Texts, long Next)> ReadListAsync(string key, long from, CancellationToken cancellationToken) => inner.ReadListAsync(key, from, cancellationToken);
    }
}
