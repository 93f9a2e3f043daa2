using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Cdr.EdgeAgent.Tests.Machine;

namespace Cdr.EdgeAgent.Tests.Resident;

/// <summary>An agent is there and says nothing: whoever asks is told within seconds, above all a lock hook.</summary>
public sealed class SilentAgentTests
{
    // Far more than the five seconds that each waits, on a machine that does much else.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task An_agent_that_was_stopped_does_not_hold_up_whoever_asks()
    {
        await using var agent = new AgentProcess(null, null);
        var process = agent.Stay("watch");
        await agent.SaysAsync("watching");
        await SignalAsync("STOP", process);
        // Together: each waits for itself.
        var asked = await Task.WhenAll(new[] { "status", "logout --because locked", "login --ticket", "open cdr:sign-in?browser=abc" }.Select(typed => agent.RunAsync(typed.Split(' ')))).WaitAsync(Long, TestContext.Current.CancellationToken);
        Assert.All(asked, one => Assert.Equal((4, "agent-silent"), (one.Code, AgentProcess.CodeOf(one.Reply))));
        Assert.Contains("ne répond pas", asked[0].Reply.GetProperty("words").GetString(), StringComparison.Ordinal);
        // No second one beside it.
        Assert.Equal(2, (await agent.RunAsync("watch").WaitAsync(Long, TestContext.Current.CancellationToken)).Code);
        await SignalAsync("CONT", process);
        Assert.Equal(0, (await agent.RunAsync("status").WaitAsync(Long, TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public async Task A_lock_waits_for_an_agent_that_was_stopped_and_a_sign_in_does_not()
    {
        await using var agent = new AgentProcess(null, null);
        using var stopped = Listen(agent, 8);
        await Task.WhenAll(agent.RunAsync("logout", "--because", "locked"), agent.RunAsync("login", "--ticket")).WaitAsync(Long, TestContext.Current.CancellationToken);

        // It goes on: what it finds.
        var found = "";
        while (stopped.Poll(TimeSpan.Zero, SelectMode.SelectRead))
        {
            using var client = await stopped.AcceptAsync(TestContext.Current.CancellationToken);
            var buffer = new byte[1024];
            found += Encoding.UTF8.GetString(buffer, 0, await client.ReceiveAsync(buffer, TestContext.Current.CancellationToken));
        }

        Assert.Single(found.Split('\n'), line => line.Contains("\"logout\"", StringComparison.Ordinal) && line.Contains("\"locked\"", StringComparison.Ordinal));
        Assert.DoesNotContain("\"login\"", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("logout")]
    public async Task An_agent_that_dies_while_it_is_asked_has_not_answered(string verb)
    {
        await using var agent = new AgentProcess(null, null);
        using var dying = Listen(agent, 8);
        var asked = agent.RunAsync(verb);
        // What was asked is not read: the connection breaks.
        while (!asked.IsCompleted)
        {
            var accepted = dying.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
            if (await Task.WhenAny(accepted, asked) == asked)
                break;
            using var client = await accepted;
            await Task.WhenAny(client.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken).AsTask(), asked);
        }

        var (code, reply) = await asked.WaitAsync(Long, TestContext.Current.CancellationToken);
        Assert.Equal((4, "agent-silent"), (code, AgentProcess.CodeOf(reply)));
    }

    [Fact]
    public async Task Where_so_many_wait_that_no_other_may_nobody_waits()
    {
        await using var agent = new AgentProcess(null, null);
        using var full = Listen(agent, 1);
        var waiting = new List<Socket>();
        for (var n = 0; n < 2; n++)
        {
            waiting.Add(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
            await waiting[n].ConnectAsync(new UnixDomainSocketEndPoint(agent.ControlSocket), TestContext.Current.CancellationToken);
        }

        var (code, reply) = await agent.RunAsync("status").WaitAsync(Long, TestContext.Current.CancellationToken);
        Assert.Equal((4, "agent-silent"), (code, AgentProcess.CodeOf(reply)));
        Assert.Equal(2, (await agent.RunAsync("watch").WaitAsync(Long, TestContext.Current.CancellationToken)).Code);
        waiting.ForEach(socket => socket.Dispose());
    }

    private static Socket Listen(AgentProcess agent, int backlog)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(agent.ControlSocket)!);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(agent.ControlSocket));
        socket.Listen(backlog);
        return socket;
    }

    private static async Task SignalAsync(string signal, Process process)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
