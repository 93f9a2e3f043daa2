using System.Diagnostics;
using System.Globalization;
using Cdr.EdgeAgent.Tests.Machine;
using Cdr.Testing;
using Cdr.Testing.Platforms;

namespace Cdr.EdgeAgent.Tests.Publish;

/// <summary>What an establishment installs: one trimmed file a system, that needs no .NET. Those of other systems are made here, and started there.</summary>
[Trait("Category", "Deep")]
public sealed class PublishedAgentTests : IDisposable
{
    private const int Megabyte = 1024 * 1024;
    private readonly TestFolder folder = new("published");

    [Theory]
    // The processor is told right behind it by Mach-O, at 18 by ELF, behind the signature to which 60 points by PE.
    [InlineData("win-x64", "4D5A", -4, "6486")]
    [InlineData("osx-arm64", "CFFAEDFE", 4, "0C000001")]
    [InlineData("osx-x64", "CFFAEDFE", 4, "07000001")]
    [InlineData("linux-arm64", "7F454C46", 18, "B700")]
    public async Task One_file_is_the_whole_agent_of_a_system_that_is_not_here(string system, string beginsWith, int at, string processor)
    {
        var begin = (await File.ReadAllBytesAsync(await PublishAsync(system, beginsWith), TestContext.Current.CancellationToken)).AsMemory(0, 4096);
        var told = at < 0 ? BitConverter.ToInt32(begin.Span[60..]) - at : at;
        Assert.Equal(processor, Convert.ToHexString(begin.Span.Slice(told, processor.Length / 2)));
    }

    [Fact]
    public async Task It_starts_within_a_second_and_idles_under_sixty_megabytes_near_no_processor_time()
    {
        var program = await PublishAsync("linux-x64", "7F454C46");
        var starts = new List<TimeSpan>();
        for (var time = 0; time < 5; time++)
        {
            var began = Stopwatch.StartNew();
            using var readers = Start(program, "readers");
            await readers.WaitForExitAsync(TestContext.Current.CancellationToken);
            starts.Add(began.Elapsed);
        }

        // Of a machine that is busy with other tests the best time is the program's own.
        Assert.True(starts.Min() < TimeSpan.FromSeconds(1), string.Join(", ", starts));

        await using var pcscd = new PrivatePcscd();
        await pcscd.StartAsync();
        using var watch = Start(program, "watch", pcscd.Socket);
        try
        {
            Assert.Contains("watching", await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, TestContext.Current.CancellationToken);
            var before = Ticks(watch.Id);
            await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            var (ticks, memory) = (Ticks(watch.Id) - before, Memory(watch.Id));
            TestContext.Current.SendDiagnosticMessage($"Starts: {string.Join(", ", starts.Select(start => $"{start.TotalSeconds:F2} s"))}; idle: {memory / Megabyte} MB, {ticks} ticks of 10 ms in 20 s.");
            Assert.InRange(memory, 1, 60L * Megabyte);
            // One hundredth of a core.
            Assert.InRange(ticks, 0, 20);
        }
        finally
        {
            watch.Kill();
            await watch.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => folder.Dispose();

    /// <summary>One file, which that system would load.</summary>
    private static async Task CheckAsync(string program, string beginsWith)
    {
        // Symbols are inside; what may lie beside is a library's licence and no program.
        Assert.Equal([Path.GetFileName(program)], Directory.GetFiles(Path.GetDirectoryName(program)!).Select(Path.GetFileName));
        await using var file = File.OpenRead(program);
        var magic = new byte[beginsWith.Length / 2];
        await file.ReadExactlyAsync(magic, TestContext.Current.CancellationToken);
        Assert.Equal(beginsWith, Convert.ToHexString(magic));
        Assert.InRange(file.Length, 5 * Megabyte, 60 * Megabyte);
    }

    /// <summary>With output, objects and lock file of its own: the repository's are another build's.</summary>
    private async Task<string> PublishAsync(string system, string beginsWith)
    {
        var into = folder.File(system);
        string[] words =
        [
            "publish", Path.Combine(Repository.Root, "services/edge-agent"), "-c", "Release", "-r", system, "-o", into, "--artifacts-path", folder.File("artifacts-" + system),
            $"-p:NuGetLockFilePath={folder.File("locks")}/$(MSBuildProjectName).json", "-nodeReuse:false", "-tl:off", "-v", "q", "-nologo",
        ];
        var start = new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true };
        foreach (var name in (string[])["MSBUILD_EXE_PATH", "MSBuildSDKsPath", "MSBuildExtensionsPath"])
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, said);
        var program = Path.Combine(into, system.StartsWith("win", StringComparison.Ordinal) ? "cdr-agent.exe" : "cdr-agent");
        await CheckAsync(program, beginsWith);
        return program;
    }

    private Process Start(string program, string verb, string? socket = null)
    {
        var start = new ProcessStartInfo(program, [verb, "--json"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PCSCLITE_CSOCK_NAME"] = socket ?? folder.File("no-service");
        start.Environment["XDG_RUNTIME_DIR"] = folder.Folder("run");
        return Process.Start(start)!;
    }

    private static long Ticks(int process)
    {
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static long Memory(int process) =>
        1024 * long.Parse(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
