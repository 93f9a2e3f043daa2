namespace Cdr.EdgeAgent.Posts;

/// <summary>Which programs may be started to ask for their version. Anything else may open a browser when it is started: a kiosk's script looks at no argument.</summary>
internal static class BrowserPrograms
{
    private static readonly string[] Names = ["firefox", "firefox-esr", "firefox-bin", "chromium", "chromium-browser", "chrome", "google-chrome", "google-chrome-stable", "microsoft-edge", "microsoft-edge-stable", "msedge"];

    // Where distributions and editors put theirs, which may be scripts of their own (Debian's chromium, Google's chrome).
    private static readonly string[] Places = ["/usr/bin/", "/usr/lib/", "/usr/lib64/", "/opt/google/", "/opt/microsoft/"];

    // A link to the one program that starts all, by the name that it was called.
    private const string Snaps = "/snap/bin/";

    /// <summary>What it says of its version; null: it is not asked, or says nothing.</summary>
    public static string? Version(string program) => ProgramPlaces.Find(program) is { } path && MayBeAsked(path) ? ProgramOutput.Of(path, "--version") : null;

    private static bool MayBeAsked(string path)
    {
        try
        {
            if (path.StartsWith(Snaps, StringComparison.Ordinal))
                return IsNamed(path);
            var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
            return IsNamed(target) && (Places.Any(place => target.StartsWith(place, StringComparison.Ordinal)) || IsMachineCode(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsNamed(string path)
    {
        var name = Path.GetFileName(path);
        return Names.Contains(name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>ELF, Windows' or macOS's, and no script.</summary>
    private static bool IsMachineCode(string path)
    {
        Span<byte> start = stackalloc byte[4];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && (start.SequenceEqual("\u007fELF"u8) || start.StartsWith("MZ"u8) || start is [0xCF, 0xFA, 0xED, 0xFE] or [0xCA, 0xFE, 0xBA, 0xBE]);
    }
}
