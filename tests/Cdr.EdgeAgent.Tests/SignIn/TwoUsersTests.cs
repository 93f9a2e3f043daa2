using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using Cdr.EdgeAgent.Tests.HandOver;
using Cdr.EdgeAgent.Tests.Machine;
using Cdr.EdgeAgent.Tests.VirtualCards;
using Cdr.Testing;
using static Cdr.EdgeAgent.Tests.Machine.AgentProcess;

namespace Cdr.EdgeAgent.Tests.SignIn;

/// <summary>A multi-user host: two users of one machine, an agent and a card each.</summary>
public sealed class TwoUsersTests(RunningPlatform platform)
{
    private const int One = 61001;
    private const int Two = 61002;

    [Fact]
    public async Task Two_users_two_agents_two_cards_and_nothing_crosses()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may start programs as two other users.");
        var door = await platform.DoorAsync();
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var first = new AgentProcess(pcscd, door, One, [new("CDR_AGENT_READER", PrivatePcscd.First)]);
        await using var second = new AgentProcess(pcscd, door, Two, [new("CDR_AGENT_READER", PrivatePcscd.Second)]);
        using var clerk = await platform.CardAsync("cpe-admissions-nord");
        using var nurse = await platform.CardAsync("cps-infirmier", CardProfile.Cps3 with { Serial = "80250000010000009999" });
        using var clerkIn = InsertedCard.Insert(clerk, pcscd.PortOf(0));
        using var nurseIn = InsertedCard.Insert(nurse, pcscd.PortOf(1));
        first.Stay("watch");
        second.Stay("watch");
        await first.SaysAsync("watching");
        await second.SaysAsync("watching");
        await first.SeesAsync(2);
        await second.SeesAsync(2);

        // At the same moment, each with its own card, as its own user.
        var both = await Task.WhenAll(first.RunAsync("login", "--ticket"), second.RunAsync("login", "--ticket"));
        Assert.All(both, reply => Assert.Equal("signed-in", CodeOf(reply.Reply)));
        Assert.Equal((1, 1), (clerk.Signed.Count, nurse.Signed.Count));
        var (one, two) = (await platform.RedeemAsync(both[0].Reply), await platform.RedeemAsync(both[1].Reply));
        Assert.NotEqual(SubjectOf(one), SubjectOf(two));

        // The second user's programs, pointed at the first one's agent, reach nothing of it.
        await using var prying = new AgentProcess(pcscd, door, Two, [new("XDG_RUNTIME_DIR", first.RuntimeFolder)]);
        Assert.Equal(3, (await prying.RunAsync("status")).Code);
        Assert.Equal("agent-not-running", CodeOf((await prying.RunAsync("logout")).Reply));
        Assert.Equal((200, 200), (await platform.AskAsync(one), await platform.AskAsync(two)));

        clerkIn.Withdraw();
        await first.SaysAsync("session-ended");
        await Deadline.UntilAsync("the first session is dead", TimeSpan.FromSeconds(2), async () => await platform.AskAsync(one) == 401, TestContext.Current.CancellationToken);
        Assert.Equal(200, await platform.AskAsync(two));
        Assert.Equal("open", (await second.StateAsync()).GetProperty("session").GetString());
        nurseIn.Withdraw();
        await second.SaysAsync("session-ended");
        await Deadline.UntilAsync("the second session is dead", TimeSpan.FromSeconds(2), async () => await platform.AskAsync(two) == 401, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("address", true)]
    [InlineData("auto", false)]
    public async Task Who_reads_the_command_lines_of_others_finds_no_ticket_there_even_for_a_link_of_their_own(string handOver, bool found)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may start programs as two other users.");
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var victim = new AgentProcess(pcscd, await platform.DoorAsync(), One, [new("CDR_AGENT_HANDOVER", handOver)]);
        using var card = await platform.CardAsync("cpe-admissions-nord");
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        victim.Stay("watch");
        await victim.SaysAsync("watching");
        await victim.SeesAsync(1);
        victim.BrowserStays();
        // The attacker's key, in a link that the victim was brought to follow, with their PIN.
        using var attacker = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("signed-in", CodeOf((await victim.RunAsync("open", "cdr:sign-in?browser=" + Base64Url.EncodeToString(attacker.ExportSubjectPublicKeyInfo()))).Reply));
        var landing = (await victim.LandingAsync()).AbsoluteUri;

        // Another user of the host looks at every command line, and into the page that the browser was opened with.
        var seen = await AsTwoAsync(@"for p in /proc/[0-9]*/cmdline; do tr '\0' '\n' <$p; done 2>/dev/null");
        Assert.Contains(victim.Opened[^1], seen, StringComparison.Ordinal);
        Assert.Equal(found, seen.Contains(landing, StringComparison.Ordinal));
        if (!found)
            Assert.Equal("", await AsTwoAsync($"cat '{new Uri(victim.Opened[^1]).LocalPath}' '{victim.RuntimeFolder}'/cdr-agent/* 2>/dev/null"));
        // What was brought opens with the attacker's key and no other: unseen, it is worth nothing to them.
        var ticket = landing[(landing.IndexOf('#', StringComparison.Ordinal) + 1)..];
        Assert.NotNull(HandOverTests.Open(attacker, ticket));
        using var other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        Assert.Null(HandOverTests.Open(other, ticket));
    }

    private static async Task<string> AsTwoAsync(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("setpriv", [$"--reuid={Two}", $"--regid={Two}", "--clear-groups", "sh", "-c", script]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }

    private static string? SubjectOf(string token) =>
        System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])).GetProperty("sub").GetString();
}
