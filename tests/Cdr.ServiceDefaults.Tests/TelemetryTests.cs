using System.Diagnostics.Metrics;
using System.Text;
using Cdr.ServiceDefaults.Tests.Doubles;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Platforms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cdr.ServiceDefaults.Tests;

public sealed class TelemetryTests
{
    private const string Nir = "284057511290154";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_put_in_an_address_by_mistake_is_in_no_trace()
    {
        await using var telemetry = await OtlpReceiver.StartAsync(Cancel);
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using (var host = new DefaultsHost { Sessions = sessions })
        {
            await host.StartAsync(app => app.MapGet("/asked/{who}", () => TypedResults.Ok()).AllowAnonymous(), settings: [.. telemetry.Settings]);
            // In the path, as a value, and where no instrumentation masks it: as a key.
            foreach (var address in (string[])["/asked/" + Nir, "/asked/a?nir=" + Nir, $"/asked/b?{Nir}", $"/nowhere?{Nir}=1"])
                using (await host.Client().GetAsync(address, Cancel))
                    continue;
            await Deadline.UntilAsync("traces arrive", TimeSpan.FromSeconds(30), () => Traces(telemetry).Contains("/asked/{who}", StringComparison.Ordinal), Cancel);
        }

        // Closed: all was sent.
        Assert.DoesNotContain(Nir, Traces(telemetry), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_are_measured_in_parts_of_a_second()
    {
        await using var telemetry = await OtlpReceiver.StartAsync(Cancel);
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using (var host = new DefaultsHost { Sessions = sessions })
        {
            await host.StartAsync(_ => { }, settings: [.. telemetry.Settings]);
            using var meter = new Meter("Cdr.Tests");
            meter.CreateHistogram<double>("cdr.tests.duration", "s").Record(0.2);
            meter.CreateHistogram<int>("cdr.tests.calls", "{call}").Record(3);
            await Deadline.UntilAsync("metrics arrive", TimeSpan.FromSeconds(30), () => Metrics(telemetry).Contains("cdr.tests.calls", StringComparison.Ordinal), Cancel);
        }

        Assert.Contains(Packed(MetricViews.Seconds), Metrics(telemetry), StringComparison.Ordinal);
        Assert.Contains(Packed(MetricViews.Numbers), Metrics(telemetry), StringComparison.Ordinal);
        Assert.Contains(1, MetricViews.Seconds);
        // What tells that a process is there (deploy/prometheus/alerts.rules.yml), as the runtime calls it.
        Assert.Contains("dotnet.process.memory.working_set", Metrics(telemetry), StringComparison.Ordinal);
    }

    private static string Metrics(OtlpReceiver telemetry) => Sent(telemetry, "metrics");

    /// <summary>Boundaries as they go over the wire: doubles one after the other, little-endian.</summary>
    private static string Packed(double[] boundaries) => Encoding.Latin1.GetString([.. boundaries.SelectMany(BitConverter.GetBytes)]);

    private static string Sent(OtlpReceiver telemetry, string signal) => string.Concat(telemetry.Received.Where(export => export.Signal == signal).Select(export => Encoding.Latin1.GetString(export.Body)));

    private static string Traces(OtlpReceiver telemetry) => Sent(telemetry, "traces");
}
