using System.Net;
using System.Security.Cryptography;
using System.Text;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.HandOver;

/// <summary>
/// A page in the user's own folder that sends the browser on to an address. What a browser is started with stands in its command line, which
/// on many systems every user of the host can read; a file that is the user's alone is read by their browser and nobody else.
/// </summary>
internal static class HandOverPage
{
    private const string Name = "hand-over-";
    private const string Words = "words-";

    // As long as the ticket in it is good; as a browser takes to start.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>Others on this host can read with which words this user's programs were started: macOS always, Linux unless <c>/proc</c> hides them, Windows never.</summary>
    public static bool IsNeeded => OperatingSystem.IsMacOS() || OperatingSystem.IsLinux() && IsReadable("/proc/1/cmdline");

    /// <summary>A page that says something, where no window can. Not by the name of the others: one of them may still be on its way to the browser.</summary>
    /// <exception cref="IOException">The folder is not to be written to.</exception>
    public static Uri Tell(string words)
    {
        ControlSocket.MakeFolder(OsSession.Folder);
        // The program that wrote one may have ended before its time: another's is still being read.
        foreach (var before in Directory.GetFiles(OsSession.Folder, Words + "*.html").Where(file => File.GetLastWriteTimeUtc(file) < TimeProvider.System.GetUtcNow().UtcDateTime - Lifetime))
            File.Delete(before);
        return Write(Words, $"""
            <!DOCTYPE html>
            <html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>CDR</title></head>
            <body><h1>Agent CDR de ce poste</h1><p style="white-space:pre-line">{WebUtility.HtmlEncode(words)}</p></body></html>

            """);
    }

    /// <exception cref="IOException">The folder is not to be written to.</exception>
    public static Uri Write(Uri leadsTo)
    {
        ControlSocket.MakeFolder(OsSession.Folder);
        foreach (var before in Directory.GetFiles(OsSession.Folder, Name + "*.html"))
            File.Delete(before);
        var address = WebUtility.HtmlEncode(leadsTo.AbsoluteUri);
        return Write(Name, $"""
            <!DOCTYPE html>
            <html lang="fr"><head><meta charset="utf-8"><title>CDR</title><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url={address}"></head>
            <body><p><a href="{address}">Continuer vers CDR</a></p></body></html>

            """);
    }

    private static Uri Write(string name, string text)
    {
        var path = Path.Combine(OsSession.Folder, $"{name}{RandomNumberGenerator.GetHexString(16, lowercase: true)}.html");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(path, options))
            file.Write(Encoding.UTF8.GetBytes(text));
        _ = RemoveAsync(path);
        return new Uri(path);
    }

    private static async Task RemoveAsync(string path)
    {
        await Task.Delay(Lifetime, TimeProvider.System);
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its folder went with the user's session.
        }
    }

    private static bool IsReadable(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return file.ReadByte() >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
