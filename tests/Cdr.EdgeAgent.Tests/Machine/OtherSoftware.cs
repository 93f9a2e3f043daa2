using System.Diagnostics;
using Cdr.EdgeAgent.Tests.VirtualCards;

namespace Cdr.EdgeAgent.Tests.Machine;

/// <summary>A program of somebody else's that is connected to the card, and stays: OpenSC's explorer.</summary>
internal sealed class OtherSoftware : IAsyncDisposable
{
    private readonly Process process;

    private OtherSoftware(Process process) => this.process = process;

    /// <summary>Returns once the card has heard from it.</summary>
    public static async Task<OtherSoftware> ConnectAsync(PrivatePcscd pcscd, VirtualCard card)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        card.Watch = (_, command) =>
        {
            if (command is [0x00, 0xCA, 0x5F, 0x51, ..])
                heard.TrySetResult();
        };
        var start = new ProcessStartInfo("opensc-explorer", ["--reader", "0", "--mf", ""]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PCSCLITE_CSOCK_NAME"] = pcscd.Socket;
        var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        // A question that nobody else asks of a card.
        await process.StandardInput.WriteLineAsync("apdu 00 CA 5F 51 00");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(heard.Task.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken), said) == said)
            Assert.Fail($"OpenSC's explorer left: {await said}");
        await heard.Task;
        card.Watch = null;
        return new OtherSoftware(process);
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
