using System.Diagnostics;
using Cdr.EdgeAgent.Pins;
using Cdr.Testing;

namespace Cdr.EdgeAgent.Tests.Pins;

public sealed class PinentryTests : IDisposable
{
    private readonly TestFolder folder = new("pinentry");

    [Theory]
    [InlineData("OK", true, "une")]
    // Closed by its cross: said beside.
    [InlineData("S BUTTON_INFO close\nOK", true, "une")]
    [InlineData("# remark\nS BUTTON_INFO close\nERR 83886194 Not confirmed", true, null)]
    [InlineData("S ERROR curses.isatty 83918950\nERR 83918950 Inappropriate ioctl for device", false, null)]
    public async Task What_a_pinentry_remarks_beside_is_no_answer(string answer, bool shown, string? chosen)
    {
        var program = await AnsweringAsync(answer);
        Assert.Equal(shown, await new DesktopWindow(program).TellAsync("Bonjour."));
        Assert.Equal(chosen, await new DesktopWindow(program).ChooseAsync("Laquelle", ["une", "autre"]));
    }

    [Theory]
    [InlineData("é")]
    [InlineData("%")]
    [InlineData("\n")]
    [InlineData("🙂")]
    public void Words_longer_than_a_line_are_cut_between_two_characters(string repeated)
    {
        var line = PinentryPin.Escaped(string.Concat(Enumerable.Repeat(repeated, 1200)));
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount("SETDESC " + line), 800, 999);
        Assert.Equal("", line[..^1].Replace(PinentryPin.Escaped(repeated), "", StringComparison.Ordinal));
        Assert.EndsWith("…", line, StringComparison.Ordinal);
        Assert.Equal("Courts.", PinentryPin.Escaped("Courts."));
    }

    [Theory]
    // By their own number and by that of pinentry.
    [InlineData("ERR 83886179 Operation cancelled", true)]
    [InlineData("ERR 83886278 Operation fully cancelled", true)]
    [InlineData("ERR 99", true)]
    // Of one that can only write in a terminal, and has none; of one without a screen.
    [InlineData("ERR 83918950 Inappropriate ioctl for device", false)]
    [InlineData("ERR 83886340 Invalid IPC response", false)]
    public async Task A_window_that_could_not_be_shown_is_no_giving_up(string answer, bool gaveUp)
    {
        var program = await AnsweringAsync(answer);
        var typed = await new PinentryPin(program).AskAsync(new PinQuestion("carte", 3, false, "https://cdr.test"), TestContext.Current.CancellationToken);
        if (gaveUp)
            Assert.IsType<PinTyped.Cancelled>(typed);
        else
            Assert.Contains("n'a pas montré sa fenêtre", Assert.IsType<PinTyped.Nowhere>(typed).Why, StringComparison.Ordinal);
        Assert.Equal(gaveUp, await new DesktopWindow(program).TellAsync("Bonjour."));
        Assert.Null(await new DesktopWindow(program).ChooseAsync("Laquelle", ["une", "autre"]));
    }

    [Fact]
    public async Task A_program_that_is_not_there_shows_nothing() => Assert.False(await new DesktopWindow(folder.File("none")).TellAsync("Bonjour."));

    public void Dispose() => folder.Dispose();

    /// <summary>A pinentry that answers every question so.</summary>
    private async Task<string> AnsweringAsync(string answer)
    {
        var (source, program) = (folder.File("source"), folder.File("pinentry"));
        await File.WriteAllTextAsync(source, $$"""
            #!/bin/sh
            echo OK ready
            while read -r line; do
              case "$line" in GETPIN|MESSAGE|CONFIRM) printf '%s\n' '{{answer}}' ;; *) echo OK ;; esac
            done

            """, TestContext.Current.CancellationToken);
        // Written by another program: a file that a process of these tests still holds open for writing is not started.
        using (var install = Process.Start("install", ["-m", "755", source, program]))
            await install.WaitForExitAsync(TestContext.Current.CancellationToken);
        return program;
    }
}
