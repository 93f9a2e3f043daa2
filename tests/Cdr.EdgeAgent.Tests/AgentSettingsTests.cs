using Cdr.EdgeAgent.Channels;
using Cdr.Testing;
using Cdr.Testing.Platforms;

namespace Cdr.EdgeAgent.Tests;

public sealed class AgentSettingsTests : IDisposable
{
    private readonly TestFolder folder = new("settings");

    [Fact]
    public void The_users_file_wins_over_the_machines_and_the_environment_over_both()
    {
        var machine = Write("machine.json", """{ "platform": "https://cdr.example/", "postLabel": "Accueil 1", "reset": "Always" } // by the establishment""");
        var user = Write("user.json", """{ "postLabel": "Accueil 2", "cryptolibOnServer": true }""");
        var settings = AgentSettingsOf([machine, user, folder.File("missing.json")], new() { ["CDR_AGENT_RESET"] = "never", ["CDR_AGENT_READER"] = "", ["CDR_OTHER"] = "x" }, out var faults);
        Assert.Empty(faults);
        Assert.Equal((new Uri("https://cdr.example/"), "Accueil 2", CardReset.Never, true), (settings.Platform, settings.PostLabel, settings.Reset, settings.CryptolibOnServer));
    }

    [Theory]
    [InlineData("""{ "platform": "http://cdr.example/" }""", "platform")]
    [InlineData("""{ "platform": "file:///etc/passwd" }""", "platform")]
    [InlineData("""{ "reset": "sometimes" }""", "reset")]
    [InlineData("""{ "pinEntry": "page" }""", "pinEntry")]
    [InlineData("""{ "pln": "1234" }""", "pln")]
    [InlineData("{", "machine.json")]
    [InlineData("""{ "platform": "https://somebody:secret@cdr.example/" }""", "platform")]
    [InlineData("""{ "pinProgram": null }""", "pinProgram")]
    [InlineData("""{ "reset": 7 }""", "reset")]
    [InlineData("""{ "browser": "" }""", "browser")]
    public void A_setting_that_cannot_be_is_named(string json, string named)
    {
        AgentSettingsOf([Write("machine.json", json)], [], out var faults);
        Assert.Contains(named, Assert.Single(faults).Reply.Words, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void What_is_wrong_is_left_out_and_told_with_its_line_and_the_rest_holds()
    {
        var file = Write("machine.json", "{\r\n  \"platform\": \"https://cdr.example/\",\r\n  \"resett\": \"Never\",\r\n  \"pinEntry\": \"page\",\r\n  \"handOver\": \"file\"\r\n}");
        var settings = AgentSettingsOf([file], new() { ["CDR_AGENT_CRYPTOLIBONSERVER"] = "oui", ["CDR_AGENT_HANDOVER"] = "pipe" }, out var faults);
        Assert.Equal(("https://cdr.example/", "auto", "file", false), (settings.Platform!.AbsoluteUri, settings.PinEntry, settings.HandOver, settings.CryptolibOnServer));
        Assert.Equal(
            [("resett", (int?)3), ("pinEntry", 4), ("CDR_AGENT_CRYPTOLIBONSERVER", null), ("CDR_AGENT_HANDOVER", null)], faults.Select(fault => (fault.Key!, fault.Line)));
        Assert.Contains("« reset »", faults[0].Next, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "1", true)]
    [InlineData("""{ "cryptolibOnServer": true }""", "0", false)]
    [InlineData("{}", "True", true)]
    [InlineData("""{ "cryptolibOnServer": 1 }""", "", true)]
    [InlineData("""{ "cryptolibOnServer": 0 }""", "", false)]
    public void A_switch_is_a_word_or_a_digit(string json, string variable, bool on)
    {
        var settings = AgentSettingsOf([Write("machine.json", json)], new() { ["CDR_AGENT_CRYPTOLIBONSERVER"] = variable }, out var faults);
        Assert.Empty(faults);
        Assert.Equal(on, settings.CryptolibOnServer);
    }

    [Theory]
    [InlineData("""{ "platform": "https://somebody:secret@cdr.example/" }""", "« platform »")]
    [InlineData("""{ "https://somebody:secret@cdr.example/": "" }""", "ligne 1")]
    [InlineData("""{ "secretsecretsecretsecretsecretsecretsecret": "" }""", "ligne 1")]
    public void What_may_hold_a_password_is_told_to_nobody(string json, string told)
    {
        AgentSettingsOf([Write("machine.json", json)], [], out var faults);
        var fault = Assert.Single(faults);
        Assert.DoesNotContain("secret", string.Join(' ', fault.Reply.Words, fault.Reply.Next, fault.Words, fault.Next, fault.Key), StringComparison.Ordinal);
        Assert.Contains(told, fault.Reply.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Nor_where_a_variable_holds_it()
    {
        AgentSettingsOf([], new() { ["CDR_AGENT_PLATFORM"] = "https://somebody:secret@cdr.example/", ["CDR_AGENT_https://somebody:secret@cdr.example/"] = "x" }, out var faults);
        Assert.Equal(["CDR_AGENT_PLATFORM", null], faults.Select(fault => fault.Key));
        Assert.DoesNotContain("secret", string.Join(' ', faults.Select(fault => $"{fault.Reply.Words} {fault.Reply.Next} {fault.Words} {fault.Next}")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_of_the_guide_is_understood_and_sets_the_platform()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "workstation.md"));
        var example = System.Text.RegularExpressions.Regex.Match(guide, "```json\\n(?<json>.*?)```", System.Text.RegularExpressions.RegexOptions.Singleline).Groups["json"].Value;
        var settings = AgentSettingsOf([Write("machine.json", example)], [], out var faults);
        Assert.Empty(faults);
        Assert.Equal(("https", true), (settings.Platform?.Scheme, settings.PostLabel is not null));
    }

    private static AgentSettings AgentSettingsOf(IEnumerable<string> files, Dictionary<string, string> environment, out IReadOnlyList<SettingsFault> faults)
    {
        var sources = SettingsSources.Read(files, environment);
        faults = sources.Faults;
        return sources.Settings;
    }

    public void Dispose() => folder.Dispose();

    private string Write(string name, string json)
    {
        File.WriteAllText(folder.File(name), json);
        return folder.File(name);
    }
}
