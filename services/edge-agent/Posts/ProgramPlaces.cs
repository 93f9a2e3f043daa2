namespace Cdr.EdgeAgent.Posts;

/// <summary>Where a program lies.</summary>
internal static class ProgramPlaces
{
    /// <summary>As the system finds it: by its path, or in PATH.</summary>
    public static string? Find(string program)
    {
        IEnumerable<string> places = Path.IsPathRooted(program) || program.Contains('/', StringComparison.Ordinal)
            ? [program]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).SelectMany(folder => new[] { Path.Combine(folder, program), Path.Combine(folder, program + ".exe") });
        return places.FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
