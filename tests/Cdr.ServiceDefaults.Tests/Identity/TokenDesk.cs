using System.Security.Cryptography;
using Cdr.Contracts.Sessions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.ServiceDefaults.Tests.Identity;

/// <summary>Makes tokens as Sessions does, with a key of its own.</summary>
internal sealed class TokenDesk(TimeProvider clock) : IDisposable
{
    private readonly ECDsaSecurityKey key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };

    public SecurityKey Key => key;

    public string Token(string kind, string? session, string? role = null, TimeSpan? life = null, string audience = "cdr", string type = "at+jwt")
    {
        var now = clock.GetUtcNow();
        var claims = new Dictionary<string, object> { [CdrClaims.Subject] = "someone", [CdrClaims.Kind] = kind };
        if (session is not null)
            claims[CdrClaims.Session] = session;
        if (role is not null)
            claims[CdrClaims.Role] = role;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "cdr-sessions",
            Audience = audience,
            TokenType = type,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + (life ?? TimeSpan.FromMinutes(5))).UtcDateTime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
        });
    }

    public void Dispose() => key.ECDsa.Dispose();
}
