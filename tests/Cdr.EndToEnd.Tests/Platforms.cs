using System.Collections.Concurrent;
using Cdr.Testing.Platforms;

namespace Cdr.EndToEnd.Tests;

/// <summary>The two ways the platform runs.</summary>
public enum PlatformKind
{
    /// <summary>Cdr.Local: one process, SQLite.</summary>
    Embedded,

    /// <summary>One process a service; PostgreSQL, Redis, RabbitMQ.</summary>
    Distributed,
}

/// <summary>One platform of each kind for all tests, started when first asked for. A test that breaks something mends it.</summary>
public sealed class Platforms : IAsyncDisposable
{
    private readonly ConcurrentDictionary<PlatformKind, Lazy<Task<IPlatform>>> platforms = new();

    /// <summary>Running, and ready, whatever the test before broke.</summary>
    public async Task<IPlatform> RunningAsync(PlatformKind kind)
    {
        var platform = await platforms.GetOrAdd(kind, new Lazy<Task<IPlatform>>(() => StartAsync(kind))).Value;
        await platform.ReadyAsync(TestContext.Current.CancellationToken);
        return platform;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var (kind, platform) in platforms)
        {
            if (!platform.Value.IsCompletedSuccessfully)
                continue;
            var running = await platform.Value;
            KeepLogs(kind, running.Folder);
            await running.DisposeAsync();
        }
    }

    private static async Task<IPlatform> StartAsync(PlatformKind kind)
    {
        IPlatform platform = kind == PlatformKind.Embedded ? new EmbeddedPlatform() : new DistributedPlatform();
        try
        {
            await platform.StartAsync();
            return platform;
        }
        catch
        {
            KeepLogs(kind, platform.Folder);
            await platform.DisposeAsync();
            throw;
        }
    }

    // What a failed run leaves to read; the leak search has looked at it.
    private static void KeepLogs(PlatformKind kind, string folder)
    {
        var kept = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "tests", kind.ToString())).FullName;
        foreach (var log in Directory.EnumerateFiles(folder, "*.log"))
            File.Copy(log, Path.Combine(kept, Path.GetFileName(log)), overwrite: true);
    }
}
