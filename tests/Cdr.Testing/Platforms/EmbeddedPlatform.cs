using System.Globalization;

namespace Cdr.Testing.Platforms;

/// <summary>Cdr.Local, as <c>./run</c> starts it, on a data folder of its own.</summary>
/// <param name="port">Its port; a free one by default.</param>
/// <param name="settings">Settings beside the usual ones.</param>
public sealed class EmbeddedPlatform(int? port = null, IEnumerable<KeyValuePair<string, string?>>? settings = null) : IPlatform
{
    private readonly TestFolder folder = new("embedded");
    private ServiceProcess? local;

    /// <inheritdoc />
    public Uri Door => Local.Address;

    /// <inheritdoc />
    public Uri Drawer => Local.Address;

    /// <inheritdoc />
    public Uri Simulator => Local.Address;

    /// <inheritdoc />
    public OtlpReceiver Telemetry { get; private set; } = null!;

    /// <inheritdoc />
    public string Folder => folder.Path;

    /// <inheritdoc />
    public PlatformServers? Servers => null;

    private ServiceProcess Local => local ?? throw new InvalidOperationException("Not started.");

    /// <inheritdoc />
    public ServiceProcess Of(string service) => Local;

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        Telemetry = await OtlpReceiver.StartAsync(cancellationToken);
        var own = port ?? Cdr.Testing.Servers.FreePort.Take();
        local = new ServiceProcess(Repository.Program("deploy/local", "Cdr.Local"), folder.File("local.log"),
            [.. Telemetry.Settings, new("Logging:LogLevel:Default", "Information"), new("Simulator:InsuredPersons", "1000"), .. OneCard.AsksForEverybody, .. settings ?? []],
            own, ["--port", own.ToString(CultureInfo.InvariantCulture), "--data", folder.File("data")]);
        await local.StartAsync(cancellationToken: cancellationToken);
    }

    /// <inheritdoc />
    public Task ReadyAsync(CancellationToken cancellationToken = default) => Local.ReadyAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (local is not null)
            await local.DisposeAsync();
        if (Telemetry is not null)
            await Telemetry.DisposeAsync();
        folder.Dispose();
    }
}
