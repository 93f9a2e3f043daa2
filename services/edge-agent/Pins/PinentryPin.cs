using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cdr.EdgeAgent.Pins;

/// <summary>A pinentry program (Assuan protocol, the one that GnuPG uses): the desktop's own window on Linux. Its answer is read as bytes and wiped.</summary>
internal sealed class PinentryPin(string program) : IPinEntry
{
    // "D " and four characters, each perhaps as %XX.
    private const int LineRoom = 1024;

    // Of the 1,000 bytes of a line, its command beside: on a longer one pinentry ends.
    private const int TextRoom = 900;

    public async Task<PinTyped> AskAsync(PinQuestion question, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            process = null;
        }

        if (process is null)
            return new PinTyped.Nowhere($"Le programme {program} n'est pas installé : aucune fenêtre où taper le code.");
        using (process)
        {
            // The card left, or the agent stops: no window stays open for a card that is not there.
            await using var closing = cancellationToken.Register(() => End(process));
            try
            {
                return await AskAsync(process, question);
            }
            catch (IOException)
            {
                return cancellationToken.IsCancellationRequested ? new PinTyped.Cancelled() : new PinTyped.Nowhere($"Le programme {program} n'a pas montré sa fenêtre, ou s'est arrêté.");
            }
            finally
            {
                End(process);
            }
        }
    }

    private static async Task<PinTyped> AskAsync(Process process, PinQuestion question)
    {
        var lines = new AssuanLines(process.StandardOutput.BaseStream, LineRoom);
        if (!await lines.IsOkAsync())
            throw new IOException();
        string[] options =
        [
            .. Terminal(), "SETTITLE CDR", $"SETDESC {Escaped(question.Words)}", "SETPROMPT Code :", "SETOK Valider", "SETCANCEL Renoncer",
        ];
        foreach (var option in options)
        {
            await process.StandardInput.WriteAsync(option + "\n");
            await process.StandardInput.FlushAsync();
            // An option that this one does not know changes nothing.
            _ = await lines.IsOkAsync();
        }

        while (true)
        {
            await process.StandardInput.WriteAsync("GETPIN\n");
            await process.StandardInput.FlushAsync();
            var typed = await lines.DataAsync();
            if (typed is null)
                return new PinTyped.Cancelled();
            if (Pin.IsWellFormed(typed))
                return new PinTyped.Pin(typed);
            CryptographicOperations.ZeroMemory(typed);
            await process.StandardInput.WriteAsync("SETERROR Le code a 4 chiffres.\n");
            await process.StandardInput.FlushAsync();
            _ = await lines.IsOkAsync();
        }
    }

    /// <summary>For the kinds of pinentry that draw in a terminal.</summary>
    private static IEnumerable<string> Terminal()
    {
        if (Environment.GetEnvironmentVariable("GPG_TTY") is { Length: > 0 } terminal)
            yield return $"OPTION ttyname={terminal}";
        if (Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } type)
            yield return $"OPTION ttytype={type}";
        yield return "OPTION lc-ctype=C.UTF-8";
    }

    /// <summary>As a line holds it, cut where no more of it has room.</summary>
    internal static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var one = rune.Value switch { '%' => "%25", '\n' => "%0A", '\r' => "%0D", _ => rune.ToString() };
            if ((length += Encoding.UTF8.GetByteCount(one)) > TextRoom)
                return escaped.Append('…').ToString();
            escaped.Append(one);
        }

        return escaped.ToString();
    }

    /// <summary>
    /// The person gave up: GPG_ERR_CANCELED, GPG_ERR_NOT_CONFIRMED or GPG_ERR_FULLY_CANCELED, beside the number of who says it. Any other error is
    /// a window that was not there: no screen, a pinentry for terminals.
    /// </summary>
    internal static bool IsTurnedDown(string? said) =>
        said?.Split(' ') is ["ERR", var number, ..] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && (code & 0xFFFF) is 99 or 114 or 198;

    private static void End(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    /// <summary>Lines of the answers, in a buffer that is wiped.</summary>
    private sealed class AssuanLines(Stream stream, int room)
    {
        public async Task<bool> IsOkAsync()
        {
            var line = await LineAsync();
            var ok = line is [(byte)'O', (byte)'K', ..];
            CryptographicOperations.ZeroMemory(line);
            return ok;
        }

        /// <summary>What follows D, up to OK; null: the person gave up.</summary>
        /// <exception cref="IOException">It could not ask.</exception>
        public async Task<byte[]?> DataAsync()
        {
            byte[]? data = null;
            while (true)
            {
                var line = await LineAsync();
                try
                {
                    if (line is [(byte)'D', (byte)' ', ..])
                        data = Unescaped(line.AsSpan(2));
                    else if (line is [(byte)'O', (byte)'K', ..])
                        return data ?? [];
                    else if (line is [(byte)'E', ..])
                        return IsTurnedDown(Encoding.ASCII.GetString(line)) ? null : throw new IOException();
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(line);
                }
            }
        }

        private async Task<byte[]> LineAsync()
        {
            var line = new byte[room];
            var length = 0;
            while (length < room)
            {
                if (await stream.ReadAsync(line.AsMemory(length, 1)) == 0)
                    throw new IOException();
                if (line[length] == (byte)'\n')
                {
                    var whole = line[..length];
                    CryptographicOperations.ZeroMemory(line);
                    return whole;
                }

                length++;
            }

            throw new IOException();
        }

        private static byte[] Unescaped(ReadOnlySpan<byte> text)
        {
            var bytes = new byte[text.Length];
            var length = 0;
            for (var at = 0; at < text.Length; at++)
            {
                if (text[at] == (byte)'%' && at + 2 < text.Length && byte.TryParse(text.Slice(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value))
                {
                    bytes[length++] = value;
                    at += 2;
                }
                else
                {
                    bytes[length++] = text[at];
                }
            }

            var whole = bytes[..length];
            CryptographicOperations.ZeroMemory(bytes);
            return whole;
        }
    }
}
