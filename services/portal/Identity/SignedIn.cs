using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.Domain;
using Cdr.ServiceDefaults.Identity;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cdr.Portal.Identity;

/// <summary>Who is signed in, as the sealed cookie keeps it. The renewal secret never leaves the server.</summary>
internal sealed record SignedIn
{
    private const string HolderClaim = "cdr:holder";
    private const string LabelClaim = "cdr:label";
    private const string EstablishmentClaim = "cdr:establishment";
    private const string RenewalClaim = "cdr:renewal";
    private const string WarningClaim = "cdr:warning";

    // A cookie goes with every request, through proxies that take 8 KB of them.
    private const int WarningsRoom = 2500;

    // French words, not each accent in six letters: the cookie is sealed, and no script ever reads it.
    private static readonly JsonSerializerOptions Worded = new(JsonSerializerOptions.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] FromToken =
        [CdrClaims.Subject, CdrClaims.Kind, CdrClaims.Finess, CdrClaims.Group, CdrClaims.Department, CdrClaims.Unit, CdrClaims.Function, CdrClaims.Regime, CdrClaims.Organism];

    private readonly ClaimsPrincipal principal;

    private SignedIn(ClaimsPrincipal principal, Guid session, string renewal)
    {
        this.principal = principal;
        Session = session;
        Renewal = renewal;
    }

    public Guid Session { get; }

    /// <value>Secret that obtains tokens.</value>
    public string Renewal { get; }

    public string Subject => Claim(CdrClaims.Subject) ?? "";

    public string Role => Claim(CdrClaims.Role) ?? "";

    /// <value>The holder's name, for their own screen.</value>
    public string Holder => Claim(HolderClaim) ?? "";

    /// <value>What they act as, in words.</value>
    public string Activity => Claim(LabelClaim) ?? "";

    public string? Establishment => Claim(EstablishmentClaim);

    public string? Unit => Claim(CdrClaims.Unit);

    /// <value>Régime and caisse, of a caisse's agent.</value>
    public string? Organism => Claim(CdrClaims.Organism);

    /// <value>What is wrong with the post that the session was opened on: what cuts it off soonest comes first.</value>
    public IReadOnlyList<PostWarning> Warnings => [.. principal.FindAll(WarningClaim).Select(claim => JsonSerializer.Deserialize<PostWarning>(claim.Value, Worded)!)];

    public bool IsClerk => Role == CdrRoles.Clerk;

    /// <value>Of a unit that invoices: it asks by the file.</value>
    public bool IsInvoicing => IsClerk && Claim(CdrClaims.Function) == "invoicing";

    /// <value>A care date's « today » is the establishment's.</value>
    public TimeZoneInfo TimeZone => TimeZoneInfo.FindSystemTimeZoneById(
        Department.Parse(Claim(CdrClaims.Department)).TryGet(out var department, out _) ? department.TimeZoneId : "Europe/Paris");

    /// <summary>What a cookie holds; null when it is not one of ours.</summary>
    public static SignedIn? From(ClaimsPrincipal? principal) =>
        Guid.TryParse(principal?.FindFirst(CdrClaims.Session)?.Value, out var session) && principal!.FindFirst(RenewalClaim)?.Value is { } renewal
            ? new SignedIn(principal, session, renewal)
            : null;

    /// <summary>A cookie's content. The token came straight from Sessions: it is read, not verified.</summary>
    public static ClaimsPrincipal Principal(SessionGrant grant)
    {
        var token = new JsonWebToken(grant.Token.Value);
        List<Claim> claims =
        [
            new(CdrClaims.Session, grant.Session.ToString()),
            new(CdrClaims.Role, grant.Activity.Role),
            new(HolderClaim, grant.Holder),
            new(LabelClaim, grant.Activity.Label),
            new(RenewalClaim, grant.Renewal),
        ];
        if (grant.Activity.Establishment is { } establishment)
            claims.Add(new Claim(EstablishmentClaim, establishment));
        var room = WarningsRoom;
        foreach (var warning in (grant.Warnings ?? []).OrderBy(one => one.RefusedFrom ?? DateOnly.MaxValue).Select(one => JsonSerializer.Serialize(one, Worded)))
        {
            var length = Encoding.UTF8.GetByteCount(warning);
            if (room < length)
                continue;
            room -= length;
            claims.Add(new Claim(WarningClaim, warning));
        }

        foreach (var type in FromToken)
        {
            if (token.TryGetPayloadValue<string>(type, out var value) && !string.IsNullOrEmpty(value))
                claims.Add(new Claim(type, value));
        }

        return new ClaimsPrincipal(new ClaimsIdentity(claims, CdrSchemes.Cookie, HolderClaim, CdrClaims.Role));
    }

    /// <summary>The day it is where the person works.</summary>
    public DateOnly Today(TimeProvider clock) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), TimeZone).DateTime);

    /// <summary>Masked.</summary>
    public override string ToString() => $"{nameof(SignedIn)} {Session}";

    private string? Claim(string type) => principal.FindFirst(type)?.Value;
}
