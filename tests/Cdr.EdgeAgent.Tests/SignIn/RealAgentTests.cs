using System.Text.Json;
using System.Text.RegularExpressions;
using Cdr.EdgeAgent.Tests.Machine;
using Cdr.EdgeAgent.Tests.VirtualCards;
using Cdr.Testing;
using static Cdr.EdgeAgent.Tests.Machine.AgentProcess;

namespace Cdr.EdgeAgent.Tests.SignIn;

/// <summary>What goes on around a sign-in of the real agent: its services die, other software has the card, another session has another agent.</summary>
public sealed partial class RealAgentTests(RunningPlatform platform) : IAsyncLifetime
{
    private const string Clerk = "cpe-admissions-nord";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly PrivatePcscd pcscd = new();

    public async ValueTask InitializeAsync() => await pcscd.StartAsync();

    public ValueTask DisposeAsync() => pcscd.DisposeAsync();

    [Fact]
    public async Task The_card_service_killed_while_the_pin_is_typed_closes_the_window_and_costs_no_try()
    {
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        using var card = await platform.CardAsync(Clerk);
        using (InsertedCard.Insert(card, pcscd.PortOf(0)))
        {
            agent.Types("wait");
            await WatchAsync(agent, 1);
            var reply = agent.AskAsync(new { verb = "login" });
            await Deadline.UntilAsync("the PIN is asked for", Patience, () => agent.Window.Contains("GETPIN"), TestContext.Current.CancellationToken);
            await pcscd.KillAsync();
            // The window would stay for ten minutes.
            Assert.Equal("reader-service-gone", CodeOf(await reply.WaitAsync(Patience, TestContext.Current.CancellationToken)));
            Assert.Equal((3, 0), (card.TriesLeft, card.Signed.Count));
        }

        await pcscd.StartAsync();
        using var again = InsertedCard.Insert(card, pcscd.PortOf(0));
        await agent.SeesAsync(1);
        agent.Types("1234");
        Assert.Equal("signed-in", CodeOf(await agent.AskAsync(new { verb = "login" })));
    }

    [Theory]
    [InlineData("challenges", 0)]
    [InlineData("openings", 1)]
    public async Task The_card_service_killed_while_a_silent_platform_is_awaited_ends_the_wait_and_no_session_is_kept(string silentAt, int signatures)
    {
        await using var silent = await SilentPlatform.StartAsync(silentAt);
        await using var agent = new AgentProcess(pcscd, silent.Door);
        using var card = TestCards.Make();
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        await WatchAsync(agent, 1);
        var reply = agent.AskAsync(new { verb = "login" });
        await silent.AskedAsync();
        // Shown the PIN only once it has something to sign, and reset before anybody else is waited for.
        Assert.Equal((signatures, false), (card.Signed.Count, card.IsVerified));
        await pcscd.KillAsync();
        Assert.Equal("reader-service-gone", CodeOf(await reply.WaitAsync(Patience, TestContext.Current.CancellationToken)));
        Assert.Equal(("none", 3, signatures), ((await agent.StateAsync()).GetProperty("session").GetString(), card.TriesLeft, card.Signed.Count));
    }

    [Theory]
    [InlineData("WhenAlone", true)]
    [InlineData("Always", false)]
    [InlineData("Never", true)]
    public async Task Beside_other_software_the_cards_pin_state_is_what_the_policy_says(string policy, bool staysVerified)
    {
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync(), null, [new("CDR_AGENT_RESET", policy)]);
        using var card = await platform.CardAsync(Clerk);
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        await WatchAsync(agent, 1);
        await using (await OtherSoftware.ConnectAsync(pcscd, card))
        {
            Assert.Equal("signed-in", CodeOf(await agent.AskAsync(new { verb = "login" })));
            Assert.Equal(staysVerified, card.IsVerified);
        }

        // The other one left the card as it was: alone on it, the agent's next use decides.
        Assert.Equal(staysVerified, card.IsVerified);
        agent.Types("1234");
        Assert.Equal("signed-in", CodeOf(await agent.AskAsync(new { verb = "login" })));
        Assert.Equal(policy == "Never", card.IsVerified);
        Assert.Equal("open", (await agent.StateAsync()).GetProperty("session").GetString());
    }

    [Fact]
    public async Task One_user_in_two_sessions_has_two_agents_and_nothing_crosses()
    {
        var door = await platform.DoorAsync();
        await using var seventh = new AgentProcess(pcscd, door, null, [new("CDR_AGENT_READER", PrivatePcscd.First)]);
        await using var eighth = new AgentProcess(pcscd, door, null, [new("CDR_AGENT_READER", PrivatePcscd.Second), new("XDG_SESSION_ID", "8"), new("XDG_RUNTIME_DIR", seventh.RuntimeFolder)]);
        using var clerk = await platform.CardAsync(Clerk);
        using var nurse = await platform.CardAsync("cps-infirmier", CardProfile.Cps3 with { Serial = "80250000010000009999" });
        using var clerkIn = InsertedCard.Insert(clerk, pcscd.PortOf(0));
        using var nurseIn = InsertedCard.Insert(nurse, pcscd.PortOf(1));
        await WatchAsync(seventh, 2);
        // The other session's agent is not this one's.
        Assert.Equal(3, (await eighth.RunAsync("status")).Code);
        Assert.Equal((3, "agent-not-running"), Told(await eighth.RunAsync("logout")));
        await WatchAsync(eighth, 2);

        var both = await Task.WhenAll(seventh.RunAsync("login", "--ticket"), eighth.RunAsync("login", "--ticket"));
        Assert.All(both, reply => Assert.Equal((0, "signed-in"), Told(reply)));
        Assert.Equal((1, 1), (clerk.Signed.Count, nurse.Signed.Count));
        var (one, two) = (await platform.RedeemAsync(both[0].Reply), await platform.RedeemAsync(both[1].Reply));
        // Each asked for its PIN in its own window, of its own reader.
        Assert.Contains(seventh.Window, line => line.Contains(PrivatePcscd.First, StringComparison.Ordinal));
        Assert.DoesNotContain(seventh.Window, line => line.Contains(PrivatePcscd.Second, StringComparison.Ordinal));

        Assert.Equal((0, "signed-out"), Told(await eighth.RunAsync("logout")));
        Assert.Equal((200, 401), (await platform.AskAsync(one), await platform.AskAsync(two)));
        Assert.Equal("open", (await seventh.StateAsync()).GetProperty("session").GetString());
        nurseIn.Withdraw();
        await seventh.SeesAsync(1);
        Assert.True(await platform.LivesAsync(one));
        clerkIn.Withdraw();
        await seventh.SaysAsync("session-ended");
        Assert.Equal(401, await platform.AskAsync(one));
    }

    [Fact]
    public async Task A_lock_hook_that_calls_the_agent_ends_the_session_for_that_reason()
    {
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        using var card = await platform.CardAsync(Clerk);
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        await WatchAsync(agent, 1);
        var token = await platform.RedeemAsync(await agent.AskAsync(new { verb = "login" }));
        Assert.Equal((0, "signed-out"), Told(await agent.RunAsync("logout", "--because", "locked")));
        Assert.Equal(401, await platform.AskAsync(token));
        Assert.Contains("locked", (await agent.SaysAsync("session-ended")).GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.Equal("locked", (await agent.StateAsync()).GetProperty("lastEnd").GetString());
        // The card is still there: whoever comes back types their PIN.
        agent.Types("1234");
        Assert.Equal("signed-in", CodeOf(await agent.AskAsync(new { verb = "login" })));
        Assert.Equal(2, card.Signed.Count);
    }

    [Fact]
    public async Task A_pin_is_written_nowhere()
    {
        const string Wrong = "0461";
        const string Right = "0739";
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        using var card = await platform.CardAsync(Clerk, CardProfile.Cps3 with { Pin = Right });
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        agent.Types(Wrong, Right);
        await WatchAsync(agent, 1);
        var (_, signedIn) = await agent.RunAsync("login", "--ticket");
        Assert.Equal("signed-in", CodeOf(signedIn));
        await platform.RedeemAsync(signedIn);
        await agent.RunAsync("status");
        await agent.RunAsync("diagnose");
        Assert.Equal("signed-out", CodeOf((await agent.RunAsync("logout")).Reply));

        var log = await platform.LogAsync();
        Assert.Contains(agent.Written, line => line.Contains("session-ended", StringComparison.Ordinal));
        Assert.NotEqual("", log);
        foreach (var pin in (string[])[Wrong, Right])
        {
            // As text, as hexadecimal, as base64; none of the three stands there by itself.
            Assert.True(Holds($"D {pin}\n", pin) && Holds($"0020000104{Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(pin))}", pin));
            Assert.False(Holds(string.Join('\n', agent.Written), pin), "In what the agent wrote.");
            Assert.False(Holds(string.Join('\n', agent.Window), pin), "In what its window was told.");
            Assert.False(Holds(log, pin), "In the platform's log.");
            Assert.False(Holds(await File.ReadAllTextAsync(pcscd.Log, TestContext.Current.CancellationToken), pin), "In the card service's log.");
        }
    }

    private static (int Code, string Reply) Told((int Code, JsonElement Reply) told) => (told.Code, CodeOf(told.Reply));

    private static async Task WatchAsync(AgentProcess agent, int cards)
    {
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(cards);
    }

    /// <summary>Four digits stand in ids and in times by chance: by themselves they do not, and a PIN that begins with 0 is no number either.</summary>
    private static bool Holds(string text, string pin)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(pin);
        var ids = Guids().Replace(text, "");
        return Regex.IsMatch(ids, $@"(?<![0-9A-Za-z.]){pin}(?![0-9A-Za-z])")
            || ids.Contains(Convert.ToHexString(bytes), StringComparison.OrdinalIgnoreCase)
            || ids.Contains(BitConverter.ToString(bytes), StringComparison.Ordinal)
            || ids.Contains(Convert.ToBase64String(bytes).TrimEnd('='), StringComparison.Ordinal);
    }

    [GeneratedRegex("[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")]
    private static partial Regex Guids();
}
