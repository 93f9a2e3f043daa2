using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Cdr.EdgeAgent.Pins;

/// <summary>The system's own window on macOS: its answer comes on a pipe, and is wiped.</summary>
internal sealed class AppleScriptPin : IPinEntry
{
    public async Task<PinTyped> AskAsync(PinQuestion question, CancellationToken cancellationToken)
    {
        // The words are an argument, never a part of the script.
        string[] script =
        [
            "-e", "on run {words}",
            "-e", "return text returned of (display dialog words default answer \"\" with hidden answer with title \"CDR\" buttons {\"Renoncer\", \"Valider\"} default button \"Valider\" cancel button \"Renoncer\")",
            "-e", "end run", question.Words,
        ];
        try
        {
            while (true)
            {
                using var process = Process.Start(new ProcessStartInfo("/usr/bin/osascript", script) { RedirectStandardOutput = true, RedirectStandardError = true })!;
                await using var closing = cancellationToken.Register(process.Kill);
                var typed = new byte[64];
                try
                {
                    var length = await process.StandardOutput.BaseStream.ReadAtLeastAsync(typed, typed.Length, throwOnEndOfStream: false, CancellationToken.None);
                    await process.WaitForExitAsync(CancellationToken.None);
                    if (process.ExitCode != 0)
                        return new PinTyped.Cancelled();
                    var digits = typed.AsSpan(0, length).TrimEnd("\r\n"u8);
                    if (Pin.IsWellFormed(digits))
                        return new PinTyped.Pin(digits.ToArray());
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(typed);
                }
            }
        }
        catch (Win32Exception)
        {
            return new PinTyped.Nowhere("Aucune fenêtre où taper le code.");
        }
    }
}

/// <summary>
/// The system's own window on Windows (CredUI), which other programs of the desktop cannot read. Nor can they close it, and no more can this one:
/// it stays until the person answers it, and what they answer for a card that has left goes nowhere.
/// </summary>
internal sealed unsafe partial class CredentialWindowPin : IPinEntry
{
    private const uint Cancelled = 1223;
    private const int Room = 64;

    public Task<PinTyped> AskAsync(PinQuestion question, CancellationToken cancellationToken) => Task.Run(() =>
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            // GENERIC_CREDENTIALS, DO_NOT_PERSIST, ALWAYS_SHOW_UI, KEEP_USERNAME, PASSWORD_ONLY_OK.
            const uint Flags = 0x40000 | 0x2 | 0x80 | 0x100000 | 0x200;
            var name = "CPS\0".PadRight(Room, '\0').ToCharArray();
            var typed = new char[Room];
            try
            {
                uint code;
                fixed (char* words = question.Words, title = "CDR", target = "CDR", user = name, secret = typed)
                {
                    var information = new Information { Size = sizeof(Information), Message = words, Caption = title };
                    var save = 0;
                    code = Prompt(&information, target, 0, 0, user, Room, secret, Room, &save, Flags);
                }

                if (code == Cancelled || cancellationToken.IsCancellationRequested)
                    return new PinTyped.Cancelled();
                if (code != 0)
                    return new PinTyped.Nowhere("Aucune fenêtre où taper le code.");
                var digits = new byte[Pin.Length];
                var length = typed.AsSpan().IndexOf('\0');
                if (length == Pin.Length && typed.AsSpan(0, length).IndexOfAnyExceptInRange('0', '9') < 0)
                {
                    for (var at = 0; at < length; at++)
                        digits[at] = (byte)typed[at];
                    return new PinTyped.Pin(digits);
                }
            }
            finally
            {
                CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(typed.AsSpan()));
            }
        }

        return (PinTyped)new PinTyped.Cancelled();
    }, CancellationToken.None);

    [LibraryImport("credui.dll", EntryPoint = "CredUIPromptForCredentialsW")]
    private static partial uint Prompt(Information* information, char* target, nint reserved, uint error, char* user, uint userRoom, char* secret, uint secretRoom, int* save, uint flags);

    /// <summary>CREDUI_INFOW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Information
    {
        public int Size;
        public nint Parent;
        public char* Message;
        public char* Caption;
        public nint Banner;
    }
}
