using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Cdr.ServiceDefaults.Measures;
using Cdr.ServiceDefaults.Tests.Doubles;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Platforms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Cdr.ServiceDefaults.Tests.Measures;

/// <summary>What a host tells of itself.</summary>
public sealed class MeasureTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static IMeterFactory Meters => new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    /// <summary>Over the real exporter: what is counted before it listens is lost.</summary>
    [Fact]
    public async Task Zeros_are_told_once_somebody_listens_and_readiness_is_told_by_dependency()
    {
        await using var telemetry = await OtlpReceiver.StartAsync(Cancel);
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using var host = new DefaultsHost { Sessions = sessions };
        await host.StartAsync(_ => { }, builder =>
        {
            builder.Services.AddSingleton<Failures>().AddToldFromZero<Failures>();
            builder.Services.AddHealthChecks().AddCheck("store-broken", () => HealthCheckResult.Unhealthy(), tags: ["ready"]);
        }, [.. telemetry.Settings]);

        string[] awaited = ["cdr.tests.failures", "on-purpose", "cdr.health.state", "store-broken"];
        try
        {
            // A round of looks that takes its 15 s publishes nothing, and the next begins 15 s later: five of them. Within 30 s, « store-broken » was
            // missing thrice, each time on a machine that built beside.
            await Deadline.UntilAsync("all arrive", TimeSpan.FromSeconds(75), () => awaited.All(Sent), Cancel);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Missing after 75 s: {string.Join(", ", awaited.Where(text => !Sent(text)))}. Arrived: {string.Join(", ", telemetry.Received.CountBy(export => export.Signal))}.");
        }

        bool Sent(string text) => telemetry.Received.Any(export => export.Signal == "metrics" && Encoding.Latin1.GetString(export.Body).Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_check_that_hangs_publishes_nothing_and_is_not_believed_any_more()
    {
        var meter = new HealthMeter(Meters, clock);
        await meter.PublishAsync(Report(("store", HealthStatus.Healthy), ("redis", HealthStatus.Degraded), ("bus", HealthStatus.Unhealthy)), Cancel);
        Assert.Equal([("looked-at", 0), ("bus", 2), ("redis", 1), ("store", 0)], States(meter));

        clock.Advance(TimeSpan.FromSeconds(44));
        Assert.Contains(("looked-at", 0), States(meter));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains(("looked-at", 2), States(meter));

        await meter.PublishAsync(Report(("store", HealthStatus.Healthy), ("redis", HealthStatus.Healthy), ("bus", HealthStatus.Healthy)), Cancel);
        Assert.All(States(meter), state => Assert.Equal(0, state.State));
    }

    [Fact]
    public void The_certificate_that_is_shown_is_the_one_of_the_start()
    {
        using var folder = new TestFolder("certificate");
        var file = folder.File("tls.crt");
        File.WriteAllText(file, Certificate(clock.GetUtcNow().AddDays(30)));
        var meter = new CertificateMeter([("Mutual", file)], Meters, clock);

        clock.Advance(TimeSpan.FromDays(10));
        // Renewed, and not yet shown.
        File.WriteAllText(file, Certificate(clock.GetUtcNow().AddDays(90)));

        var left = Assert.Single(meter.Left());
        Assert.Equal(TimeSpan.FromDays(20).TotalSeconds, left.Value, tolerance: 1);
        Assert.Equal("Mutual", Assert.Single(left.Tags.ToArray()).Value);
    }

    private static string Certificate(DateTimeOffset ends)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=logiciels.example.fr", key, HashAlgorithmName.SHA256).CreateSelfSigned(ends.AddDays(-120), ends);
        return certificate.ExportCertificatePem();
    }

    private static IEnumerable<(string Check, int State)> States(HealthMeter meter) =>
        meter.States().Select(state => ((string)state.Tags[0].Value!, state.Value)).OrderBy(state => state.Item1 == "looked-at" ? "" : state.Item1, StringComparer.Ordinal);

    private static Microsoft.Extensions.Diagnostics.HealthChecks.HealthReport Report(params IEnumerable<(string Name, HealthStatus Status)> checks) =>
        new(checks.ToDictionary(check => check.Name, check => new HealthReportEntry(check.Status, null, TimeSpan.Zero, null, null), StringComparer.Ordinal), TimeSpan.Zero);

    private sealed class Failures(IMeterFactory meters) : IToldFromZero
    {
        private readonly Counter<long> failures = meters.Create("Cdr.Tests").CreateCounter<long>("cdr.tests.failures", "{failure}");

        public void TellZero() => failures.Add(0, new KeyValuePair<string, object?>("why", "on-purpose"));
    }
}
