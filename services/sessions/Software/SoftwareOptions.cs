namespace Cdr.Sessions.Software;

/// <summary>Which certificates of structures prove their software.</summary>
internal sealed class SoftwareOptions
{
    public const string Section = "Sessions:Software";

    /// <value>Accepted grades. Default none: then only registered keys prove a client.</value>
    public CertificateGrade[] Grades { get; init; } = [];

    public bool AreComplete => Grades.All(grade => grade.Issuer.Length > 0 && grade.Name.Length > 0);
}

/// <summary>A grade of certificates: who issues them, under which policy, and until when they are accepted.</summary>
internal sealed class CertificateGrade
{
    /// <value>As the hotline calls it.</value>
    public string Name { get; init; } = "";

    /// <value>Common name of the issuer; its certificate is among the trusted issuers.</value>
    public string Issuer { get; init; } = "";

    /// <value>Certificate policy (OID) that the certificate must carry. Default none.</value>
    public string? Policy { get; init; }

    /// <value>Last instant. Default none.</value>
    public DateTimeOffset? Until { get; init; }
}
