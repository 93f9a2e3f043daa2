using System.Globalization;
using Cdr.Testing.Platforms;

namespace Cdr.Bench.Running;

/// <summary>What a process costs, by the kernel's own accounts.</summary>
internal sealed class MeasuredProcess(ServiceProcess process)
{
    private const double TicksPerSecond = 100;

    public ServiceProcess Process => process;

    /// <summary>User and system time of the process, in seconds.</summary>
    public double CpuSeconds()
    {
        var fields = File.ReadAllText($"/proc/{process.Id}/stat").Split(") ")[1].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>Highest resident memory so far, in bytes.</summary>
    public long HighestMemory()
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
