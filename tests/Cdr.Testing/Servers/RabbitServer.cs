using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace Cdr.Testing.Servers;

/// <summary>A RabbitMQ server with its management interface. Its image: <c>CDR_TEST_RABBITMQ_IMAGE</c>.</summary>
public sealed class RabbitServer : TestServer
{
    private const string User = "rabbitmq";
    private const int Terminate = 15;
    private readonly int management = FreePort.Take();
    private int next;

    /// <inheritdoc />
    protected override string Name => "RabbitMQ";

    /// <summary>Its management interface, as administrator.</summary>
    public HttpClient CreateManagementClient()
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{management}"), Timeout = TimeSpan.FromSeconds(10) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("guest:guest"u8));
        return client;
    }

    /// <summary>Address of a new virtual host that nobody else uses.</summary>
    public async Task<string> CreateVirtualHostAsync(CancellationToken cancellationToken = default)
    {
        var name = "test" + Interlocked.Increment(ref next).ToString(CultureInfo.InvariantCulture);
        using var client = CreateManagementClient();
        using var made = await client.PutAsync(new Uri($"/api/vhosts/{name}", UriKind.Relative), null, cancellationToken);
        made.EnsureSuccessStatusCode();
        using var allowed = await client.PutAsJsonAsync($"/api/permissions/{name}/guest", new { configure = ".*", write = ".*", read = ".*" }, cancellationToken);
        allowed.EnsureSuccessStatusCode();
        return $"amqp://guest:guest@127.0.0.1:{Port}/{name}";
    }

    /// <inheritdoc />
    protected override async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (!await FreePort.AnswersAsync(Port, cancellationToken))
            return false;
        using var client = CreateManagementClient();
        using var response = await client.GetAsync(new Uri("/api/health/checks/port-listener/" + ListenerPort, UriKind.Relative), cancellationToken);
        return response.StatusCode == HttpStatusCode.OK;
    }

    private string ListenerPort { get; set; } = "5672";

    private protected override async Task<IServerEngine> ChooseAsync(CancellationToken cancellationToken)
    {
        var container = await ContainerEngine.TryAsync("CDR_TEST_RABBITMQ_IMAGE", ["rabbitmq:4-management-alpine", "cdr-rabbitmq:local"], Port, 5672,
            builder => builder
                .WithPortBinding($"127.0.0.1:{management}", "15672")
                .WithEnvironment("RABBITMQ_NODENAME", "cdr@localhost")
                .WithResourceMapping("[rabbitmq_management].\n"u8.ToArray(), "/etc/rabbitmq/enabled_plugins")
                .WithResourceMapping(Encoding.UTF8.GetBytes("loopback_users = none\n"), "/etc/rabbitmq/conf.d/90-test.conf"), cancellationToken);
        if (container is not null)
            return container;

        // The program itself, not the distribution's wrapper, which logs to fixed places and leaves its group.
        var program = ServerProgram.Find("rabbitmq-server", "rabbitmq-server", "/usr/lib/rabbitmq/bin", "/opt/homebrew/sbin");
        var folder = new TestFolder("rabbitmq");
        ListenerPort = Port.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(folder.File("rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {management}
            loopback_users = none
            log.console = false
            log.file.level = warning
            vm_memory_high_watermark.absolute = 1GB
            disk_free_limit.absolute = 50MB

            """, cancellationToken);
        await File.WriteAllTextAsync(folder.File("plugins"), "[rabbitmq_management].\n", cancellationToken);
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = folder.Path,
            ["RABBITMQ_NODENAME"] = $"cdr{Environment.ProcessId}p{Port}@localhost",
            ["RABBITMQ_MNESIA_BASE"] = folder.Folder("data"),
            ["RABBITMQ_LOG_BASE"] = folder.Folder("log"),
            ["RABBITMQ_PID_FILE"] = folder.File("pid"),
            ["RABBITMQ_CONFIG_FILE"] = folder.File("rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = folder.File("plugins"),
            ["RABBITMQ_NODE_PORT"] = null,
            ["RABBITMQ_DIST_PORT"] = FreePort.Take().ToString(CultureInfo.InvariantCulture),
            // A name server of its own, in the same group: the shared one would be started by us and outlive us.
            ["ERL_EPMD_PORT"] = FreePort.Take().ToString(CultureInfo.InvariantCulture),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
        };
        await ServerProgram.GiveAsync(folder.Path, User);
        string[] command = [.. ServerProgram.As(User), "/bin/sh", "-c", "epmd & exec \"$0\"", program];
        return new ProgramEngine(folder, Terminate, environment, command);
    }
}
