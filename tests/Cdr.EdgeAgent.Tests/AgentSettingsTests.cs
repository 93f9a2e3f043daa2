using Cdr.EdgeAgent.Channels;
using Cdr.Testing;

namespace Cdr.EdgeAgent.Tests;

public sealed class AgentSettingsTests : IDisposable
{
    private readonly TestFolder folder = new("settings");

    [Fact]
    public void The_users_file_wins_over_the_machines_and_the_environment_over_both()
    {
        var machine = Write("machine.json", """{ "platform": "https://cdr.example/", "postLabel": "Accueil 1", "reset": "Always" } // by the establishment""");
        var user = Write("user.json", """{ "postLabel": "Accueil 2", "cryptolibOnServer": true }""");
        var settings = AgentSettings.Load([machine, user, folder.File("missing.json")], name => name == "CDR_AGENT_RESET" ? "never" : null, out var fault);
        Assert.Null(fault);
        Assert.Equal((new Uri("https://cdr.example/"), "Accueil 2", CardReset.Never, true), (settings!.Platform, settings.PostLabel, settings.Reset, settings.CryptolibOnServer));
    }

    [Theory]
    [InlineData("""{ "platform": "http://cdr.example/" }""", "platform")]
    [InlineData("""{ "platform": "file:///etc/passwd" }""", "platform")]
    [InlineData("""{ "reset": "sometimes" }""", "reset")]
    [InlineData("""{ "pinEntry": "page" }""", "pinEntry")]
    [InlineData("""{ "pln": "1234" }""", "pln")]
    [InlineData("{", "machine.json")]
    public void A_setting_that_cannot_be_is_named(string json, string named)
    {
        Assert.Null(AgentSettings.Load([Write("machine.json", json)], _ => null, out var fault));
        Assert.Contains(named, fault, StringComparison.OrdinalIgnoreCase);
    }

    public void Dispose() => folder.Dispose();

    private string Write(string name, string json)
    {
        File.WriteAllText(folder.File(name), json);
        return folder.File(name);
    }
}
