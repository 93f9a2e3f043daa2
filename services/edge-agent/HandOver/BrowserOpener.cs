using System.ComponentModel;
using System.Diagnostics;

namespace Cdr.EdgeAgent.HandOver;

/// <summary>Opens an address of the platform in the person's browser.</summary>
internal sealed class BrowserOpener(string? program)
{
    /// <summary>Where a sealed ticket is brought to. In the fragment: it reaches the page, and no server, proxy or log.</summary>
    public static Uri Landing(Uri platform, string? ticket) => new(platform, ticket is null ? "connexion" : $"connexion/agent#{ticket}");

    public bool Open(Uri address)
    {
        var start = program is not null ? new ProcessStartInfo(program, [address.AbsoluteUri])
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
