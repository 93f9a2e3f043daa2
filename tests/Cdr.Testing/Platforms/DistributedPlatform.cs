using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Testing.Servers;

namespace Cdr.Testing.Platforms;

/// <summary>One process a service, on PostgreSQL, Redis and RabbitMQ, migrated and keyed as an installation is.</summary>
/// <param name="settings">Of every program, beside the usual ones.</param>
/// <param name="replaced">Whether services are replaced while they serve (<see cref="ReplaceAsync"/>): each is then behind an address of its own, as in a cluster.</param>
public sealed class DistributedPlatform(bool replaced = false, IEnumerable<KeyValuePair<string, string?>>? settings = null) : IPlatform
{
    /// <summary>Of <see cref="Folder"/>: e-mail that Support sends.</summary>
    public const string MailFolder = "mail";

    /// <summary>Of <see cref="Folder"/>: e-mail that Support reads.</summary>
    public const string InboxFolder = "inbox";

    private static readonly (string Name, string Folder, string Assembly)[] Programs =
    [
        ("Simulator", "deploy/simulators", "Cdr.RegimeSimulator"),
        ("Sessions", "services/sessions", "Cdr.Sessions"),
        ("Rights", "services/rights", "Cdr.Rights"),
        ("Usage", "services/usage", "Cdr.Usage"),
        ("Support", "services/support", "Cdr.Support"),
        ("Drawer", "deploy/drawer", "Cdr.Drawer"),
        ("Portal", "services/portal", "Cdr.Portal"),
    ];

    private readonly TestFolder folder = new("distributed");
    private readonly Dictionary<string, ServiceProcess> services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> ports = Programs.ToDictionary(program => program.Name, _ => FreePort.Take(), StringComparer.Ordinal);
    private readonly PlatformServers servers = new();
    private readonly Dictionary<string, ClusterService> fronts = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public Uri Door => Address("Portal");

    /// <inheritdoc />
    public Uri Drawer => Address("Drawer");

    /// <inheritdoc />
    public Uri Simulator => Address("Simulator");

    /// <inheritdoc />
    public OtlpReceiver Telemetry { get; private set; } = null!;

    /// <inheritdoc />
    public string Folder => folder.Path;

    /// <inheritdoc />
    public PlatformServers? Servers => servers;

    /// <inheritdoc />
    public ServiceProcess Of(string service) => services[service];

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        Telemetry = await OtlpReceiver.StartAsync(cancellationToken);
        await servers.StartAsync(cancellationToken);
        foreach (var (name, place, assembly) in Programs)
        {
            if (servers.Databases.ContainsKey(name))
                MakeKeys(name);
            var isFronted = replaced && servers.Databases.ContainsKey(name);
            var program = isFronted ? await Published.CompiledAsync(place, assembly, cancellationToken)
                : name == "Portal" ? await Published.PortalAsync(cancellationToken) : Repository.Program(place, assembly);
            services[name] = new ServiceProcess(program, folder.File(name.ToLowerInvariant() + ".log"), Settings(name), isFronted ? null : ports[name]);
            if (isFronted)
                fronts[name] = new ClusterService(ports[name], services[name].Address);
        }

        await Task.WhenAll(servers.Databases.Keys.Select(name => MigrateAsync(name, cancellationToken)));
        foreach (var wave in (string[][])[["Simulator", "Drawer"], ["Sessions"], ["Rights", "Usage", "Support", "Portal"]])
            await Task.WhenAll(wave.Select(name => services[name].StartAsync(cancellationToken: cancellationToken)));
    }

    /// <inheritdoc />
    public Task ReadyAsync(CancellationToken cancellationToken = default) =>
        Task.WhenAll(services.Values.Select(service => service.ReadyAsync(cancellationToken)));

    /// <summary>
    /// As Kubernetes does: another process starts, is ready and takes questions; the one before gets no new connection, is waited for (preStop),
    /// then asked to stop.
    /// </summary>
    /// <returns>False when it had to be killed.</returns>
    public async Task<bool> ReplaceAsync(string service, CancellationToken cancellationToken = default)
    {
        var before = services[service];
        var next = new ServiceProcess(before.Program, folder.File(service.ToLowerInvariant() + "-next.log"), Settings(service)) { Yields = true };
        await next.StartAsync(cancellationToken: cancellationToken);
        services[service] = next;
        fronts[service].Target = next.Address;
        await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        var stopped = await before.StopAsync(TimeSpan.FromSeconds(55));
        await before.DisposeAsync();
        return stopped;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var front in fronts.Values)
            await front.DisposeAsync();
        foreach (var service in services.Values)
            await service.DisposeAsync();
        await servers.DisposeAsync();
        if (Telemetry is not null)
            await Telemetry.DisposeAsync();
        folder.Dispose();
    }

    private Uri Address(string name) => new($"http://127.0.0.1:{ports[name]}/");

    private async Task MigrateAsync(string name, CancellationToken cancellationToken)
    {
        // The owner's role is for this one run: the service never holds it.
        KeyValuePair<string, string?> owner = new($"ConnectionStrings:{name}Owner", servers.Databases[name].Owner);
        await using var migration = new ServiceProcess(services[name].Program, folder.File($"{name.ToLowerInvariant()}-migrate.log"), [.. Settings(name), owner]);
        await migration.RunAsync("migrate", cancellationToken);
    }

    private void MakeKeys(string name)
    {
        KeyRing.Create(KeyFile(name));
        ServiceIdentities.CreateKey(folder.File("identity"), name.ToLowerInvariant());
    }

    private string KeyFile(string name) => Path.Combine(folder.File("keys"), name.ToLowerInvariant() + ".json");

    private IEnumerable<KeyValuePair<string, string?>> Settings(string name)
    {
        foreach (var setting in OneCard.AsksForEverybody.Concat(Telemetry.Settings))
            yield return setting;
        foreach (var (program, _, _) in Programs)
            yield return new($"Services:{program}", Address(program).AbsoluteUri);
        yield return new("ConnectionStrings:Redis", servers.RedisConnection);
        yield return new("ConnectionStrings:RabbitMq", servers.RabbitAddress);
        yield return new("Identity:KeyFolder", folder.File("identity"));
        yield return new("Sessions:Origin", Door.GetLeftPart(UriPartial.Authority));
        yield return new("Statements:Origin", Door.GetLeftPart(UriPartial.Authority));
        yield return new("Sessions:DirectoryFile", folder.File("drawer/directory.json"));
        yield return new("Sessions:Trust:Folder", folder.File("trust"));
        yield return new("Sessions:Trust:KindExtension", "2.999.250.2");
        yield return new("Sessions:Presence:Elsewhere", "Stays");
        yield return new("Drawer:Folder", folder.File("drawer"));
        yield return new("Drawer:TrustFolder", folder.File("trust"));
        // No TLS stands before this door.
        yield return new("Portal:SecureCookie", "false");
        yield return new("Regimes:BaseAddress", Simulator.AbsoluteUri);
        yield return new("Simulator:InsuredPersons", "1000");
        foreach (var setting in settings ?? [])
            yield return setting;
        if (replaced)
            yield return new("Stop:Drain", "00:00:03");
        if (name == "Support")
        {
            foreach (var setting in MailSettings())
                yield return setting;
        }

        if (name is "Drawer" or "Simulator" or "Sessions")
            yield return new("ASPNETCORE_ENVIRONMENT", "Development");
        if (!servers.Databases.TryGetValue(name, out var database))
            yield break;
        yield return new($"ConnectionStrings:{name}", database.Application);
        yield return new($"Keys:{name}:File", KeyFile(name));
    }

    /// <summary>E-mail in folders, as <c>./run</c> has it; programs of this machine may be told.</summary>
    private IEnumerable<KeyValuePair<string, string?>> MailSettings() =>
    [
        new("Support:Mail:PickupFolder", folder.File(MailFolder)),
        new("Support:Mail:Portal", Door.GetLeftPart(UriPartial.Authority)),
        new("Support:Mail:SendEvery", "00:00:01"),
        new("Support:Mail:Inbox:Address", "reponses@cdr.example"),
        new("Support:Mail:Inbox:DropFolder", folder.File(InboxFolder)),
        new("Support:Mail:Inbox:Every", "00:00:01"),
        new("Support:Webhooks:AllowPrivate", "true"),
        new("Support:Webhooks:TellEvery", "00:00:01"),
    ];
}
