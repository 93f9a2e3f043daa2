using Cdr.ServiceDefaults.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Cdr.ServiceDefaults.SharedState;

internal static class SharedStateRegistration
{
    /// <summary>Redis where <c>ConnectionStrings:Redis</c> is set; the process's memory when embedded.</summary>
    public static void AddSharedState(this IHostApplicationBuilder builder)
    {
        var connection = builder.Configuration.GetConnectionString("Redis");
        if (string.IsNullOrEmpty(connection))
        {
            Store.DataFolder(builder.Configuration, "ConnectionStrings:Redis");
            builder.Services.AddSingleton<ISharedState, MemorySharedState>();
            return;
        }

        var options = ConfigurationOptions.Parse(connection);
        options.AbortOnConnectFail = false;
        // The default backlog keeps each question waiting 11 s while Redis is down.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.AsyncTimeout = options.SyncTimeout = 500;
        options.ConnectTimeout = 2000;
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(options));
        builder.Services.AddSingleton<ISharedState, RedisSharedState>();
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "redis",
            services => new RedisCheck(services.GetRequiredService<IConnectionMultiplexer>()),
            // Questions go on without Redis: slower, not wrong.
            HealthStatus.Degraded,
            ["ready"],
            TimeSpan.FromSeconds(2)));
    }

    private sealed class RedisCheck(IConnectionMultiplexer redis) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(redis.IsConnected ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("silent"));
    }
}
