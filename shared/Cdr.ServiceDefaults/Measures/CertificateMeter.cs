using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;

namespace Cdr.ServiceDefaults.Measures;

/// <summary>The last day of the certificates that this process shows itself: where no ingress ends TLS, as for software's mutual TLS, no probe without a certificate gets far enough to see one.</summary>
internal sealed class CertificateMeter
{
    private readonly IReadOnlyList<(string Endpoint, DateTimeOffset Ends)> shown;
    private readonly TimeProvider clock;

    /// <param name="endpoints">Kestrel's endpoints, with the file of their certificate.</param>
    /// <param name="meters">Of the host.</param>
    /// <param name="clock">Of the host.</param>
    public CertificateMeter(IEnumerable<(string Endpoint, string File)> endpoints, IMeterFactory meters, TimeProvider clock)
    {
        this.clock = clock;
        // Read once: a renewed file is not shown before the process starts again.
        shown = [.. endpoints.Select(one => (one.Endpoint, End(one.File)))];
        meters.Create("Cdr.Certificates").CreateObservableGauge<double>("cdr.certificate.left", Left, "s", "Until the certificate that an endpoint of this process shows ends.");
    }

    internal IEnumerable<Measurement<double>> Left() =>
        shown.Select(one => new Measurement<double>((one.Ends - clock.GetUtcNow()).TotalSeconds, new KeyValuePair<string, object?>("cdr.certificate.endpoint", one.Endpoint)));

    private static DateTimeOffset End(string file)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
        return certificate.NotAfter.ToUniversalTime();
    }
}
