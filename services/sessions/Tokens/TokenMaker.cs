using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults.Identity;
using Cdr.Sessions.Data;
using Cdr.Sessions.Software;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.Tokens;

/// <summary>Makes access tokens (RFC 9068): ES256, at most five minutes, no name and no national identifier.</summary>
internal sealed class TokenMaker(SigningKeys keys, IOptions<TokenOptions> options, IOptions<IdentityOptions> identity, TimeProvider clock)
{
    /// <summary>Tokens' life, and what other machines' clocks may be off by.</summary>
    public TimeSpan LongestBelieved => options.Value.Lifetime + TimeSpan.FromSeconds(30);

    /// <param name="session">With its person, and its habilitation with the establishment.</param>
    /// <param name="cancellationToken">Of the request.</param>
    public Task<AccessToken> ForAsync(CardSession session, CancellationToken cancellationToken)
    {
        var habilitation = session.Habilitation!;
        var claims = new Dictionary<string, object?>
        {
            [CdrClaims.Subject] = Base64UrlEncoder.Encode(session.Person!.Reference),
            [CdrClaims.Session] = session.Id.ToString(),
            [CdrClaims.Kind] = SubjectKinds.Person,
            [CdrClaims.Role] = habilitation.Role,
            [CdrClaims.Finess] = habilitation.EstablishmentFiness,
            [CdrClaims.Group] = habilitation.GroupId ?? habilitation.Establishment?.GroupId,
            [CdrClaims.Department] = habilitation.Establishment?.Department,
            [CdrClaims.Unit] = habilitation.Unit,
            [CdrClaims.Function] = habilitation.Function,
            [CdrClaims.Regime] = habilitation.Regime,
            [CdrClaims.Organism] = habilitation.Organism,
        };
        return MakeAsync(claims, session.EndsAt, cancellationToken);
    }

    public Task<AccessToken> ForServiceAsync(string service, CancellationToken cancellationToken) =>
        MakeAsync(new Dictionary<string, object?> { [CdrClaims.Subject] = service, [CdrClaims.Kind] = SubjectKinds.Service }, DateTimeOffset.MaxValue, cancellationToken);

    /// <summary>A clerk's token for a hospital's software: its subject is the human it named.</summary>
    public Task<AccessToken> ForSoftwareAsync(SoftwareSession session, Establishment establishment, string? function, CancellationToken cancellationToken) => MakeAsync(
        new Dictionary<string, object?>
        {
            [CdrClaims.Subject] = Base64UrlEncoder.Encode(session.Subject),
            [CdrClaims.Session] = session.Id.ToString(),
            [CdrClaims.Kind] = SubjectKinds.Software,
            [CdrClaims.Role] = CdrRoles.Clerk,
            [CdrClaims.Finess] = establishment.Finess,
            [CdrClaims.Group] = establishment.GroupId,
            [CdrClaims.Department] = establishment.Department,
            [CdrClaims.Unit] = session.Unit,
            [CdrClaims.Function] = function,
        },
        session.EndsAt,
        cancellationToken);

    private async Task<AccessToken> MakeAsync(Dictionary<string, object?> claims, DateTimeOffset atTheLatest, CancellationToken cancellationToken)
    {
        var signer = await keys.SignerAsync(cancellationToken);
        // Whole seconds, as the claims carry them.
        var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        var end = now + options.Value.Lifetime < atTheLatest ? now + options.Value.Lifetime : atTheLatest;
        claims["jti"] = Guid.CreateVersion7(now).ToString("N");
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = identity.Value.Issuer,
            Audience = identity.Value.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = end.UtcDateTime,
            Claims = claims.Where(claim => claim.Value is not null).ToDictionary(claim => claim.Key, claim => claim.Value!),
            SigningCredentials = new SigningCredentials(signer.Key, SecurityAlgorithms.EcdsaSha256),
        });
        return new AccessToken(token, end);
    }
}
