using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Regimes;

/// <summary>Everything the rest of the service needs to ask the regimes.</summary>
internal static class RegimeServices
{
    /// <summary>Registers <see cref="RegimeRegistry"/>, <see cref="RegimeOptions"/> and <see cref="RegimeCaller"/>; a wrong registry stops the start.</summary>
    public static IServiceCollection AddRegimes(this IServiceCollection services)
    {
        services.AddOptions<RegimeOptions>()
            .BindConfiguration(RegimeOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton(provider => RegimeRegistry.Load(Path.Combine(
            AppContext.BaseDirectory, provider.GetRequiredService<IOptions<RegimeOptions>>().Value.RegistryFile)));
        services.AddHttpClient();
        // Two handlers a call that write at a level nobody reads: metrics and traces tell of a call.
        services.ConfigureHttpClientDefaults(client => client.RemoveAllLoggers());
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IConfigureOptions<HttpClientFactoryOptions>, RegimeHttpClients>();
        services.AddSingleton<RegimeMetrics>();
        services.AddSingleton<RegimeCaller>();
        services.AddHostedService<RegistryCheck>();
        return services;
    }

    /// <summary>A wrong registry is found when the service starts, not when a patient is at the desk.</summary>
    private sealed class RegistryCheck(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetRequiredService<RegimeCaller>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
