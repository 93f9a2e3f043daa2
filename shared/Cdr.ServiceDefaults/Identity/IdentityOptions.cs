using System.ComponentModel.DataAnnotations;

namespace Cdr.ServiceDefaults.Identity;

/// <summary>How this host knows who calls, and proves who it is.</summary>
public sealed class IdentityOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Identity";

    /// <value>Issuer of the tokens. Default <c>cdr-sessions</c>.</value>
    [Required]
    public string Issuer { get; init; } = "cdr-sessions";

    /// <value>Audience of the tokens. Default <c>cdr</c>.</value>
    [Required]
    public string Audience { get; init; } = "cdr";

    /// <value>Folder of the services' own keys, <c>{service}.pem</c> (P-256, PKCS#8); Sessions reads <c>{service}.pub.pem</c> there. Embedded: made in the data folder.</value>
    public string? KeyFolder { get; init; }

    /// <value>Tokens kept after verification, until they expire. Default 50,000, about 60 MB.</value>
    [Range(100, 5_000_000)]
    public int VerifiedTokens { get; init; } = 50_000;
}
