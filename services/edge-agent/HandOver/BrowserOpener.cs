using System.ComponentModel;
using System.Diagnostics;

namespace Cdr.EdgeAgent.HandOver;

/// <summary>Opens the platform in the person's browser.</summary>
internal sealed class BrowserOpener(AgentSettings settings)
{
    /// <summary>Where a sealed ticket is brought to. In the fragment: it reaches the page, and no server, proxy or log.</summary>
    public static Uri Landing(Uri platform, string ticket) => new(platform, $"connexion/agent#{ticket}");

    /// <summary>A ticket is brought in a file, and not in the browser's command line.</summary>
    public bool ByFile => settings.HandOver == "file" || settings.HandOver == "auto" && HandOverPage.IsNeeded;

    /// <summary>The sign-in page.</summary>
    public bool OpenSignIn(Uri platform) => Start(new Uri(platform, "connexion"));

    /// <summary>Brings a ticket, past the eyes of the host's other users.</summary>
    public bool Bring(Uri platform, string ticket)
    {
        var landing = Landing(platform, ticket);
        try
        {
            return Start(ByFile ? HandOverPage.Write(landing) : landing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool Start(Uri address)
    {
        var start = settings.Browser is { } program ? new ProcessStartInfo(program, [address.AbsoluteUri])
            : OperatingSystem.IsWindows() ? new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true }
            : new ProcessStartInfo(OperatingSystem.IsMacOS() ? "/usr/bin/open" : "xdg-open", [address.AbsoluteUri]);
        try
        {
            using var process = Process.Start(start);
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
