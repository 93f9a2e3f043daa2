namespace Cdr.Testing.Servers;

/// <summary>The machine's own server program, in a temporary folder.</summary>
/// <param name="folder">Its folder, removed at the end.</param>
/// <param name="stopSignal">What makes it stop in order.</param>
/// <param name="environment">Its environment, besides ours.</param>
/// <param name="command">The program and its arguments.</param>
internal sealed class ProgramEngine(TestFolder folder, int stopSignal, IReadOnlyDictionary<string, string?> environment, params string[] command) : IServerEngine
{
    private OwnedProcess? process;
    private int gaveUp;

    public string Description => "the machine's own program";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        gaveUp = 0;
        if (process is null or { HasExited: true })
            Launch();
        return Task.CompletedTask;
    }

    public Task AssertRunningAsync(CancellationToken cancellationToken)
    {
        if (process is not { HasExited: true })
            return Task.CompletedTask;
        // After kill -9, PostgreSQL's orphans hold its memory for a moment, and it refuses to start.
        if (++gaveUp > 100)
            throw new InvalidOperationException($"{command[0]} gives up at once: {File.ReadAllText(Log)}");
        Launch();
        return Task.CompletedTask;
    }

    public async Task KillAsync()
    {
        if (process is not null)
            await process.KillAsync();
    }

    public async Task StopAsync()
    {
        if (process is not null)
            await process.StopAsync(TimeSpan.FromSeconds(30), stopSignal);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.KillAsync();
            process.Dispose();
        }

        folder.Dispose();
    }

    private string Log => folder.File("server.log");

    private void Launch()
    {
        process?.Dispose();
        process = OwnedProcess.Start(Log, environment, command[0], command[1..]);
    }
}
