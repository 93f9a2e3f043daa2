using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Cdr.ServiceDefaults.Measures;

/// <summary>
/// Readiness as a metric, each dependency by name: a process that lives and is not ready tells everything else, and a probe of the public door
/// does not see it.
/// </summary>
internal sealed class HealthMeter : IHealthCheckPublisher
{
    // Three rounds: a check that hangs publishes nothing.
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, HealthStatus> checks = new(StringComparer.Ordinal);
    private readonly TimeProvider clock;
    private long published;

    public HealthMeter(IMeterFactory meters, TimeProvider clock)
    {
        this.clock = clock;
        published = clock.GetTimestamp();
        meters.Create("Cdr.Health").CreateObservableGauge<int>("cdr.health.state", States, "{state}", "How each dependency does, and whether they were looked at: 0 well, 1 degraded, 2 not ready.");
    }

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<IHealthCheckPublisher, HealthMeter>();
        services.Configure<HealthCheckPublisherOptions>(options =>
        {
            options.Delay = TimeSpan.FromSeconds(2);
            options.Period = Every;
            options.Timeout = Every;
            options.Predicate = check => check.Tags.Contains("ready");
        });
    }

    public Task PublishAsync(Microsoft.Extensions.Diagnostics.HealthChecks.HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var (name, entry) in report.Entries)
            checks[name] = entry.Status;
        Interlocked.Exchange(ref published, clock.GetTimestamp());
        return Task.CompletedTask;
    }

    internal IEnumerable<Measurement<int>> States()
    {
        var isLookedAt = clock.GetElapsedTime(Interlocked.Read(ref published)) < Stale;
        yield return Of("looked-at", isLookedAt ? HealthStatus.Healthy : HealthStatus.Unhealthy);
        foreach (var (name, status) in checks)
            yield return Of(name, status);
    }

    private static Measurement<int> Of(string name, HealthStatus status) => new(status switch { HealthStatus.Healthy => 0, HealthStatus.Degraded => 1, _ => 2 }, new KeyValuePair<string, object?>("cdr.health.check", name));
}
