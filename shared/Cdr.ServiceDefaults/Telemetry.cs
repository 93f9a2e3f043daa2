using System.Diagnostics.Metrics;
using Cdr.ServiceDefaults.Measures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Cdr.ServiceDefaults;

internal static class Telemetry
{
    private static readonly string[] Quiet = ["System.Net.Http.HttpClient", "Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Polly", "MassTransit"];

    /// <summary>Traces, metrics and logs; sent where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says, nowhere otherwise.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, string host)
    {
        // Below everything an operator sets: a line a call of each regime, and a line a query, drown what matters.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = Quiet.Select(category => KeyValuePair.Create<string, string?>("Logging:LogLevel:" + category, "Warning")),
        });

        // What nobody receives is not measured.
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;

        HealthMeter.Add(builder.Services);
        // Of PEM files, which have their key beside them.
        var endpoints = builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren()
            .Where(endpoint => !string.IsNullOrEmpty(endpoint["Certificate:KeyPath"])).Select(endpoint => (endpoint.Key, endpoint["Certificate:Path"]!)).ToList();
        if (endpoints.Count > 0)
            builder.Services.AddSingleton(provider => new CertificateMeter(endpoints, provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<TimeProvider>()));
        // Services' own sources and meters are all named Cdr.*.
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("cdr-" + host, serviceInstanceId: Environment.MachineName + ":" + Environment.ProcessId))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter("Cdr.*", "MassTransit", "Npgsql")
                .AddView(MetricViews.Of));
        telemetry.WithTracing(tracing => tracing
            .AddSource("Cdr.*", "MassTransit")
            .AddAspNetCoreInstrumentation(options =>
            {
                options.Filter = context => !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal);
                // A caller may have put a person in an address by mistake: the route's pattern is kept, never the path, nor a query, whose keys may be one too.
                options.EnrichWithHttpResponse = (span, response) => span
                    .SetTag("url.path", (response.HttpContext.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "/")
                    .SetTag("url.query", null);
            })
            .AddHttpClientInstrumentation(options => options.EnrichWithHttpRequestMessage = (span, request) => span.SetTag("url.full", request.RequestUri?.GetLeftPart(UriPartial.Authority)))
            .AddNpgsql());
        builder.Logging.AddOpenTelemetry(logging => logging.IncludeFormattedMessage = true);
        telemetry.UseOtlpExporter();
    }
}
