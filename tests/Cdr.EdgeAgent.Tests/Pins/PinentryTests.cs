using System.Diagnostics;
using Cdr.EdgeAgent.Pins;
using Cdr.Testing;

namespace Cdr.EdgeAgent.Tests.Pins;

public sealed class PinentryTests : IDisposable
{
    private readonly TestFolder folder = new("pinentry");

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
        var (source, program) = (folder.File("source"), folder.File("pinentry"));
        await File.WriteAllTextAsync(source, $$"""
            #!/bin/sh
            echo OK ready
            while read -r line; do
              case "$line" in GETPIN|MESSAGE|CONFIRM) echo '{{answer}}' ;; *) echo OK ;; esac
            done

            """, TestContext.Current.CancellationToken);
        // Written by another program: a file that a process of these tests still holds open for writing is not started.
        using (var install = Process.Start("install", ["-m", "755", source, program]))
            await install.WaitForExitAsync(TestContext.Current.CancellationToken);
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
}
