using System.ComponentModel;
using System.Diagnostics;

namespace Cdr.EdgeAgent.Posts;

/// <summary>What a program of the system says.</summary>
internal static class ProgramOutput
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // What it wrote is there when it ends, unless another that it left behind holds its outputs open.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    /// <summary>Its standard output; null when it is not there, fails, or takes too long.</summary>
    public static string? Of(string program, params IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false });
            if (process is null)
                return null;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }

            return Task.WaitAll([errors, output], Rest) && process.ExitCode == 0 ? output.Result : null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }
}
