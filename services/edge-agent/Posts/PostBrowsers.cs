namespace Cdr.EdgeAgent.Posts;

/// <summary>Which browser opens the portal, under the names by which the server's policy of posts knows them.</summary>
internal static class PostBrowsers
{
    public const string Firefox = "firefox";
    public const string Chrome = "chrome";
    public const string Chromium = "chromium";
    public const string Edge = "edge";

    /// <summary>Programs of each, as distributions call them.</summary>
    private static readonly (string Name, string[] Programs)[] Known =
    [
        (Firefox, ["firefox", "firefox-esr"]),
        (Chromium, ["chromium", "chromium-browser"]),
        (Chrome, ["google-chrome", "google-chrome-stable"]),
        (Edge, ["microsoft-edge", "microsoft-edge-stable"]),
    ];

    /// <summary><c>google-chrome-stable</c>, <c>msedge.exe</c>, <c>org.mozilla.firefox</c>, <c>ChromeHTML</c>: a program, a desktop entry or a ProgId; one that is not known has its own name.</summary>
    public static string Name(string called)
    {
        var name = called.ToLowerInvariant();
        foreach (var known in (ReadOnlySpan<string>)[Firefox, Chromium, Chrome, Edge])
        {
            if (name.Contains(known, StringComparison.Ordinal))
                return known;
        }

        return name.EndsWith(".exe", StringComparison.Ordinal) ? name[..^4] : name;
    }

    /// <summary>Linux: the one that the person chose, and its version where it tells it; without a choice the first that is there. Never another's version under its name.</summary>
    /// <param name="desktop">What <c>xdg-settings</c> says: <c>firefox-esr.desktop</c>.</param>
    /// <param name="ask">What a program says of its version; null: it is not there.</param>
    public static (string? Name, string? Version) OfDesktop(string? desktop, Func<string, string?> ask)
    {
        var entry = desktop?.Trim() is { Length: > 0 } told ? told.EndsWith(".desktop", StringComparison.Ordinal) ? told[..^".desktop".Length] : told : null;
        var chosen = entry is null ? null : Name(entry);
        foreach (var (name, program) in Candidates(entry, chosen))
        {
            if (PostReadings.BrowserVersion(ask(program)) is { } version)
                return (name, version);
        }

        return (chosen, null);
    }

    private static IEnumerable<(string Name, string Program)> Candidates(string? entry, string? chosen)
    {
        // An entry is mostly called as its program is.
        if (entry is not null)
            yield return (chosen!, entry);
        foreach (var (name, programs) in Known.Where(one => chosen is null || one.Name == chosen))
        {
            foreach (var program in programs)
                yield return (name, program);
        }
    }
}
