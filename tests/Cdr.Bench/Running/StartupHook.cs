using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

/// <summary>
/// Loaded into a measured process by <c>DOTNET_STARTUP_HOOKS</c>: tells whoever connects to the socket how many bytes the process has
/// allocated so far. The product itself knows nothing of it.
/// </summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for this very name.")]
internal static class StartupHook
{
    /// <summary>Environment variable that names the socket.</summary>
    public const string Path = "CDR_BENCH_ALLOCATIONS";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Path) is not { } path)
            return;
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        new Thread(() => Serve(listener)) { IsBackground = true }.Start();
    }

    private static void Serve(Socket listener)
    {
        Span<byte> bytes = stackalloc byte[8];
        while (true)
        {
            using var asking = listener.Accept();
            BinaryPrimitives.WriteInt64BigEndian(bytes, GC.GetTotalAllocatedBytes(precise: true));
            asking.Send(bytes);
        }
    }
}
