using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Pcsc;
using Cdr.EdgeAgent.Posts;
using Cdr.EdgeAgent.Resident;
using Cdr.EdgeAgent.SignIn;
using Cdr.EdgeAgent.Tests.Monitoring;
using Cdr.EdgeAgent.Tests.VirtualCards;

namespace Cdr.EdgeAgent.Tests.Resident;

/// <summary>The screen is locked at a moment that the test chooses, on a platform that the test words.</summary>
public sealed class LockMomentTests : IDisposable
{
    private const string Reader = "Reader 00 00";
    private readonly HandLocks locks = new();
    private readonly WordedPlatform platform = new();
    private readonly VirtualCard card = TestCards.Make();
    private readonly ScriptedPcsc pcsc = new();
    private readonly Agent agent;
    private Action<string> said = _ => { };

    public LockMomentTests()
    {
        pcsc.Put(Reader, Convert.ToHexString(card.Atr));
        pcsc.Connected = _ => new CardInProcess(card);
        var settings = new AgentSettings { Platform = WordedPlatform.Address };
        agent = new Agent(
            settings, new CardDoor(pcsc, null, TimeProvider.System), platform.Reached(), new AgentKey(TimeProvider.System), new GivenPin(),
            new PostProbes(settings, () => [Reader]), locks, TimeProvider.System, (code, _) => said(code));
    }

    [Fact]
    public async Task A_lock_between_the_openings_reply_and_the_keeping_of_its_session_ends_the_new_session_and_hands_no_ticket_over()
    {
        using var stop = new CancellationTokenSource();
        var running = agent.RunAsync(stop.Token);
        Assert.Equal("signed-in", (await SignInAsync()).Code);
        var first = platform.Opened.Single();

        // The session before is being ended, the new one is open and not kept yet.
        platform.Ending = () => locks.Lock();
        var reply = await SignInAsync();
        platform.Ending = () => { };
        Assert.Equal(("pin-cancelled", null), (reply.Code, reply.Ticket));
        var second = platform.Opened.Last();
        Assert.NotEqual(first, second);
        await agent.Session!.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Contains((second, AgentStatements.Locked), platform.Stated);
        Assert.Equal("none", agent.State().Session);

        // And the lock is of then: whoever comes back signs in.
        Assert.Equal("signed-in", (await SignInAsync()).Code);
        Assert.Equal("open", agent.State().Session);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task As_soon_as_the_readers_are_said_to_be_lost_the_session_is_in_doubt()
    {
        using var stop = new CancellationTokenSource();
        var running = agent.RunAsync(stop.Token);
        Assert.Equal("signed-in", (await SignInAsync()).Code);
        Assert.Equal("open", agent.State().Session);
        var then = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        said = code =>
        {
            if (code == "monitor-lost")
                then.TrySetResult(agent.State().Session);
        };
        pcsc.Fail(PcscCodes.NoService);
        Assert.Equal("doubtful", await then.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        await stop.CancelAsync();
        await running;
    }

    public void Dispose()
    {
        agent.Dispose();
        pcsc.Dispose();
        platform.Dispose();
        card.Dispose();
    }

    private Task<AgentReply> SignInAsync() => agent.SignInAsync(null, null, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
}
