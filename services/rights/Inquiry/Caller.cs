using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.Domain;

namespace Cdr.Rights.Inquiry;

/// <summary>Who asks, for which establishment: from the token.</summary>
internal sealed record Caller(
    string Subject, string Session, string Kind, string Role, Finess Establishment, Department Department, string Group, string Unit, string Function)
{
    /// <summary>Null when the token names no establishment of a known département: such a token may not ask.</summary>
    public static Caller? From(ClaimsPrincipal user)
    {
        string Claim(string type) => user.FindFirst(type)?.Value ?? "";
        if (!Finess.Parse(Claim(CdrClaims.Finess)).TryGet(out var establishment, out _) || Claim(CdrClaims.Subject).Length == 0)
            return null;
        var department = Department.Parse(Claim(CdrClaims.Department)).TryGet(out var said, out _) ? said : establishment.Department;
        return new Caller(
            Claim(CdrClaims.Subject), Claim(CdrClaims.Session), Claim(CdrClaims.Kind), Claim(CdrClaims.Role), establishment, department,
            Claim(CdrClaims.Group), Claim(CdrClaims.Unit), Claim(CdrClaims.Function));
    }

    /// <summary>Today where the establishment is: overseas départements have their own.</summary>
    public DateOnly Today(DateTimeOffset now) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(Department.TimeZoneId)).DateTime);
}
