namespace Cdr.Testing.Servers;

/// <summary>A real server for tests: on 127.0.0.1, keeping its port and data until disposed.</summary>
public abstract class TestServer : IAsyncDisposable
{
    private IServerEngine? engine;

    /// <summary>Its port, the same over every restart.</summary>
    public int Port { get; } = FreePort.Take();

    /// <summary>What it is, for messages.</summary>
    protected abstract string Name { get; }

    /// <summary>Starts, and returns once it serves.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (engine is null)
        {
            engine = await ChooseAsync(cancellationToken);
            Console.WriteLine($"{Name}: {engine.Description}, 127.0.0.1:{Port}");
        }

        await engine.StartAsync(cancellationToken);
        await Deadline.UntilAsync($"{Name} serves on port {Port}", TimeSpan.FromSeconds(180), () => ServesAsync(engine, cancellationToken), cancellationToken);
    }

    /// <summary>kill -9: what it had not made durable is lost.</summary>
    public async Task KillAsync()
    {
        if (engine is null)
            return;
        await engine.KillAsync();
        await Deadline.UntilAsync($"port {Port} is closed", TimeSpan.FromSeconds(30), async () => !await FreePort.AnswersAsync(Port, CancellationToken.None));
    }

    /// <summary>Asks it to stop, and waits.</summary>
    public Task StopAsync() => engine?.StopAsync() ?? Task.CompletedTask;

    /// <summary>Stops where it runs, then starts on the same data and port.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync();
        await StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (engine is not null)
            await engine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether it does its work now.</summary>
    protected abstract Task<bool> AnswersAsync(CancellationToken cancellationToken);

    private protected abstract Task<IServerEngine> ChooseAsync(CancellationToken cancellationToken);

    private async Task<bool> ServesAsync(IServerEngine running, CancellationToken cancellationToken)
    {
        await running.AssertRunningAsync(cancellationToken);
        return await AnswersAsync(cancellationToken);
    }
}

/// <summary>What runs the server: a container, or the machine's own program.</summary>
internal interface IServerEngine : IAsyncDisposable
{
    string Description { get; }

    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Starts again a program that gave up at once (its port or memory was still held).</summary>
    Task AssertRunningAsync(CancellationToken cancellationToken);

    Task KillAsync();

    Task StopAsync();
}
