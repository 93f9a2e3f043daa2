using System.Text.Json;
using Cdr.EdgeAgent.Tests.Machine;

namespace Cdr.EdgeAgent.Tests.Commands;

/// <summary>What was typed wrong is said: what was given, what is accepted; to programs in one object a line.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("sttaus", "« sttaus »", "« status »")]
    [InlineData("logout --because tired", "« tired »", "locked, logged-off, signed-out")]
    [InlineData("logout --because", "--because", "locked, logged-off, signed-out")]
    [InlineData("login --reader", "--reader", "nom d'un lecteur")]
    [InlineData("login --reader Accueil", "--reader", "« reader » dans agent.json")]
    [InlineData("login --raeder Accueil", "« --raeder »", "--reader")]
    [InlineData("status --ticket", "« --ticket »", "--json")]
    [InlineData("diagnose --output=report.json", "« --output=report.json »", "--output FICHIER")]
    [InlineData("open cdr:sign-in another", "« another »", "un seul lien")]
    [InlineData("open https://evil.example/", "lien", "cdr:sign-in?browser=")]
    [InlineData("", "commande", "status, readers")]
    public async Task What_was_given_and_what_is_accepted(string typed, string given, string accepted)
    {
        await using var agent = new AgentProcess(null, null);
        var arguments = typed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (code, lines) = await agent.LinesAsync(arguments);
        Assert.Equal(2, code);
        var reply = JsonSerializer.Deserialize<JsonElement>(Assert.Single(lines));
        Assert.False(reply.GetProperty("done").GetBoolean());
        Assert.Contains(given, reply.GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.Contains(accepted, reply.GetProperty("next").GetString(), StringComparison.Ordinal);

        var (plain, output, errors) = await agent.SpeakAsync(arguments);
        Assert.Equal((2, ""), (plain, output));
        Assert.Contains(given, errors, StringComparison.Ordinal);
        Assert.Contains(accepted, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_variable_stops_the_command_and_the_right_one_is_named()
    {
        await using var agent = new AgentProcess(null, null, null, [new("CDR_AGENT_PLATFROM", "https://cdr.example/")]);
        var (code, reply) = await agent.RunAsync("login");
        Assert.Equal((2, "settings-unreadable"), (code, AgentProcess.CodeOf(reply)));
        Assert.Contains("CDR_AGENT_PLATFROM", reply.GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.Contains("CDR_AGENT_PLATFORM", reply.GetProperty("next").GetString(), StringComparison.Ordinal);
        // A lock hook ends the session whatever the settings: it needs none of them.
        Assert.Equal((3, "agent-not-running"), await CodesAsync(agent, "logout", "--because", "locked"));
    }

    [Fact]
    public async Task A_value_that_is_none_is_said_with_those_that_are()
    {
        await using var agent = new AgentProcess(null, null, null, [new("CDR_AGENT_CRYPTOLIBONSERVER", "yes")]);
        var (code, reply) = await agent.RunAsync("watch");
        Assert.Equal((2, "settings-unreadable"), (code, AgentProcess.CodeOf(reply)));
        Assert.Contains("« yes »", reply.GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.Contains("true, false, 1, 0", reply.GetProperty("next").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("diagnose", "--output")]
    [InlineData("login", "--reader")]
    public async Task A_value_that_is_empty_is_missing(string verb, string option)
    {
        await using var agent = new AgentProcess(null, null);
        var (code, lines) = await agent.LinesAsync(verb, option, "");
        Assert.Equal(2, code);
        var reply = JsonSerializer.Deserialize<JsonElement>(Assert.Single(lines));
        Assert.Equal("usage", AgentProcess.CodeOf(reply));
        Assert.Contains(option, reply.GetProperty("words").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--version --json", 0)]
    [InlineData("help --json", 0)]
    public async Task What_does_nothing_is_plain_text_for_programs_too(string typed, int expected)
    {
        await using var agent = new AgentProcess(null, null);
        var (code, output, errors) = await agent.SpeakAsync(typed.Split(' '));
        Assert.Equal((expected, ""), (code, errors));
        Assert.NotEmpty(output);
    }

    [Fact]
    public async Task The_help_tells_the_files_of_the_settings_with_an_example_and_each_exit_code()
    {
        await using var agent = new AgentProcess(null, null);
        var (_, output, _) = await agent.SpeakAsync("help");
        Assert.Contains("/etc/cdr-agent/agent.json", output, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(agent.Folder, "config", "cdr-agent", "agent.json"), output, StringComparison.Ordinal);
        Assert.Contains("{ \"platform\": \"https://", output, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, 5), code => Assert.Matches($"(?m)^  {code}  ", output));
    }

    [Fact]
    public async Task Without_a_platform_it_is_said_in_which_file_it_is_written_and_how()
    {
        await using var agent = new AgentProcess(null, null);
        var (code, _, errors) = await agent.SpeakAsync("login");
        Assert.Equal(1, code);
        Assert.Contains("/etc/cdr-agent/agent.json, par exemple { \"platform\": \"https://cdr.exemple.fr/\" }", errors, StringComparison.Ordinal);
        Assert.Contains("(code : platform-unset)", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_is_full_is_said_and_breaks_nothing()
    {
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", $"{string.Join(' ', AgentProcess.Command)} diagnose >/dev/full"]) { RedirectStandardError = true })!;
        var errors = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, shell.ExitCode);
        Assert.Contains("output-unwritable", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readers_are_one_object_on_one_line()
    {
        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        await using var agent = new AgentProcess(pcscd, null);
        var (code, lines) = await agent.LinesAsync("readers");
        var reply = JsonSerializer.Deserialize<JsonElement>(Assert.Single(lines));
        Assert.Equal((0, "readers", 2), (code, AgentProcess.CodeOf(reply), reply.GetProperty("readers").GetArrayLength()));
    }

    private static async Task<(int, string)> CodesAsync(AgentProcess agent, params string[] arguments)
    {
        var (code, reply) = await agent.RunAsync(arguments);
        return (code, AgentProcess.CodeOf(reply));
    }
}
