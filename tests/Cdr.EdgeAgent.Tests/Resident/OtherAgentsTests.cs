using System.Text.Json;
using Cdr.EdgeAgent.Tests.Machine;
using static Cdr.EdgeAgent.Tests.Machine.AgentProcess;

namespace Cdr.EdgeAgent.Tests.Resident;

/// <summary>A unit of the user's service manager and a program of the desktop have two numbers for one session: the second finds the first's agent, or says that it finds none.</summary>
public sealed class OtherAgentsTests
{
    // Of a process that nobody gave the number of a session, the kernel's own count.
    private static readonly KeyValuePair<string, string?> Unnamed = new("XDG_SESSION_ID", null);

    [Fact]
    public async Task The_one_agent_of_a_session_without_a_name_is_found_from_a_named_one()
    {
        await using var unit = new AgentProcess(null, null, null, [Unnamed]);
        await using var desktop = new AgentProcess(null, null, null, [new("XDG_RUNTIME_DIR", unit.RuntimeFolder)]);
        await SaysNoneAsync(desktop, "watch", "en une minute");
        unit.Stay("watch");
        await unit.SaysAsync("watching");
        Assert.Equal((0, "status"), Told(await desktop.RunAsync("status")));
        Assert.Equal((0, "no-session"), Told(await desktop.RunAsync("logout")));
        Assert.Equal((1, "platform-unset"), Told(await desktop.RunAsync("login", "--ticket")));
    }

    [Fact]
    public async Task And_from_an_unnamed_one_unless_there_are_several()
    {
        await using var seventh = new AgentProcess(null, null);
        await using var eighth = new AgentProcess(null, null, null, [new("XDG_RUNTIME_DIR", seventh.RuntimeFolder), new("XDG_SESSION_ID", "8")]);
        await using var unit = new AgentProcess(null, null, null, [new("XDG_RUNTIME_DIR", seventh.RuntimeFolder), Unnamed]);
        seventh.Stay("watch");
        await seventh.SaysAsync("watching");
        Assert.Equal((0, "status"), Told(await unit.RunAsync("status")));
        Assert.Equal((0, "no-session"), Told(await unit.RunAsync("logout")));
        // A named session is another one, and its agent nobody else's.
        await SaysNoneAsync(eighth, "1");

        eighth.Stay("watch");
        await eighth.SaysAsync("watching");
        Assert.Equal((0, "status"), Told(await eighth.RunAsync("status")));
        await SaysNoneAsync(unit, "2");
    }

    [Fact]
    public async Task What_a_killed_agent_left_is_no_agent()
    {
        await using var unit = new AgentProcess(null, null, null, [Unnamed]);
        await using var desktop = new AgentProcess(null, null, null, [new("XDG_RUNTIME_DIR", unit.RuntimeFolder)]);
        var process = unit.Stay("watch");
        await unit.SaysAsync("watching");
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(unit.RuntimeFolder, "cdr-agent"), "*.sock"));
        await SaysNoneAsync(desktop, "watch", "en une minute");
    }

    /// <summary>Neither command says that it did anything, and both say what runs elsewhere.</summary>
    private static async Task SaysNoneAsync(AgentProcess agent, string next, string? ofLogout = null)
    {
        foreach (var (verb, told) in ((string, string)[])[("status", next), ("logout", ofLogout ?? next)])
        {
            var (code, reply) = await agent.RunAsync(verb);
            Assert.Equal((3, "agent-not-running", false), (code, CodeOf(reply), reply.GetProperty("done").GetBoolean()));
            Assert.Contains(told, reply.GetProperty("next").GetString(), StringComparison.Ordinal);
        }
    }

    private static (int Code, string Reply) Told((int Code, JsonElement Reply) told) => (told.Code, CodeOf(told.Reply));
}
