using Microsoft.Extensions.Hosting;

namespace Cdr.ServiceDefaults.Measures;

/// <summary>Tells the zeros. Not earlier: what is counted before the meters are listened to (which a hosted service does) is lost.</summary>
internal sealed class ZeroTelling(IEnumerable<IToldFromZero> told) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var one in told)
            one.TellZero();
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
