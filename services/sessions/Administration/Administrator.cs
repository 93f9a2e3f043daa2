using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Data;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.Administration;

/// <summary>Who administers, and how far: the platform's administrator everywhere, a referent at their own establishment.</summary>
internal sealed record Administrator(byte[] Reference, Guid Session, string Role, string? Establishment)
{
    /// <summary>Whoever runs the platform's own command line: no card stands behind it, and nobody's reference.</summary>
    public static Administrator OfOperator { get; } = new([], Guid.Empty, CdrRoles.Operations, null);

    public bool IsOfPlatform => Role == CdrRoles.Administrator;

    /// <summary>The caller, whom a policy let in as one of the two.</summary>
    public static Administrator Of(ClaimsPrincipal user) => new(
        Base64UrlEncoder.DecodeBytes(user.FindFirst(CdrClaims.Subject)!.Value),
        Guid.Parse(user.FindFirst(CdrClaims.Session)!.Value),
        user.FindFirst(CdrClaims.Role)!.Value,
        user.FindFirst(CdrClaims.Finess)?.Value);

    public bool Reaches(string? finess) => IsOfPlatform || finess is not null && finess == Establishment;

    /// <summary>Added to the context: saved with what it tells, or not at all.</summary>
    public void Record(SessionsDb db, TimeProvider clock, string act, string target, string detail, string? establishment = null, byte[]? person = null)
    {
        var now = clock.GetUtcNow();
        db.AdministrationRecords.Add(new AdministrationRecord
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            By = Reference,
            Session = Session,
            Role = Role,
            Act = act,
            Target = target,
            Detail = detail,
            EstablishmentFiness = establishment,
            Person = person,
        });
    }
}
