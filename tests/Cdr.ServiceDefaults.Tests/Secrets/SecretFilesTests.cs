using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Tests.Doubles;
using Cdr.Testing;
using Cdr.Testing.Identity;

namespace Cdr.ServiceDefaults.Tests.Secrets;

public sealed class SecretFilesTests
{
    [Fact]
    public async Task A_setting_may_be_a_file_and_each_folder_has_its_own()
    {
        using var folder = new TestFolder("secrets");
        foreach (var (name, text) in ((string, string)[])[("service/Anything__Password", "said to nobody\n"), ("service/rights.pem", "-----BEGIN"), ("owner/Anything__Owner", "owner")])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
            await File.WriteAllTextAsync(folder.File(name), text, TestContext.Current.CancellationToken);
        }

        await using var sessions = await TestTokens.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var host = new DefaultsHost { Sessions = sessions };
        await host.StartAsync(_ => { }, settings: new KeyValuePair<string, string?>(SecretFiles.Setting, folder.File("service") + ";" + folder.File("owner")));

        // A line's end that an editor put there is no part of it.
        Assert.Equal("said to nobody", host.App.Configuration["Anything:Password"]);
        Assert.Equal("owner", host.App.Configuration["Anything:Owner"]);
    }

    [Fact]
    public async Task A_folder_of_secrets_that_is_not_there_stops_the_start()
    {
        await using var sessions = await TestTokens.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var host = new DefaultsHost { Sessions = sessions };
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => host.StartAsync(_ => { }, settings: new KeyValuePair<string, string?>(SecretFiles.Setting, "/nowhere/at/all")));
    }
}
