using Cdr.EdgeAgent.Tests.Machine;

namespace Cdr.EdgeAgent.Tests.HandOver;

public sealed class BrowserOpenerTests
{
    private static readonly Uri Platform = new("http://127.0.0.1:9/");

    [Theory]
    [InlineData("exit 3")]
    [InlineData("echo \"xdg-open: no method available for opening '$1'\" >&2; exit 3")]
    public async Task Where_the_system_finds_no_browser_login_says_so_and_where_to_go(string opener)
    {
        await using var agent = new AgentProcess(null, Platform, null, [new("CDR_AGENT_BROWSER", null)]);
        agent.Installs("xdg-open", opener);
        var (code, output, errors) = await agent.SpeakAsync("login");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("browser-missing", errors, StringComparison.Ordinal);
        Assert.Contains("Ouvrez http://127.0.0.1:9 dans un navigateur", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("xdg-open", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_of_the_settings_that_is_not_there_or_fails_opened_nothing()
    {
        foreach (var program in new[] { "/nowhere/firefox", "false" })
        {
            await using var agent = new AgentProcess(null, Platform, null, [new("CDR_AGENT_BROWSER", program)]);
            var (code, reply) = await agent.RunAsync("login");
            Assert.Equal((1, "browser-missing"), (code, AgentProcess.CodeOf(reply)));
        }
    }

    [Fact]
    public async Task A_browser_that_stays_open_was_opened()
    {
        await using var agent = new AgentProcess(null, Platform);
        agent.BrowserStays();
        var (code, reply) = await agent.RunAsync("login");
        Assert.Equal((0, "page-opened"), (code, AgentProcess.CodeOf(reply)));
        Assert.Equal(["http://127.0.0.1:9/connexion"], agent.Opened);
        File.Delete(Path.Combine(agent.Folder, "stays"));
    }
}
