using System.Globalization;
using Cdr.Testing;
using Cdr.Testing.Servers;

namespace Cdr.EdgeAgent.Tests.Machine;

/// <summary>
/// A real card service with two virtual readers, of this test alone: its own <c>/run/pcscd</c> through a mount namespace, whose socket its
/// clients find by PCSCLITE_CSOCK_NAME. vpcd listens on every interface while it runs, which is for test machines only.
/// </summary>
internal sealed class PrivatePcscd : IAsyncDisposable
{
    private const string Driver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
    private readonly TestFolder folder = new("pcscd");
    private readonly int port = FreePort.Take();
    private OwnedProcess? process;

    /// <param name="name">Of its readers.</param>
    public PrivatePcscd(string name = "Virtual PCD")
    {
        File.WriteAllText(folder.Folder("readers") + "/vpcd", string.Create(CultureInfo.InvariantCulture, $"""
            FRIENDLYNAME "{name}"
            DEVICENAME   /dev/null:0x{port:X4}
            LIBPATH      {Driver}
            CHANNELID    0x{port:X4}

            """));
        folder.Folder("run");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
    }

    public const string First = "Virtual PCD 00 00";
    public const string Second = "Virtual PCD 00 01";

    /// <summary>What a client's environment needs.</summary>
    public string Socket => folder.File("run/pcscd.comm");

    public string Log => folder.File("pcscd.log");

    /// <summary>Of the first or second reader.</summary>
    public int PortOf(int slot) => port + slot;

    public async Task StartAsync()
    {
        // Root makes a namespace of its own; anybody else first becomes root of one.
        string[] namespaces = Environment.IsPrivilegedProcess ? ["-m"] : ["-r", "-m"];
        const string Script = "mount --make-rprivate / && mkdir -p /run/pcscd && mount --bind \"$1\" /run/pcscd && exec pcscd -f -i -c \"$2\"";
        process?.Dispose();
        process = OwnedProcess.Start(Log, new Dictionary<string, string?>(), "unshare", [.. namespaces, "sh", "-c", Script, "pcscd", folder.File("run"), folder.File("readers")]);
        await Deadline.UntilAsync("the card service answers", TimeSpan.FromSeconds(90), async () =>
            File.Exists(Socket) && await FreePort.AnswersAsync(port + 1, TestContext.Current.CancellationToken) && process is { HasExited: false }, TestContext.Current.CancellationToken);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (process is not null)
            await process.KillAsync();
        File.Delete(Socket);
        File.Delete(folder.File("run/pcscd.pid"));
    }

    /// <summary>From within a card's own answer: nobody waits there.</summary>
    public void KillNow() => process!.Signal(9);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process?.Dispose();
        folder.Dispose();
    }
}
