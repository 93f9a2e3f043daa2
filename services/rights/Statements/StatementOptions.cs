using System.ComponentModel.DataAnnotations;

namespace Cdr.Rights.Statements;

/// <summary>Where statements are verified, and how often.</summary>
internal sealed class StatementOptions
{
    public const string Section = "Statements";

    /// <value>The platform's public origin, <c>https://cdr.example.fr</c>: printed on statements as the place to verify them. Default none: they then name the page, and have no QR code.</value>
    [Url]
    public string? Origin { get; init; }

    /// <value>Verifications a minute and client address. Default 60: a person types one, an organism's office sits behind one address.</value>
    [Range(1, 100_000)]
    public int VerificationsPerMinute { get; init; } = 60;

    /// <value>Addresses or networks of the portal and of what stands before it: only they are believed when they name their client in <c>X-Forwarded-For</c>. Default none; this machine is always believed.</value>
    public string[] KnownProxies { get; init; } = [];
}
