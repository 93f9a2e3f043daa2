using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Cards;

/// <summary>Stops a production start that trusts the demo cards.</summary>
internal sealed class TrustGuard(TrustStore store, IOptions<TrustOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        !options.Value.DemoAllowed && store.HoldsDemoRoot()
            ? throw new InvalidOperationException($"The root of the demo cards is among the trusted roots ({Path.Combine(store.Folder, "roots")}): anybody could sign in. Remove it.")
            : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Degraded when no card can be verified: the sessions that are open go on.</summary>
internal sealed class TrustCheck(TrustStore store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(store.Current() is { Lists: > 0 } ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("nothing is trusted"));
}
