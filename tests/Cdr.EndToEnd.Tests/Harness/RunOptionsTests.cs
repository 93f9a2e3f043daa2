using System.Diagnostics;
using Cdr.Testing;
using Cdr.Testing.Platforms;

namespace Cdr.EndToEnd.Tests.Harness;

/// <summary>What <c>./run</c> is asked wrongly is said before anything is built.</summary>
public sealed class RunOptionsTests : IDisposable
{
    private readonly TestFolder folder = new("run-options");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Option inconnue ou incomplète : --prot.", "--prot", "9000")]
    [InlineData("Option inconnue ou incomplète : --port.", "--fresh", "--port")]
    [InlineData("Option inconnue ou incomplète : --data.", "--data")]
    [InlineData("Option inconnue ou incomplète : 9000.", "9000")]
    [InlineData("« quatre » n'est pas un port", "--port", "quatre")]
    [InlineData("« 0 » n'est pas un port", "--port", "0")]
    [InlineData("« 65536 » n'est pas un port", "--data", "elsewhere", "--port", "65536")]
    public async Task A_wrong_option_is_refused_before_anything_is_built(string words, params string[] options)
    {
        // An SDK that fails at once: where it is called, that is what is said, with another code.
        File.Copy("/bin/false", Path.Combine(folder.Path, "dotnet"));
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "run"), options) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PATH"] = folder.Path + ":/usr/bin:/bin";
        start.Environment.Remove("CDR_PORT");

        using var run = Process.Start(start)!;
        var (errors, output) = (run.StandardError.ReadToEndAsync(Cancellation), run.StandardOutput.ReadToEndAsync(Cancellation));
        await run.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        Assert.Contains(words, await errors, StringComparison.Ordinal);
        Assert.Equal((2, ""), (run.ExitCode, await output));
    }
}
