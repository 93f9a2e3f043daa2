using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Refit;

namespace Cdr.ServiceDefaults.Identity;

/// <summary>Whose authority a call carries.</summary>
public enum ClientIdentity
{
    /// <summary>Nobody's.</summary>
    None,

    /// <summary>The service's own token.</summary>
    Service,

    /// <summary>The token of the request being served.</summary>
    Caller,
}

/// <summary>Clients of one service to another.</summary>
public static class ServiceClients
{
    /// <summary>
    /// Registers a generated Refit client, keyed by the calling service's name: two modules of one host may call the same interface
    /// with their own identities, and the last unkeyed registration would win.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="caller">Lower-case name of the calling service.</param>
    /// <param name="target">Name of the called service: <c>Services:{target}</c>.</param>
    /// <param name="identity">Whose authority the call carries.</param>
    /// <param name="timeout">Default 10 s.</param>
    public static IHttpClientBuilder AddServiceClient<TApi>(this IHostApplicationBuilder builder, string caller, string target, ClientIdentity identity, TimeSpan? timeout = null)
        where TApi : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var name = $"{caller}:{typeof(TApi).Name}";
        var client = builder.Services.AddHttpClient(name, (services, http) =>
            {
                http.BaseAddress = services.GetRequiredService<ServiceAddresses>().Of(target);
                http.Timeout = timeout ?? TimeSpan.FromSeconds(10);
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) });
        if (identity == ClientIdentity.Service)
            client.AddHttpMessageHandler(services => new ServiceTokenHandler(services.GetRequiredService<ServiceIdentities>(), caller));
        if (identity == ClientIdentity.Caller)
            client.AddHttpMessageHandler(services => new CallerTokenHandler(services.GetRequiredService<IHttpContextAccessor>()));
        builder.Services.AddKeyedTransient(caller, (services, _) =>
            RestService.ForGenerated<TApi>(services.GetRequiredService<IHttpClientFactory>().CreateClient(name), new RefitSettings()));
        return client;
    }

    private sealed class ServiceTokenHandler(ServiceIdentities identities, string caller) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await identities.TokenAsync(caller, cancellationToken));
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class CallerTokenHandler(IHttpContextAccessor http) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (http.HttpContext?.Request.Headers.Authorization.ToString() is { Length: > 0 } authorization)
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
