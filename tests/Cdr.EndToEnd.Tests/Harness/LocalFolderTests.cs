using System.Diagnostics;
using System.Globalization;
using Cdr.Local;
using Cdr.Rights;
using Cdr.Rights.Journal.Retention;
using Cdr.Rights.Journal.Upkeep;
using Cdr.ServiceDefaults;
using Cdr.Testing;
using Cdr.Testing.Platforms;
using Cdr.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cdr.EndToEnd.Tests.Harness;

public sealed class LocalFolderTests : IDisposable
{
    private readonly TestFolder folder = new("local-folder");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("--fresh")]
    // It would leave its mark there, and the next --fresh would believe it.
    [InlineData(null)]
    public async Task A_folder_that_holds_something_of_somebody_elses_is_neither_emptied_nor_used(string? fresh)
    {
        var photographs = folder.Folder("photographs");
        await File.WriteAllTextAsync(Path.Combine(photographs, "one.txt"), "kept", Cancellation);

        var (code, said) = await RunAsync([.. fresh is null ? Array.Empty<string>() : [fresh], "--data", photographs]);

        Assert.Equal(3, code);
        Assert.Contains($"Le dossier {photographs} contient autre chose que les données de la plateforme", said, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(photographs, "one.txt")], Directory.GetFileSystemEntries(photographs));
    }

    [Fact]
    public void The_journal_is_anchored_in_it_and_what_is_past_its_time_goes_though_nobody_schedules_a_command()
    {
        var settings = LocalSettings.Read(["--data", folder.File("own")])!;
        using var held = LocalFolder.Take(settings);
        var builder = WebApplication.CreateBuilder([]);
        settings.Configure(builder);
        builder.AddServiceDefaults("local");
        builder.AddRights();
        using var local = builder.Build();

        var upkeep = local.Services.GetRequiredService<IOptions<UpkeepOptions>>().Value;

        Assert.Equal((folder.File("own/anchors"), true), (upkeep.AnchorFolder, upkeep.Purge));
        Assert.True(Directory.Exists(upkeep.AnchorFolder));
        // By the clocks that are everybody's.
        Assert.Equivalent(new RetentionOptions(), local.Services.GetRequiredService<IOptions<RetentionOptions>>().Value);
    }

    private async Task<(int Code, string Said)> RunAsync(string[] arguments)
    {
        var port = FreePort.Take().ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("dotnet", [Repository.Program("deploy/local", "Cdr.Local"), "--port", port, .. arguments])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder.Path,
        };
        using var local = Process.Start(start)!;
        try
        {
            var (errors, output) = (local.StandardError.ReadToEndAsync(Cancellation), local.StandardOutput.ReadToEndAsync(Cancellation));
            await local.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
            return (local.ExitCode, await errors + await output);
        }
        finally
        {
            if (!local.HasExited)
                local.Kill(entireProcessTree: true);
        }
    }
}
