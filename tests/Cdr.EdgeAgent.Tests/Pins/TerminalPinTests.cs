using System.Diagnostics;
using System.Text;
using Cdr.EdgeAgent.Tests.Machine;
using Cdr.EdgeAgent.Tests.VirtualCards;
using Cdr.Testing;

namespace Cdr.EdgeAgent.Tests.Pins;

/// <summary>The agent in a terminal: a pseudo-terminal of script(1).</summary>
public sealed class TerminalPinTests(RunningPlatform platform)
{
    [Fact]
    public async Task The_pin_is_typed_in_the_agents_own_terminal_and_is_not_shown()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        using var card = await platform.CardAsync("cpe-admissions-nord");
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        using var folder = new TestFolder("terminal");
        using var process = await StartAsync(pcscd, folder, "login --ticket --json");
        var (shown, reading) = Read(process);
        await ShowsAsync(shown, "Code à 4 chiffres");
        // A wrong last digit, taken back; a letter that counts for nothing.
        await process.StandardInput.WriteAsync("12x39\u007f\u007f34\r");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        await ShowsAsync(shown, "signed-in");
        inserted.Withdraw();
        await ShowsAsync(shown, "session-ended");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await reading;
        Assert.Contains("Il reste 3 essais", Shown(shown), StringComparison.Ordinal);
        Assert.DoesNotContain("1234", Shown(shown), StringComparison.Ordinal);
        Assert.Equal([0x82], card.Signed);
    }

    [Fact]
    public async Task Of_several_cards_the_terminal_asks_which_and_the_others_sign_nothing()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        using var first = await platform.CardAsync("cpe-admissions-nord");
        using var second = await platform.CardAsync("cpe-urgences-rhone");
        using var insertedFirst = InsertedCard.Insert(first, pcscd.PortOf(0));
        using var insertedSecond = InsertedCard.Insert(second, pcscd.PortOf(1));
        using var folder = new TestFolder("terminal");
        using var process = await StartAsync(pcscd, folder, "login --ticket");
        var (shown, reading) = Read(process);
        await ShowsAsync(shown, "Laquelle ?");
        Assert.Contains("Plusieurs cartes sont présentes.", Shown(shown), StringComparison.Ordinal);
        // As they are numbered: the second reader of the service is slot 1.
        var asked = Shown(shown).Split('\n').Select(line => line.Trim()).Single(line => line.EndsWith("00 01", StringComparison.Ordinal));
        await process.StandardInput.WriteAsync(asked[..1] + "\r");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        await ShowsAsync(shown, "Code à 4 chiffres");
        await process.StandardInput.WriteAsync("1234\r");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        await ShowsAsync(shown, "Connexion acceptée.");
        insertedSecond.Withdraw();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await reading;
        Assert.Equal([0x82], second.Signed);
        Assert.Empty(first.Signed);
    }

    [Fact]
    public async Task An_agent_that_stays_asks_in_a_window_although_it_has_a_terminal()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, await platform.DoorAsync(), null, [new("CDR_AGENT_PINENTRY", null), new("TERM", "xterm")]);
        using var card = await platform.CardAsync("cpe-admissions-nord");
        using var inserted = InsertedCard.Insert(card, pcscd.PortOf(0));
        agent.StayInTerminal("watch");
        await agent.SaysAsync("watching");
        await agent.SeesAsync(1);
        var reply = await agent.AskAsync(new { verb = "login" }).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal("signed-in", AgentProcess.CodeOf(reply));
        Assert.Contains("GETPIN", agent.Window);
    }

    private async Task<Process> StartAsync(PrivatePcscd pcscd, TestFolder folder, string words) => Process.Start(new ProcessStartInfo("script", ["-qfec", $"{string.Join(' ', AgentProcess.Command)} {words}", "/dev/null"])
    {
        RedirectStandardInput = true, RedirectStandardOutput = true,
        Environment =
        {
            ["PCSCLITE_CSOCK_NAME"] = pcscd.Socket, ["XDG_RUNTIME_DIR"] = folder.Folder("run"), ["XDG_CONFIG_HOME"] = folder.Path, ["XDG_SESSION_ID"] = "8",
            ["CDR_AGENT_PLATFORM"] = (await platform.DoorAsync()).AbsoluteUri, ["CDR_AGENT_PINENTRY"] = "terminal", ["TERM"] = "xterm",
        },
    })!;

    private static (StringBuilder Shown, Task Reading) Read(Process process)
    {
        var shown = new StringBuilder();
        return (shown, Task.Run(async () =>
        {
            var buffer = new char[1024];
            while (await process.StandardOutput.ReadAsync(buffer) is > 0 and var length)
            {
                lock (shown)
                    shown.Append(buffer, 0, length);
            }
        }, TestContext.Current.CancellationToken));
    }

    /// <summary>Every test of this program begins at once, each with programs of its own: the first prompt may be long in coming.</summary>
    private static async Task ShowsAsync(StringBuilder shown, string text)
    {
        try
        {
            await Deadline.UntilAsync($"« {text} » is shown", TimeSpan.FromSeconds(120), () => Shown().Contains(text, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"« {text} » was not shown in 120 s, but this: {Shown()}");
        }

        string Shown() => TerminalPinTests.Shown(shown);
    }

    private static string Shown(StringBuilder shown)
    {
        lock (shown)
            return shown.ToString();
    }
}
