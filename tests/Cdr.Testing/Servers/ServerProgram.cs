using System.Diagnostics;
using System.Globalization;

namespace Cdr.Testing.Servers;

/// <summary>The machine's own server programs.</summary>
internal static class ServerProgram
{
    /// <summary>The program's path among these places (a star stands for a version: the highest wins), or a failure that tells what to install.</summary>
    public static string Find(string program, string package, params IEnumerable<string> places)
    {
        var candidates = places.SelectMany(Matches).Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')).Select(folder => Path.Combine(folder, program));
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"{program} is not installed, and no container engine with its image answers. Install it: apt-get install -y {package}");
    }

    /// <summary>As root, the words that run what follows as that user: these servers refuse root. Otherwise none.</summary>
    public static IEnumerable<string> As(string user) =>
        Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups"] : [];

    /// <summary>As root, gives a folder to that user, and lets them reach it.</summary>
    public static async Task GiveAsync(string folder, string user)
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
            return;
        await RunAsync("chown", ["-R", user, folder]);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Runs a program to its end; a failure holds its output.</summary>
    public static async Task RunAsync(string file, IEnumerable<string> arguments, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{file} ended with {process.ExitCode}: {await output} {await errors}");
    }

    private static IEnumerable<string> Matches(string place)
    {
        var star = place.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return [place];
        var parent = place[..star];
        return Directory.Exists(parent)
            ? Directory.GetDirectories(parent).OrderByDescending(Version).Select(folder => folder + place[(star + 1)..])
            : [];
    }

    private static double Version(string folder) =>
        double.TryParse(Path.GetFileName(folder), NumberStyles.Float, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
