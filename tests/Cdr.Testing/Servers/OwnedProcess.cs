using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Cdr.Testing.Servers;

/// <summary>
/// A program in a process group of its own that never outlives the tests: its supervisor, a shell, holds our end of a pipe, and kills
/// the group when the pipe closes, whatever way this process ended.
/// </summary>
internal sealed partial class OwnedProcess : IDisposable
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    // Arguments: the file of the output, then the program. The program's number is told on the supervisor's own output.
    private const string Supervisor = """
        exec 3<&0
        out=$1; shift
        "$@" </dev/null 3<&- >>"$out" 2>&1 &
        child=$!
        echo $child
        exec >/dev/null 2>&1
        ( read -r nothing <&3; kill -KILL -- -$$ ) &
        watcher=$!
        exec 3<&-
        wait $child
        code=$?
        kill -KILL $watcher
        exit $code
        """;

    private readonly Process supervisor;

    private OwnedProcess(Process supervisor, int id)
    {
        this.supervisor = supervisor;
        Id = id;
    }

    /// <summary>The program's own number.</summary>
    public int Id { get; }

    public bool HasExited => supervisor.HasExited;

    public int ExitCode => supervisor.ExitCode;

    /// <summary>Starts a program; its output and errors are appended to <paramref name="output"/>.</summary>
    public static OwnedProcess Start(string output, IReadOnlyDictionary<string, string?> environment, string file, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = Path.GetDirectoryName(output)! };
        foreach (var argument in (string[])["bash", "-c", Supervisor, "supervisor", output, file, .. arguments])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
        var id = int.Parse(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{file} did not start: see {output}."), CultureInfo.InvariantCulture);
        return new OwnedProcess(process, id);
    }

    /// <summary>kill -9 of the whole group.</summary>
    public async Task KillAsync()
    {
        // A backend of PostgreSQL is in a group of its own, and may answer one more question before it sees that its parent is dead.
        int[] children = supervisor.HasExited ? [] : Children();
        if (!supervisor.HasExited)
            _ = Kill(-supervisor.Id, SigKill);
        foreach (var child in children)
            _ = Kill(child, SigKill);
        await supervisor.WaitForExitAsync();
        // On a busy machine the program may still be dying, its port open.
        await Deadline.UntilAsync($"process {Id} is dead", TimeSpan.FromSeconds(30), () => !IsAlive(Id));
    }

    private int[] Children()
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{Id}/task/{Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        }
        catch (IOException)
        {
            // It has just ended.
            return [];
        }
    }

    /// <summary>Asks the program to stop; kills what is left after the deadline. True when it stopped by itself.</summary>
    public async Task<bool> StopAsync(TimeSpan within, int signal = SigTerm)
    {
        if (!supervisor.HasExited)
            _ = Kill(Id, signal);
        using var deadline = new CancellationTokenSource(within);
        try
        {
            await supervisor.WaitForExitAsync(deadline.Token);
            // What the program left behind in its group.
            _ = Kill(-supervisor.Id, SigKill);
            return true;
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            return false;
        }
    }

    /// <summary>To the program alone, without waiting.</summary>
    public void Signal(int signal) => _ = Kill(Id, signal);

    public Task WaitForExitAsync(CancellationToken cancellationToken) => supervisor.WaitForExitAsync(cancellationToken);

    public void Dispose()
    {
        if (!supervisor.HasExited)
            _ = Kill(-supervisor.Id, SigKill);
        supervisor.Dispose();
    }

    /// <summary>
    /// A dead process that nobody has taken note of yet (Z) holds nothing any more, once all its threads are dead: the first one may be,
    /// while another that waits for the disk still holds files, and the locks on them.
    /// </summary>
    private static bool IsAlive(int pid)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{pid}/task").Any(thread => IsRunning(Path.Combine(thread, "stat")));
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsRunning(string file)
    {
        try
        {
            var stat = File.ReadAllText(file);
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
