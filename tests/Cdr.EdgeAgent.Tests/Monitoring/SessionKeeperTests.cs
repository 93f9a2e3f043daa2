using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Monitoring;
using Cdr.EdgeAgent.SignIn;
using Cdr.Testing;
using Microsoft.Extensions.Time.Testing;
using Refit;

namespace Cdr.EdgeAgent.Tests.Monitoring;

public sealed class SessionKeeperTests : IDisposable
{
    private static readonly Slot Here = new("A", CardFamily.Cps3, 7);
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly RecordedPlatform platform = new();
    private readonly AgentKey key;
    private CardProof proof = CardProof.Unknown;

    public SessionKeeperTests() => key = new AgentKey(clock);

    [Fact]
    public async Task A_card_that_leaves_ends_the_session_at_once()
    {
        var (keeper, end) = Keep();
        keeper.Tell(new MonitorNews.Seen([Here, new Slot("B", CardFamily.Vitale, 8)]));
        keeper.Tell(new MonitorNews.Seen([new Slot("A", CardFamily.Other, 0)]));
        Assert.Equal("withdrawn", await end);
        Assert.Equal(["withdrawn"], platform.Kinds);
    }

    [Fact]
    public async Task A_reader_that_is_unplugged_or_a_card_put_back_is_a_withdrawal()
    {
        var (unplugged, end) = Keep();
        unplugged.Tell(new MonitorNews.Seen([]));
        Assert.Equal("withdrawn", await end);
        var (again, endAgain) = Keep();
        again.Tell(new MonitorNews.Seen([Here with { Insertion = 9 }]));
        Assert.Equal("withdrawn", await endAgain);
    }

    [Fact]
    public async Task Presence_is_stated_by_the_agents_key_each_heartbeat_and_a_doubt_at_once_until_it_ends_the_session()
    {
        var (keeper, end) = Keep();
        await BeatAsync(1);
        await BeatAsync(2);
        var statements = platform.Statements.ToList();
        Assert.All(statements, one => Assert.Equal(("present", 7L), (one.Kind, one.Insertion)));
        Assert.True(statements[1].Sequence > statements[0].Sequence);

        keeper.Tell(new MonitorNews.Lost(0x8010001D));
        // No time has passed.
        await Deadline.UntilAsync("the doubt is told", TimeSpan.FromSeconds(60), () => platform.Kinds.Last() == "doubtful", TestContext.Current.CancellationToken);
        Assert.False(keeper.IsCertain);
        await EndsAsync(end, TimeSpan.FromSeconds(15));
        Assert.Equal("reader-lost", await end);
        var kinds = platform.Kinds.ToList();
        Assert.Equal(["present", "present", "doubtful", "reader-lost"], kinds.Where((kind, at) => at == kinds.IndexOf(kind) || kind == "present"));
        // Again each 2 s, and never a presence.
        Assert.InRange(kinds.Count(kind => kind == "doubtful"), 5, 9);
        Assert.All(platform.Statements, one => Assert.Equal(7, one.Insertion));
    }

    [Fact]
    public async Task After_a_doubt_the_same_card_goes_on_under_the_insertion_that_was_told()
    {
        var (keeper, end) = Keep();
        keeper.Tell(new MonitorNews.Lost(0x8010001E));
        // The reader is back before its card.
        keeper.Tell(new MonitorNews.Seen([]));
        keeper.Tell(new MonitorNews.Seen([new Slot("A", CardFamily.Other, 0)]));
        proof = CardProof.Same;
        keeper.Tell(new MonitorNews.Seen([Here with { Insertion = 12 }]));
        await Deadline.UntilAsync("it is certain again", TimeSpan.FromSeconds(5), () => keeper.IsCertain, TestContext.Current.CancellationToken);
        // At once, and no time has passed: the page is waiting.
        await Deadline.UntilAsync("its presence is told", TimeSpan.FromSeconds(60), () => platform.Kinds.Last() == "present", TestContext.Current.CancellationToken);
        Assert.Equal(7, platform.Statements.Last().Insertion);
        keeper.Tell(new MonitorNews.Seen([Here with { Insertion = 12 }]));
        keeper.Tell(new MonitorNews.Seen([Here with { Insertion = 13 }]));
        Assert.Equal("withdrawn", await end);
    }

    [Fact]
    public async Task A_platform_that_hangs_does_not_put_off_the_end_of_a_doubt()
    {
        var (keeper, end) = Keep();
        platform.Hangs = AgentStatements.Doubtful;
        keeper.Tell(new MonitorNews.Lost(0x8010001D));
        await Deadline.UntilAsync("the doubt is being told", TimeSpan.FromSeconds(60), () => platform.Kinds.Contains("doubtful"), TestContext.Current.CancellationToken);
        await EndsAsync(end, TimeSpan.FromSeconds(15));
        Assert.Equal("reader-lost", await end);
    }

    [Fact]
    public async Task After_a_doubt_another_card_ends_it_and_an_unreadable_one_does_not_prove_anything()
    {
        var (keeper, end) = Keep();
        keeper.Tell(new MonitorNews.Lost(0x80100013));
        keeper.Tell(new MonitorNews.Seen([Here with { Insertion = 12 }]));
        Assert.False(end.IsCompleted);
        proof = CardProof.Another;
        keeper.Tell(new MonitorNews.Seen([Here with { Insertion = 12 }]));
        Assert.Equal("withdrawn", await end);
    }

    [Fact]
    public async Task What_the_platform_ended_is_not_ended_again()
    {
        platform.Answer = new PresenceAnswer("ended", "revoked");
        var (_, end) = Keep();
        await EndsAsync(end, TimeSpan.FromSeconds(20));
        Assert.Equal("revoked", await end);
        Assert.Equal(["present"], platform.Kinds);
    }

    [Fact]
    public async Task A_withdrawal_is_said_again_until_the_platform_hears_it()
    {
        platform.Silent = true;
        var (keeper, end) = Keep();
        keeper.Tell(new MonitorNews.Seen([]));
        // Both ways of saying it: either one that is heard ends it at once.
        await Deadline.UntilAsync("it was said", TimeSpan.FromSeconds(60), () => platform.Withdrawals > 0, TestContext.Current.CancellationToken);
        Assert.False(end.IsCompleted, end.Exception?.ToString());
        platform.Silent = false;
        await EndsAsync(end, TimeSpan.FromSeconds(1));
        Assert.Equal("withdrawn", await end);
        Assert.All(platform.Kinds, kind => Assert.Equal("withdrawn", kind));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, false)]
    [InlineData(HttpStatusCode.ServiceUnavailable, true)]
    [InlineData(HttpStatusCode.TooManyRequests, true)]
    public async Task A_heartbeat_that_nobody_could_answer_is_said_again_and_the_others_keep_their_times(HttpStatusCode status, bool inOurWords)
    {
        platform.Fails = (status, inOurWords);
        var (keeper, end) = Keep();
        var began = clock.GetUtcNow();
        await BeatAsync(1);
        platform.Fails = null;
        await BeatAsync(2);
        Assert.InRange(clock.GetUtcNow() - began, TimeSpan.FromSeconds(23), TimeSpan.FromSeconds(29));
        await BeatAsync(3);
        Assert.InRange(clock.GetUtcNow() - began, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(42));
        keeper.End(AgentStatements.SignedOut);
        await end;
    }

    [Fact]
    public async Task A_heartbeat_that_is_refused_for_good_is_not_said_again()
    {
        platform.Fails = (HttpStatusCode.Conflict, true);
        var (keeper, end) = Keep();
        var began = clock.GetUtcNow();
        await BeatAsync(2);
        Assert.True(clock.GetUtcNow() - began >= TimeSpan.FromSeconds(40));
        platform.Fails = null;
        keeper.End(AgentStatements.SignedOut);
        await end;
    }

    [Fact]
    public async Task A_heartbeat_that_hangs_delays_no_withdrawal_and_no_other_heartbeat()
    {
        platform.Hangs = AgentStatements.Present;
        var (keeper, end) = Keep();
        await BeatAsync(1);
        keeper.Tell(new MonitorNews.Seen([]));
        // Time stands still: nothing that ran out let it through.
        Assert.Equal("withdrawn", await end.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(["present", "withdrawn"], platform.Kinds);

        var (again, endAgain) = Keep();
        await BeatAsync(4);
        again.End(AgentStatements.Locked);
        Assert.Equal("locked", await endAgain.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(["present", "withdrawn", "present", "present", "locked"], platform.Kinds);
    }

    public void Dispose()
    {
        key.Dispose();
        platform.Dispose();
    }

    private (SessionKeeper Keeper, Task<string> End) Keep()
    {
        var opening = new Opening("ticket", clock.GetUtcNow().AddSeconds(30), [], Guid.CreateVersion7(clock.GetUtcNow()), 20);
        var client = new HttpClient(platform, disposeHandler: false) { BaseAddress = new Uri("https://cdr.test/") };
        var keeper = new SessionKeeper(new KeptSession(opening, Here, clock.GetUtcNow()), new Platform(RestService.ForGenerated<ISessionsApi>(client, new RefitSettings()), client.BaseAddress), key, clock, _ => proof);
        return (keeper, keeper.RunAsync());
    }

    private Task BeatAsync(int beats) => Deadline.UntilAsync($"{beats} heartbeats were told", TimeSpan.FromSeconds(90), () =>
    {
        if (platform.Kinds.Count < beats)
            // Little at a time: a heartbeat that is on its way on a busy machine is not overtaken by the next one.
            clock.Advance(TimeSpan.FromSeconds(1));
        return platform.Kinds.Count == beats;
    }, TestContext.Current.CancellationToken);

    private async Task EndsAsync(Task end, TimeSpan after)
    {
        var moved = TimeSpan.Zero;
        await Deadline.UntilAsync("it ends", TimeSpan.FromSeconds(90), () =>
        {
            // Timers begin on another thread: time is moved until they have.
            if (!end.IsCompleted)
                clock.Advance(TimeSpan.FromMilliseconds(250));
            moved += TimeSpan.FromMilliseconds(250);
            return end.IsCompleted;
        }, TestContext.Current.CancellationToken);
        Assert.True(moved >= after, $"It ended after {moved}.");
    }

    private sealed class RecordedPlatform : HttpMessageHandler
    {
        public ConcurrentQueue<AgentStatement> Statements { get; } = new();

        public ConcurrentQueue<string> Kinds => new(Statements.Select(statement => statement.Kind));

        public PresenceAnswer Answer { get; set; } = new("alive", null);

        public bool Silent { get; set; }

        /// <summary>How statements are answered instead, and whether in the platform's own words.</summary>
        public (HttpStatusCode Status, bool InOurWords)? Fails { get; set; }

        /// <summary>By its ticket, heard or not.</summary>
        public int Withdrawals { get; private set; }

        /// <summary>Kind of the statements that are never answered.</summary>
        public string? Hangs { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            var (silent, fails) = (Silent, Fails);
            if (path == "/api/sessions/presence")
                Statements.Enqueue(JsonSerializer.Deserialize<AgentStatement>(await request.Content!.ReadAsStringAsync(cancellationToken), JsonSerializerOptions.Web)!);
            else
                Assert.Equal("/api/sessions/withdrawals", path);
            if (path == "/api/sessions/withdrawals")
                Withdrawals++;
            if (Hangs is not null && Kinds.LastOrDefault() == Hangs)
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            if (fails is var (status, inOurWords))
                return new HttpResponseMessage(status) { RequestMessage = request, Content = inOurWords ? JsonContent.Create(new { code = "session-unknown", title = "Plus tard" }) : null };
            return silent
                ? new HttpResponseMessage(HttpStatusCode.BadGateway) { RequestMessage = request }
                : new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = JsonContent.Create(Answer) };
        }
    }
}
