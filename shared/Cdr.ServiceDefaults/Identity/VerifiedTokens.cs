using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.ServiceDefaults.Identity;

/// <summary>
/// Verifies a token once; who it is of is kept until it expires, since an ES256 verification costs about 65 µs. The whole header is the
/// key, so that a token with another signature is another token.
/// </summary>
internal sealed class VerifiedTokens : JsonWebTokenHandler, IDisposable
{
    private readonly TimeProvider clock;
    private const string Plain = "Bearer ";

    private readonly MemoryCache kept;

    public VerifiedTokens(IOptions<IdentityOptions> options, TimeProvider clock)
    {
        this.clock = clock;
        MapInboundClaims = false;
        kept = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.Value.VerifiedTokens });
    }

    /// <summary>Who this Authorization header was found to be of; null when it was not verified here yet, or has expired.</summary>
    public AuthenticateResult? Find(string header) =>
        kept.TryGetValue(header, out AuthenticateResult? known) && known!.Properties!.ExpiresUtc > clock.GetUtcNow() ? known : null;

    /// <summary>Keeps who it is of, until it expires; of the many ways to write one header, only the plain one.</summary>
    public void Keep(string header, AuthenticateResult result)
    {
        if (header.StartsWith(Plain, StringComparison.Ordinal) && !header.AsSpan(Plain.Length).ContainsAny(' ', '\t') && result is { Succeeded: true, Properties.ExpiresUtc: { } end })
            kept.Set(header, result, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpiration = end });
    }

    /// <summary>By this host's clock: the library's own validator reads the machine's.</summary>
    public bool IsWithinLife(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + parameters.ClockSkew && (notBefore is null || notBefore <= now + parameters.ClockSkew);
    }

    public void Dispose() => kept.Dispose();
}
