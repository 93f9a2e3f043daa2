using System.Runtime.CompilerServices;
using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.Domain;

namespace Cdr.Rights.Inquiry;

/// <summary>Who asks, for which establishment: from the token.</summary>
internal sealed record Caller(
    string Subject, string Session, string Kind, string Role, Finess Establishment, Department Department, string Group, string Unit, string Function)
{
    // A verified token is kept with its identity; so is who it says that asks.
    private static readonly ConditionalWeakTable<ClaimsIdentity, Caller> Known = [];

    /// <summary>Null when the token names no establishment of a known département: such a token may not ask.</summary>
    public static Caller? From(ClaimsPrincipal user)
    {
        if (user.Identity is not ClaimsIdentity identity)
            return null;
        if (Known.TryGetValue(identity, out var known))
            return known;
        if (Read(user) is { } caller)
            Known.AddOrUpdate(identity, caller);
        return Known.TryGetValue(identity, out known) ? known : null;
    }

    private static Caller? Read(ClaimsPrincipal user)
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
    public DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);

    private readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(Department.TimeZoneId);
}
