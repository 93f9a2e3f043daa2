using System.Globalization;
using Cdr.Testing.Servers;

namespace Cdr.Testing.Platforms;

/// <summary>A service's built program as a process of its own, on one port over every restart.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly HttpClient Health = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly string[] arguments;
    private readonly Dictionary<string, string?> environment;
    private OwnedProcess? process;

    /// <summary>Prepares it.</summary>
    /// <param name="program">The assembly: <see cref="Repository.Program"/>.</param>
    /// <param name="log">File that its output is appended to.</param>
    /// <param name="settings">Its configuration: <c>Services:Rights</c>…</param>
    /// <param name="port">Its port; a free one by default.</param>
    /// <param name="arguments">Its arguments.</param>
    public ServiceProcess(string program, string log, IEnumerable<KeyValuePair<string, string?>> settings, int? port = null, params string[] arguments)
    {
        Program = program;
        this.arguments = arguments;
        Log = log;
        Name = Path.GetFileNameWithoutExtension(program);
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port ?? FreePort.Take()}/"));
        environment = settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        environment.TryAdd("ASPNETCORE_ENVIRONMENT", "Production");
        environment.TryAdd("ASPNETCORE_URLS", Address.AbsoluteUri);
        environment.TryAdd("ASPNETCORE_CONTENTROOT", Path.GetDirectoryName(program));
        environment.TryAdd("DOTNET_gcServer", "0");
    }

    /// <summary>The assembly.</summary>
    public string Program { get; }

    /// <summary>The program's name.</summary>
    public string Name { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The file of its output.</summary>
    public string Log { get; }

    /// <summary>Its number, while it runs.</summary>
    public int Id => process?.Id ?? throw new InvalidOperationException($"{Name} does not run.");

    /// <value>Whether it leaves the processor to the others where they want it: what starts in a cluster has a share of its own, and takes nobody else's.</value>
    public bool Yields { get; init; }

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => process is { HasExited: false };

    /// <summary>Starts it, and returns once it accepts connections; with <paramref name="ready"/>, once it is ready.</summary>
    public async Task StartAsync(bool ready = true, CancellationToken cancellationToken = default)
    {
        Launch(arguments);
        await Deadline.UntilAsync($"{Name} is {(ready ? "ready" : "alive")}", TimeSpan.FromSeconds(180), async () =>
        {
            if (!IsRunning)
                return true;
            using var response = await Health.GetAsync(new Uri(Address, ready ? "health/ready" : "health/live"), cancellationToken);
            return response.IsSuccessStatusCode;
        }, cancellationToken);
        if (!IsRunning)
            throw new InvalidOperationException($"{Name} ended with {process!.ExitCode}:\n{await TailAsync()}");
    }

    /// <summary>Returns once all it leans on is well: not degraded, as it is without Redis.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken = default) =>
        Deadline.UntilAsync($"{Name} is well", TimeSpan.FromSeconds(180), async () =>
        {
            using var response = await Health.GetAsync(new Uri(Address, "health/ready"), cancellationToken);
            return response.IsSuccessStatusCode && !(await response.Content.ReadAsStringAsync(cancellationToken)).Contains("Degraded", StringComparison.Ordinal);
        }, cancellationToken);

    /// <summary>Runs it to its end with a verb: <c>migrate</c>, <c>usage rebuild</c>.</summary>
    public async Task RunAsync(string verb, CancellationToken cancellationToken = default)
    {
        Launch(verb.Split(' '));
        await process!.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Name} {verb} ended with {process.ExitCode}:\n{await TailAsync()}");
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => process?.KillAsync() ?? Task.CompletedTask;

    /// <summary>Asks it to stop; true when it did by itself within the time.</summary>
    public async Task<bool> StopAsync(TimeSpan? within = null) => process is null || await process.StopAsync(within ?? TimeSpan.FromSeconds(30));

    /// <summary>Stops where it runs, then starts on the same port.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync();
        await StartAsync(cancellationToken: cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (process is null)
            return;
        await process.KillAsync();
        process.Dispose();
    }

    private void Launch(string[] words)
    {
        if (IsRunning)
            throw new InvalidOperationException($"{Name} runs already.");
        process?.Dispose();
        process = Yields ? OwnedProcess.Start(Log, environment, "nice", ["-n", "10", "dotnet", Program, .. words]) : OwnedProcess.Start(Log, environment, "dotnet", [Program, .. words]);
    }

    private async Task<string> TailAsync() => string.Join('\n', (await File.ReadAllLinesAsync(Log)).TakeLast(40));
}
