using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Cdr.EdgeAgent.Pins;

/// <summary>Words and questions for somebody who clicked a link and has no terminal: pinentry on Linux, the system's own boxes elsewhere.</summary>
internal sealed partial class DesktopWindow(string pinProgram)
{
    // MB_OK or MB_YESNO; with the information mark, in front.
    private const uint Ok = 0x10040;
    private const uint YesNo = 0x10024;
    private const int No = 7;

    // userCanceledErr, as osascript ends with it: any other failure showed nothing.
    private const string Cancelled = "(-128)";

    private enum Answer
    {
        Yes,
        No,

        /// <summary>It could not be shown.</summary>
        Unshown,
    }

    /// <summary>False: it could not be shown.</summary>
    public async Task<bool> TellAsync(string words) => await ShowAsync(words, question: false) != Answer.Unshown;

    /// <summary>Of several, the one that the person takes: asked one after the other.</summary>
    public async Task<string?> ChooseAsync(string question, IReadOnlyList<string> choices)
    {
        foreach (var choice in choices)
        {
            if (await ShowAsync($"{question}\n{choice} ?", question: true) == Answer.Yes)
                return choice;
        }

        return null;
    }

    private Task<Answer> ShowAsync(string words, bool question) =>
        OperatingSystem.IsWindows() ? Task.Run(() => Box(0, words, "CDR", question ? YesNo : Ok) switch { 0 => Answer.Unshown, No => Answer.No, _ => Answer.Yes })
        : OperatingSystem.IsMacOS() ? AppleAsync(words, question)
        : PinentryAsync(words, question);

    private async Task<Answer> PinentryAsync(string words, bool question)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(pinProgram) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            string[] commands = ["SETTITLE CDR", $"SETDESC {PinentryPin.Escaped(words)}", question ? "SETOK Oui" : "SETOK Fermer", "SETCANCEL Non", question ? "CONFIRM" : "MESSAGE"];
            var said = await AnswerAsync(process.StandardOutput);
            foreach (var command in commands)
            {
                await process.StandardInput.WriteAsync(command + "\n");
                await process.StandardInput.FlushAsync();
                said = await AnswerAsync(process.StandardOutput);
            }

            process.StandardInput.Close();
            process.Kill();
            return said is ['O', 'K', ..] ? Answer.Yes : PinentryPin.IsTurnedDown(said) ? Answer.No : Answer.Unshown;
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return Answer.Unshown;
        }
    }

    /// <summary>Past what it remarks beside: by which button a window was closed, why none was shown.</summary>
    private static async Task<string?> AnswerAsync(StreamReader output)
    {
        while (true)
        {
            var line = await output.ReadLineAsync();
            if (line is not (['S', ' ', ..] or ['#', ..]))
                return line;
        }
    }

    private static async Task<Answer> AppleAsync(string words, bool question)
    {
        var buttons = question ? "{\"Non\", \"Oui\"} default button \"Oui\" cancel button \"Non\"" : "{\"Fermer\"}";
        string[] script = ["-e", "on run {words}", "-e", $"display dialog words with title \"CDR\" buttons {buttons}", "-e", "end run", words];
        try
        {
            using var process = Process.Start(new ProcessStartInfo("/usr/bin/osascript", script) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var wrong = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? Answer.Yes : wrong.Contains(Cancelled, StringComparison.Ordinal) ? Answer.No : Answer.Unshown;
        }
        catch (Win32Exception)
        {
            return Answer.Unshown;
        }
    }

    [LibraryImport("user32.dll", EntryPoint = "MessageBoxW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial int Box(nint owner, string words, string title, uint kind);
}
