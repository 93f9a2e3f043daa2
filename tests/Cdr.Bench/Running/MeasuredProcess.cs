using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using Cdr.Testing.Platforms;

namespace Cdr.Bench.Running;

/// <summary>What a process costs, by the kernel's own accounts; what it allocates, by <see cref="StartupHook"/>.</summary>
internal sealed class MeasuredProcess(ServiceProcess process, string allocations)
{
    /// <summary>Settings that a process needs to be measured.</summary>
    /// <param name="allocations">Path of the socket on which it tells what it allocated.</param>
    public static KeyValuePair<string, string?>[] Settings(string allocations) =>
        [new("DOTNET_STARTUP_HOOKS", typeof(StartupHook).Assembly.Location), new(StartupHook.Path, allocations)];

    private const double TicksPerSecond = 100;

    public ServiceProcess Process => process;

    /// <summary>User and system time of the process, in seconds.</summary>
    public double CpuSeconds()
    {
        var fields = File.ReadAllText($"/proc/{process.Id}/stat").Split(") ")[1].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>Bytes allocated so far.</summary>
    public async Task<long> AllocatedAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(allocations));
        await using var stream = new NetworkStream(socket);
        var bytes = new byte[sizeof(long)];
        await stream.ReadExactlyAsync(bytes);
        return BinaryPrimitives.ReadInt64BigEndian(bytes);
    }

    /// <summary>Highest resident memory so far, in bytes.</summary>
    public long HighestMemory()
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
