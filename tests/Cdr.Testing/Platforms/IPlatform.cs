namespace Cdr.Testing.Platforms;

/// <summary>The whole platform, running, whichever way: the same tests are true of both.</summary>
public interface IPlatform : IAsyncDisposable
{
    /// <summary>Its one public door: pages, <c>/api</c>.</summary>
    Uri Door { get; }

    /// <summary>The drawer of demo cards.</summary>
    Uri Drawer { get; }

    /// <summary>The simulated regimes and their switches.</summary>
    Uri Simulator { get; }

    /// <summary>What it sent as telemetry.</summary>
    OtlpReceiver Telemetry { get; }

    /// <summary>Folder of everything it wrote outside its servers: logs, and the embedded stores.</summary>
    string Folder { get; }

    /// <summary>The servers behind it; null when embedded.</summary>
    PlatformServers? Servers { get; }

    /// <summary>The process a service runs in: <c>Rights</c>.</summary>
    ServiceProcess Of(string service);

    /// <summary>Starts everything, and returns once it is ready.</summary>
    Task StartAsync(CancellationToken cancellationToken = default);

    /// <summary>Returns once every service and all it leans on is well: what another test broke and mended is still coming back.</summary>
    Task ReadyAsync(CancellationToken cancellationToken = default);
}
