using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Cdr.EdgeAgent.Tests.Machine;
using Cdr.EdgeAgent.Tests.VirtualCards;
using Cdr.Testing;
using static Cdr.EdgeAgent.Tests.Machine.AgentProcess;

namespace Cdr.EdgeAgent.Tests.SignIn;

/// <summary>The real agent, the real card service, a virtual card in its reader, the real platform.</summary>
public sealed class RealCardTests(RunningPlatform platform)
{
    private const string Clerk = "cpe-admissions-nord";

    [Fact]
    public async Task Insert_type_the_pin_ask_withdraw_and_the_session_is_gone()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        using var card = await platform.CardAsync(Clerk);
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        await agent.SeesAsync(1);

        var (code, signedIn) = await agent.RunAsync("login", "--ticket");
        Assert.Equal((0, "signed-in"), (code, CodeOf(signedIn)));
        Assert.Equal([0x82], card.Signed);
        // Alone on the card, and it presented the PIN: the card is reset, and signs no more without one.
        Assert.False(card.IsVerified);
        var token = await platform.RedeemAsync(signedIn);
        Assert.Equal(200, await platform.AskAsync(token));
        Assert.Equal("open", (await agent.StateAsync()).GetProperty("session").GetString());

        inserted.Withdraw();
        var ended = await agent.SaysAsync("session-ended");
        Assert.Equal("Session fermée : la carte a été retirée (code : withdrawn).", ended.GetProperty("words").GetString());
        await Deadline.UntilAsync("the session is dead", TimeSpan.FromSeconds(2), async () => await platform.AskAsync(token) == 401, TestContext.Current.CancellationToken);
        Assert.Equal("none", (await agent.StateAsync()).GetProperty("session").GetString());
    }

    [Fact]
    public async Task Opensc_knows_the_virtual_card_for_what_it_is()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        using var card = TestCards.Make();
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        string output = "";
        await Deadline.UntilAsync("OpenSC sees the card", TimeSpan.FromSeconds(90), async () =>
        {
            var start = new ProcessStartInfo("opensc-tool", ["-n"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["PCSCLITE_CSOCK_NAME"] = pcscd.Socket;
            using var process = Process.Start(start)!;
            output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode == 0;
        }, TestContext.Current.CancellationToken);
        Assert.Contains("IAS-ECC", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_pins_are_counted_the_last_is_warned_of_and_a_blocked_card_says_how_it_is_unblocked()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        using var card = await platform.CardAsync(Clerk);
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);

        agent.Types("0000", "1111", "12", "2222");
        var reply = await agent.AskAsync(new { verb = "login" });
        Assert.Equal("card-blocked", CodeOf(reply));
        Assert.Equal("La carte est bloquée.", reply.GetProperty("words").GetString());
        Assert.Contains("0 825 852 000", reply.GetProperty("next").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("est bloquée", reply.GetProperty("next").GetString(), StringComparison.Ordinal);
        var told = agent.Window.Where(line => line.StartsWith("SETDESC", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, told.Count);
        Assert.Contains("Il reste 3 essais", told[0], StringComparison.Ordinal);
        Assert.Contains("Il reste 2 essais", told[1], StringComparison.Ordinal);
        Assert.Contains("dernier essai", told[2], StringComparison.Ordinal);
        // Two digits are no PIN: they were asked for again, and cost no try.
        Assert.Contains(agent.Window, line => line.StartsWith("SETERROR", StringComparison.Ordinal));
        Assert.Equal(0, card.TriesLeft);

        // Blocked: nothing is asked for any more.
        agent.Types("1234");
        Assert.Equal("card-blocked", CodeOf(await agent.AskAsync(new { verb = "login" })));
        Assert.Empty(card.Signed);
    }

    [Theory]
    [InlineData("cpe-expiree", "certificate-expired")]
    [InlineData("cpe-opposee", "certificate-revoked")]
    [InlineData("cpe-service", "card-cpe-service")]
    public async Task A_card_that_opens_nothing_says_why(string id, string code)
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        using var card = await platform.CardAsync(id);
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        var reply = await agent.AskAsync(new { verb = "login" });
        Assert.Equal(code, CodeOf(reply));
        Assert.NotEqual("", reply.GetProperty("words").GetString());
        // Told before the PIN is typed, of what the post knows by itself.
        Assert.Equal(code == "certificate-expired", agent.Window.Any(line => line.Contains("cette carte a expiré le", StringComparison.Ordinal)));
        Assert.Equal("none", (await agent.StateAsync()).GetProperty("session").GetString());
    }

    [Fact]
    public async Task Of_two_cards_one_is_chosen_and_the_other_may_leave()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        using var clerk = await platform.CardAsync(Clerk);
        using var doctor = await platform.CardAsync("cps-infirmier", CardProfile.Cps3 with { Serial = "80250000010000009999" });
        using var one = InsertedCard.Insert(clerk, pcscd.PortOf(0));
        using var two = InsertedCard.Insert(doctor, pcscd.PortOf(1));
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(2);

        var several = await agent.AskAsync(new { verb = "login" });
        Assert.Equal("card-several", CodeOf(several));
        Assert.Equal([PrivatePcscd.First, PrivatePcscd.Second], several.GetProperty("choices").EnumerateArray().Select(choice => choice.GetString()));
        Assert.Empty(agent.Window);
        Assert.Equal("signed-in", CodeOf(await agent.AskAsync(new { verb = "login", reader = PrivatePcscd.Second })));
        Assert.Equal((0, 1), (clerk.Signed.Count, doctor.Signed.Count));

        one.Withdraw();
        await agent.SeesAsync(1);
        Assert.Equal("open", (await agent.StateAsync()).GetProperty("session").GetString());
        two.Withdraw();
        await agent.SaysAsync("session-ended");
    }

    [Fact]
    public async Task The_patients_card_in_the_other_reader_is_left_alone()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        using var patient = TestCards.Make(CardProfile.Cps3 with { Atr = "3B75130000480 9EA9000".Replace(" ", "", StringComparison.Ordinal) });
        using var clerk = await platform.CardAsync(Clerk);
        using var other = InsertedCard.Insert(patient, pcscd.PortOf(0));
        using var own = InsertedCard.Insert(clerk, pcscd.PortOf(1));
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        Assert.Equal("signed-in", CodeOf(await agent.AskAsync(new { verb = "login" })));
        other.Withdraw();
        await Deadline.UntilAsync("the patient's card is gone", TimeSpan.FromSeconds(90), async () =>
            (await agent.StateAsync()).GetProperty("readers")[0].GetProperty("card").ValueKind == JsonValueKind.Null, TestContext.Current.CancellationToken);
        Assert.Equal((0, "open"), (patient.Commands, (await agent.StateAsync()).GetProperty("session").GetString()));
    }

    [Fact]
    public async Task A_card_that_leaves_while_the_pin_is_typed_closes_the_window()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        using var card = await platform.CardAsync(Clerk);
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        agent.Types("wait");
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        var reply = agent.AskAsync(new { verb = "login" });
        await Deadline.UntilAsync("the PIN is asked for", TimeSpan.FromSeconds(90), () => agent.Window.Contains("GETPIN"), TestContext.Current.CancellationToken);
        Assert.Equal("sign-in-under-way", CodeOf(await agent.AskAsync(new { verb = "login" })));
        inserted.Withdraw();
        Assert.Equal("card-withdrawn", CodeOf(await reply));
    }

    [Fact]
    public async Task A_card_that_leaves_while_the_platform_is_awaited_ends_the_wait()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/"));
        using var card = TestCards.Make();
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        var reply = agent.AskAsync(new { verb = "login" });
        using var asked = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        inserted.Withdraw();
        Assert.Equal("card-withdrawn", CodeOf(await reply));
        // It was asked before the card was shown the PIN.
        Assert.Equal((3, 0), (card.TriesLeft, card.Signed.Count));
    }

    [Fact]
    public async Task A_platform_of_another_origin_is_not_signed_for()
    {
        // The same machine under another name: whoever stands there would relay the signature.
        var door = await platform.DoorAsync();
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, new Uri($"http://localhost:{door.Port}/"));
        using var card = await platform.CardAsync(Clerk);
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        Assert.Equal("origin-foreign", CodeOf(await agent.AskAsync(new { verb = "login" })));
        Assert.Empty(card.Signed);
    }

    [Fact]
    public async Task Asked_to_stop_it_ends_its_session_first()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync());
        using var card = await platform.CardAsync(Clerk);
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        var process = agent.Stay("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        var token = await platform.RedeemAsync(await agent.AskAsync(new { verb = "login" }));
        Assert.True(await platform.LivesAsync(token));
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.False(await platform.LivesAsync(token));
    }
}
