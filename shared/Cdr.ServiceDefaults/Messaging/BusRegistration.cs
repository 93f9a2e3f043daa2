using System.Net.Security;
using System.Security.Authentication;
using Cdr.ServiceDefaults.Stores;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Cdr.ServiceDefaults.Messaging;

internal static class BusRegistration
{
    private const int TlsPort = 5671;

    /// <summary>One bus a host: RabbitMQ where <c>ConnectionStrings:RabbitMq</c> (an <c>amqp://</c> or <c>amqps://</c> address) is set, in memory when embedded.</summary>
    public static void AddBus(this IHostApplicationBuilder builder)
    {
        var address = builder.Configuration.GetConnectionString("RabbitMq");
        if (string.IsNullOrEmpty(address))
            Store.DataFolder(builder.Configuration, "ConnectionStrings:RabbitMq");

        builder.Services.AddMassTransit(bus =>
        {
            // It would tell its makers how it is used: nothing leaves a hospital's network unasked.
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(options =>
            {
                // Questions go on without the broker: what they tell is told later.
                options.MinimalFailureStatus = HealthStatus.Degraded;
                options.Name = "bus";
                options.Tags.Clear();
                options.Tags.Add("ready");
            });
            bus.AddConfigureEndpointsCallback((_, _, endpoint) =>
            {
                endpoint.UseMessageRetry(retry => retry.Exponential(8, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1)));
                // Mirrored classic queues lose acknowledged messages; quorum queues do not.
                if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
                    rabbit.SetQuorumQueue();
            });
            if (string.IsNullOrEmpty(address))
            {
                bus.UsingInMemory((context, configuration) => configuration.ConfigureEndpoints(context));
                return;
            }

            bus.UsingRabbitMq((context, configuration) =>
            {
                var broker = new Uri(address);
                configuration.Host(broker, host =>
                {
                    if (broker.Scheme == "amqps" || broker.Port == TlsPort)
                        host.UseSsl(ssl => Believe(ssl, broker.Host));
                });
                configuration.ConfigureEndpoints(context);
            });
        });
        // With WaitUntilStarted and the broker down, the host would never listen.
        builder.Services.Configure<MassTransitHostOptions>(options =>
        {
            options.WaitUntilStarted = false;
            options.StopTimeout = TimeSpan.FromSeconds(10);
        });
    }

    /// <summary>By itself MassTransit takes TLS from port 5671 alone, and believes any authority there: the password would go to whoever stands between.</summary>
    private static void Believe(IRabbitMqSslConfigurator ssl, string broker)
    {
        ssl.Protocol = SslProtocols.None;
        ssl.ServerName = broker;
        ssl.EnforcePolicyErrors(SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable);
    }
}
