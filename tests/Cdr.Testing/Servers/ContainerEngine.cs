using System.Net.Sockets;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Images;

namespace Cdr.Testing.Servers;

/// <summary>A container, where an engine answers quickly and has the image already: tests never download one.</summary>
internal sealed class ContainerEngine(IContainer container, string image) : IServerEngine
{
    private const string DefaultSocket = "/var/run/docker.sock";
    private const string Reaper = "testcontainers/ryuk:0.14.0";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public string Description => $"container {image}";

    public Task StartAsync(CancellationToken cancellationToken) => container.StartAsync(cancellationToken);

    public Task AssertRunningAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task KillAsync()
    {
        using var docker = Client();
        using var response = await docker.PostAsync($"/containers/{container.Id}/kill", null);
        response.EnsureSuccessStatusCode();
    }

    public Task StopAsync() => container.StopAsync();

    public ValueTask DisposeAsync() => container.DisposeAsync();

    /// <summary>The container, or null when the machine's own program is to be used.</summary>
    /// <param name="variable">Environment variable that names the image; empty: no container.</param>
    /// <param name="images">Without it: the first of these that is there. The second is deploy/images/build's.</param>
    /// <param name="port">Port on the host.</param>
    /// <param name="inside">Port inside.</param>
    /// <param name="configure">What the image needs.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<ContainerEngine?> TryAsync(string variable, string[] images, int port, int inside, Func<ContainerBuilder, ContainerBuilder> configure, CancellationToken cancellationToken)
    {
        if (await FirstAsync(Environment.GetEnvironmentVariable(variable) is { } named ? [named] : images, cancellationToken) is not { } image)
            return null;
        // The reaper removes containers of killed runs; without its image, only an orderly end does.
        TestcontainersSettings.ResourceReaperEnabled = await HasImageAsync(Reaper, cancellationToken);
        var builder = new ContainerBuilder(image)
            .WithImagePullPolicy(PullPolicy.Never)
            .WithCleanUp(true)
            .WithPortBinding($"127.0.0.1:{port}", inside.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return new ContainerEngine(configure(builder).Build(), image);
    }

    private static async Task<string?> FirstAsync(string[] images, CancellationToken cancellationToken)
    {
        foreach (var image in images)
        {
            if (image.Length > 0 && await HasImageAsync(image, cancellationToken))
                return image;
        }

        return null;
    }

    private static async Task<bool> HasImageAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            using var docker = Client();
            using var response = await docker.GetAsync(new Uri($"/images/{image}/json", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static HttpClient Client()
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } set ? new Uri(set) : new Uri("unix://" + DefaultSocket);
        if (host.Scheme != "unix")
            return new HttpClient { BaseAddress = new UriBuilder(host) { Scheme = "http" }.Uri, Timeout = Patience };
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(host.AbsolutePath), cancellationToken);
                }
                catch (SocketException)
                {
                    socket.Dispose();
                    throw;
                }

                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri("http://docker"), Timeout = Patience };
    }
}
