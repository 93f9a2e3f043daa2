using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cdr.Contracts.Rights;
using Cdr.Testing.Platforms;

namespace Cdr.EndToEnd.Tests.Journeys;

public sealed partial class ReadmeTests(Platforms platforms)
{
    private const string DefaultDoor = "http://127.0.0.1:8080";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_lines_of_the_readme_sign_in_ask_and_are_answered()
    {
        var platform = await platforms.RunningAsync(PlatformKind.Embedded);
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), Cancellation);
        var lines = Session().Match(readme).Groups["lines"].Value;
        Assert.Contains(DefaultDoor, lines, StringComparison.Ordinal);

        // As they are written: only the port is another.
        var output = await BashAsync(lines.Replace(DefaultDoor, platform.Door.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));

        var answer = JsonSerializer.Deserialize<ConsultationAnswer>(output, JsonSerializerOptions.Web)!;
        Assert.Equal(ConsultationOutcome.Found, answer.Outcome);
        Assert.Equal(17, answer.Regimes.Count);
    }

    [Fact]
    public async Task The_lines_of_the_software_guide_register_a_client_and_ask_as_it()
    {
        var platform = await platforms.RunningAsync(PlatformKind.Embedded);
        var guide = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "software-clients.md"), Cancellation);
        var lines = Software().Match(guide).Groups["lines"].Value;
        Assert.Contains(DefaultDoor, lines, StringComparison.Ordinal);

        var output = await BashAsync(lines.Replace(DefaultDoor, platform.Door.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));

        Assert.Equal(ConsultationOutcome.Found, JsonSerializer.Deserialize<ConsultationAnswer>(output, JsonSerializerOptions.Web)!.Outcome);
    }

    private static async Task<string> BashAsync(string lines)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-eu", "-o", "pipefail", "-c", lines]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(120));
        var (output, errors) = (bash.StandardOutput.ReadToEndAsync(deadline.Token), bash.StandardError.ReadToEndAsync(deadline.Token));
        await bash.WaitForExitAsync(deadline.Token);
        Assert.True(bash.ExitCode == 0, $"{bash.ExitCode}: {await errors} {await output}");
        return await output;
    }

    [GeneratedRegex("<!-- session -->\\s*```bash\\n(?<lines>.*?)```\\s*<!-- /session -->", RegexOptions.Singleline)]
    private static partial Regex Session();

    [GeneratedRegex("<!-- software -->\\s*```bash\\n(?<lines>.*?)```\\s*<!-- /software -->", RegexOptions.Singleline)]
    private static partial Regex Software();
}
