using System.Diagnostics;
using System.Globalization;

namespace Cdr.Testing;

/// <summary>A temporary folder, removed at the end; those of runs that were killed are removed by the next run.</summary>
public sealed class TestFolder : IDisposable
{
    private const string Prefix = "cdr-test-";
    private static int next;
    private static int swept;

    /// <summary>Makes it.</summary>
    /// <param name="name">What it is for.</param>
    public TestFolder(string name)
    {
        if (Interlocked.Exchange(ref swept, 1) == 0)
            Sweep();
        Path = Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref next)}-{name}")).FullName;
    }

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>A path inside it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A folder inside it, made.</summary>
    public string Folder(string name) => Directory.CreateDirectory(File(name)).FullName;

    /// <inheritdoc />
    public void Dispose() => Remove(Path);

    private static void Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            var owner = System.IO.Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && !Lives(pid))
                Remove(folder);
        }
    }

    private static bool Lives(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file still held: the next run removes it.
        }
    }
}
