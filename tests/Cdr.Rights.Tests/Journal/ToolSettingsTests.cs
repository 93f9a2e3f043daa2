using Cdr.Rights.Journal.Tool;
using Cdr.Testing;
using Microsoft.Extensions.Configuration;

namespace Cdr.Rights.Tests.Journal;

/// <summary>Where the journal's verbs read what they need: in a container nothing of it is in the environment.</summary>
public sealed class ToolSettingsTests
{
    [Fact]
    public async Task Connections_are_read_from_the_services_own_files_and_an_option_wins_over_them()
    {
        using var folder = new TestFolder("verbs");
        foreach (var (name, text) in ((string, string)[])[("service/ConnectionStrings__Rights", "Host=of-the-file"), ("owner/ConnectionStrings__RightsOwner", "Host=of-the-owner")])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
            await File.WriteAllTextAsync(folder.File(name), text, TestContext.Current.CancellationToken);
        }

        var settings = Settings();
        Assert.Equal(("Host=of-the-file", "Host=of-the-owner"), (settings.Connection, settings.OwnerConnection));
        var said = Settings("--connection", "Host=said");
        Assert.Equal(("Host=said", "Host=said"), (said.Connection, said.OwnerConnection));

        JournalToolSettings Settings(params string[] words)
        {
            var configuration = new ConfigurationManager();
            configuration["Secrets:Folder"] = folder.File("service") + ";" + folder.File("owner");
            return JournalProgram.Settings(configuration, new ToolOptions(["verify", .. words]));
        }
    }
}
