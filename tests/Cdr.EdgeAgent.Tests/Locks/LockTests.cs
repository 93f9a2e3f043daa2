using System.Runtime.InteropServices;
using Cdr.EdgeAgent.Locks;
using Cdr.EdgeAgent.Tests.Machine;
using Cdr.EdgeAgent.Tests.VirtualCards;
using Cdr.Testing;
using static Cdr.EdgeAgent.Tests.Machine.AgentProcess;

namespace Cdr.EdgeAgent.Tests.Locks;

public sealed class LockTests(RunningPlatform platform)
{
    // As AgentProcess sets XDG_SESSION_ID.
    private const string Ours = "7";

    [Fact]
    public async Task A_session_that_is_locked_left_or_put_to_sleep_ends_and_nobody_elses_word_ends_it()
    {
        await using var bus = new PrivateBus();
        await bus.StartAsync();
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync(), more: bus.Settings);
        using var card = await platform.CardAsync("cpe-admissions-nord");
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        await Deadline.UntilAsync("it hears of locks", TimeSpan.FromSeconds(60), async () => (await agent.StateAsync()).GetProperty("seesLocks").GetBoolean(), TestContext.Current.CancellationToken);

        foreach (var locks in (Action[])
        [
            () => bus.Lock(Ours),
            () => bus.Changed(Ours, "LockedHint", true),
            () => bus.Changed(Ours, "Active", false),
            () => bus.Sleeps(true),
            () => bus.ScreenSaver("freedesktop", true),
            () => bus.ScreenSaver("gnome", true),
        ])
        {
            agent.Types("1234");
            agent.Forget();
            var token = await platform.RedeemAsync(await agent.AskAsync(new { verb = "login" }));

            // Another user's session, an unlocking, a waking, and a lock that somebody else than logind tells.
            bus.Lock("9");
            bus.Changed("9", "LockedHint", true);
            bus.Lock(Ours, byAStranger: true);
            bus.Changed(Ours, "LockedHint", false);
            bus.Changed(Ours, "Active", true);
            bus.Sleeps(false);
            bus.ScreenSaver("freedesktop", false);
            // Signals of one bus arrive in their order: what comes after these shows that they were heard and did nothing.
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, TestContext.Current.CancellationToken);
            Assert.Equal("open", (await agent.StateAsync()).GetProperty("session").GetString());
            Assert.True(await platform.LivesAsync(token));

            locks();
            var ended = await agent.SaysAsync("session-ended");
            Assert.Contains("locked", ended.GetProperty("words").GetString(), StringComparison.Ordinal);
            await Deadline.UntilAsync("the session is dead", TimeSpan.FromSeconds(2), async () => !await platform.LivesAsync(token), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_pin_that_is_being_asked_for_is_asked_for_no_more_once_the_screen_is_locked()
    {
        await using var bus = new PrivateBus();
        await bus.StartAsync();
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync(), more: bus.Settings);
        using var card = await platform.CardAsync("cpe-admissions-nord");
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        await Deadline.UntilAsync("it hears of locks", TimeSpan.FromSeconds(60), async () => (await agent.StateAsync()).GetProperty("seesLocks").GetBoolean(), TestContext.Current.CancellationToken);
        agent.Types("wait");
        var reply = agent.AskAsync(new { verb = "login" });
        await Deadline.UntilAsync("the PIN is asked for", TimeSpan.FromSeconds(60), () => agent.Window.Contains("GETPIN"), TestContext.Current.CancellationToken);
        bus.Lock(Ours);
        Assert.Equal("pin-cancelled", CodeOf(await reply));
        Assert.Equal((3, 0), (card.TriesLeft, card.Signed.Count));
    }

    [Fact]
    public async Task Without_a_bus_the_agent_says_that_it_sees_no_locks()
    {
        await using var agent = new AgentProcess(null, await platform.DoorAsync());
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        Assert.False((await agent.StateAsync()).GetProperty("seesLocks").GetBoolean());
        Assert.Contains("seesLocks", (await agent.RunAsync("diagnose")).Reply.GetProperty("resident").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("status", CodeOf((await agent.RunAsync("status")).Reply));
    }

    /// <summary>winuser.h, of a 64-bit Windows.</summary>
    [Fact]
    public unsafe void Windows_structures_are_laid_out_as_their_header_says()
    {
        Assert.Equal((80, 48), (sizeof(WindowsLockWatch.WindowClass), sizeof(WindowsLockWatch.WindowMessage)));
        Assert.Equal((8, 24, 64), (Offset<WindowsLockWatch.WindowClass>("Procedure"), Offset<WindowsLockWatch.WindowClass>("Module"), Offset<WindowsLockWatch.WindowClass>("Name")));
        Assert.Equal((8, 16, 32), (Offset<WindowsLockWatch.WindowMessage>("Message"), Offset<WindowsLockWatch.WindowMessage>("What"), Offset<WindowsLockWatch.WindowMessage>("Time")));
    }

    /// <summary>WTS_SESSION_LOCK 7, unlock 8, logoff 6, logon 5, remote disconnect 4, connect 3; PBT_APMSUSPEND 4, resume 7.</summary>
    [Theory]
    [InlineData(0x02B1, 7, true)]
    [InlineData(0x02B1, 6, true)]
    [InlineData(0x02B1, 4, true)]
    [InlineData(0x02B1, 2, true)]
    [InlineData(0x02B1, 8, false)]
    [InlineData(0x02B1, 5, false)]
    [InlineData(0x02B1, 3, false)]
    [InlineData(0x0218, 4, true)]
    [InlineData(0x0218, 7, false)]
    [InlineData(0x0010, 7, false)]
    public void Windows_messages_that_say_that_the_person_left(uint message, int what, bool left) => Assert.Equal(left, WindowsLockWatch.SaysLocked(message, what));

    private static int Offset<T>(string field) => (int)Marshal.OffsetOf<T>(field);
}
