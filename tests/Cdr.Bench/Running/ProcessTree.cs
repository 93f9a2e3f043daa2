using System.Globalization;

namespace Cdr.Bench.Running;

/// <summary>What the programs under this one cost, by the kernel's own accounts: names what limits a figure.</summary>
internal static class ProcessTree
{
    private const double TicksPerSecond = 100;

    /// <summary>User and system seconds so far of all living descendants of this process, by the program's name.</summary>
    public static Dictionary<string, double> CpuSeconds()
    {
        Dictionary<int, (int Parent, string Program, double Seconds)> all = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && Read(folder) is { } process)
                all[id] = process;
        }

        Dictionary<string, double> spent = new(StringComparer.Ordinal);
        foreach (var (id, process) in all)
        {
            if (IsMine(id))
                spent[process.Program] = spent.GetValueOrDefault(process.Program) + process.Seconds;
        }

        return spent;

        bool IsMine(int id) => all.TryGetValue(id, out var process) && (process.Parent == Environment.ProcessId || IsMine(process.Parent));
    }

    private static (int Parent, string Program, double Seconds)? Read(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var (open, close) = (stat.IndexOf('('), stat.LastIndexOf(')'));
            var fields = stat[(close + 2)..].Split(' ');
            var seconds = (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), stat[(open + 1)..close], seconds);
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return null;
        }
    }
}
