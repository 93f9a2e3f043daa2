using Microsoft.Extensions.Options;

namespace Cdr.Sessions.OpenId;

/// <summary>What sign-in by a provider is made of.</summary>
internal static class ProviderModule
{
    public static void AddProviders(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ProvidersOptions>().BindConfiguration(ProvidersOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ProvidersOptions>>(new Check());
        builder.Services.AddHttpClient(ProviderDescriptions.Client, http => http.Timeout = TimeSpan.FromSeconds(8))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) });
        builder.Services.AddSingleton<ProviderDescriptions>().AddSingleton<ProviderClient>();
    }

    private sealed class Check : IValidateOptions<ProvidersOptions>
    {
        public ValidateOptionsResult Validate(string? name, ProvidersOptions options) =>
            options.Error() is { } error ? ValidateOptionsResult.Fail(error) : ValidateOptionsResult.Success;
    }
}
