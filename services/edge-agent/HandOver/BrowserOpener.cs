using System.ComponentModel;
using System.Diagnostics;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.HandOver;

/// <summary>Opens the platform in the person's browser.</summary>
internal sealed class BrowserOpener(AgentSettings settings)
{
    // What finds no browser says so at once; what has one may stay as long as its window.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // What it writes may hold the address, and with it a ticket: nobody reads it. Not a pipe of ours, which breaks under a browser that stays when the agent ends.
    private const string Silent = "exec \"$0\" \"$@\" </dev/null >/dev/null 2>&1";

    /// <summary>Where a sealed ticket is brought to. In the fragment: it reaches the page, and no server, proxy or log.</summary>
    public static Uri Landing(Uri platform, string ticket) => new(platform, $"connexion/agent#{ticket}");

    /// <summary>The system's own way to a browser.</summary>
    public static string SystemProgram => OperatingSystem.IsMacOS() ? "/usr/bin/open" : "xdg-open";

    /// <summary>A ticket is brought in a file, and not in the browser's command line.</summary>
    public bool ByFile => settings.HandOver == "file" || settings.HandOver == "auto" && HandOverPage.IsNeeded;

    /// <summary>Nothing was opened: where the person goes on by hand. The address alone: a ticket that they read is read by others.</summary>
    public static AgentReply Missing(Uri platform) => new(
        false,
        "browser-missing",
        "Aucun navigateur n'a pu être ouvert.",
        $"Ouvrez {platform.GetLeftPart(UriPartial.Authority)} dans un navigateur de ce poste, ou réglez « browser » dans agent.json.");

    /// <summary>The sign-in page.</summary>
    public Task<bool> OpenSignInAsync(Uri platform) => StartAsync(new Uri(platform, "connexion"));

    /// <summary>Brings a ticket, past the eyes of the host's other users.</summary>
    public async Task<bool> BringAsync(Uri platform, string ticket)
    {
        var landing = Landing(platform, ticket);
        try
        {
            return await StartAsync(ByFile ? HandOverPage.Write(landing) : landing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Says something to whoever has neither a terminal nor a window.</summary>
    public async Task<bool> TellAsync(string words)
    {
        try
        {
            return await StartAsync(HandOverPage.Tell(words));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task<bool> StartAsync(Uri address)
    {
        try
        {
            using var process = Process.Start(Described(address.AbsoluteUri));
            // Windows hands it to a browser that runs already, or says that there is none.
            if (process is null || OperatingSystem.IsWindows())
                return true;
            using var late = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(late.Token);
            return process.ExitCode == 0;
        }
        catch (OperationCanceledException)
        {
            // Still open.
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private ProcessStartInfo Described(string address)
    {
        if (OperatingSystem.IsWindows())
            return settings.Browser is { } program ? new ProcessStartInfo(program, [address]) : new ProcessStartInfo(address) { UseShellExecute = true };
        return new ProcessStartInfo("/bin/sh", ["-c", Silent, settings.Browser ?? SystemProgram, address]);
    }
}
