using Cdr.ServiceDefaults.Identity;
using Cdr.ServiceDefaults.Measures;
using Cdr.ServiceDefaults.Messaging;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.SharedState;
using Cdr.ServiceDefaults.Stopping;
using Cdr.ServiceDefaults.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cdr.ServiceDefaults;

/// <summary>What every host does alike, once: clock, telemetry, health, authentication, problem details, shared state, bus.</summary>
public static class ServiceDefaults
{
    /// <summary>Called once by a host, before its modules.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="host">Its name: the service's, or <c>local</c>.</param>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string host)
    {
        builder.Configuration.AddSecretFiles();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A question is under 2 kB. Batches and attachments raise their own limit.
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        });
        // Some kilobytes a quiet connection, instead of asking the system twice for each request.
        builder.WebHost.UseSockets(sockets => sockets.WaitForDataBeforeAllocatingBuffer = false);
        builder.AddTelemetry(host);
        builder.AddProblems();
        builder.AddIdentity(host);
        builder.AddSharedState();
        builder.AddBus();
        builder.Services.AddHealthChecks();
        builder.Services.AddHostedService<ZeroTelling>();
        builder.Services.AddOptions<StopOptions>().BindConfiguration(StopOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<Draining>().AddHostedService(provider => provider.GetRequiredService<Draining>());
        builder.Services.AddHttpContextAccessor();
        return builder;
    }

    /// <summary>Called once by a host, before its modules map theirs.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        // Nobody else asks for it.
        _ = app.Services.GetService<CertificateMeter>();
        var draining = app.Services.GetRequiredService<Draining>();
        app.Use(next => context => draining.ServeAsync(context, next));
        app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = StoreOutage.Status });
        app.UseStatusCodePages();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains("ready"),
            ResponseWriter = HealthReport.WriteAsync,
        }).AllowAnonymous();
        app.MapApiPages();
        return app;
    }

    /// <summary>Runs, or does the one thing asked on the command line: <c>migrate</c> brings the stores' schemas up to date with the owner's role and ends.</summary>
    public static async Task RunAsync(this WebApplication app, string[] args)
    {
        if (args is ["migrate", ..])
        {
            await app.Services.MigrateStoresAsync();
            return;
        }

        await app.Services.PrepareEmbeddedStoresAsync();
        await app.RunAsync();
    }
}
