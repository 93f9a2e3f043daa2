using System.Security.Cryptography;
using Cdr.Contracts.Sessions;

namespace Cdr.Testing.Identity;

/// <summary>Who a minted token speaks for: by default a clerk of the admissions desk of a Paris hospital.</summary>
public sealed record TestCaller
{
    /// <summary>FINESS géographique of the default establishment.</summary>
    public const string Establishment = "750712184";

    /// <summary>Keyed reference of the person.</summary>
    public string Subject { get; init; } = "person-1";

    /// <summary>One of <see cref="SubjectKinds"/>.</summary>
    public string Kind { get; init; } = SubjectKinds.Person;

    /// <summary>One of <see cref="CdrRoles"/>; null for services.</summary>
    public string? Role { get; init; } = CdrRoles.Clerk;

    /// <summary>Its session; null for services.</summary>
    public Guid? Session { get; init; } = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    /// <summary>FINESS géographique; null for roles without an establishment.</summary>
    public string? Finess { get; init; } = Establishment;

    /// <summary>Hospital group; null when none.</summary>
    public string? Group { get; init; } = "ght-75";

    /// <summary>Code of the département.</summary>
    public string? Department { get; init; } = "75";

    /// <summary>Unit.</summary>
    public string? Unit { get; init; } = "ADM";

    /// <summary>Function.</summary>
    public string? Function { get; init; } = "reception";

    /// <summary>Regime of a regime agent.</summary>
    public string? Regime { get; init; }

    /// <summary>Caisse of a regime agent; null: the regime's own staff.</summary>
    public string? Organism { get; init; }

    /// <value>Default: five minutes.</value>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Issued so long ago.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>A wrong issuer, where a test wants one.</summary>
    public string Issuer { get; init; } = TestTokens.Issuer;

    /// <summary>A wrong audience, where a test wants one.</summary>
    public string Audience { get; init; } = TestTokens.Audience;

    /// <summary>Signed by another key than the published one.</summary>
    public ECDsa? ForeignKey { get; init; }

    internal Dictionary<string, object> Claims()
    {
        (string Name, string? Value)[] claims =
        [
            (CdrClaims.Subject, Subject), (CdrClaims.Session, Session?.ToString()), (CdrClaims.Kind, Kind), (CdrClaims.Role, Role),
            (CdrClaims.Finess, Finess), (CdrClaims.Group, Group), (CdrClaims.Department, Department), (CdrClaims.Unit, Unit),
            (CdrClaims.Function, Function), (CdrClaims.Regime, Regime), (CdrClaims.Organism, Organism),
        ];
        return claims.Where(claim => claim.Value is not null).ToDictionary(claim => claim.Name, claim => (object)claim.Value!);
    }
}
