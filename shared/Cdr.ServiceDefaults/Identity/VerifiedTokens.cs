using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.ServiceDefaults.Identity;

/// <summary>
/// Verifies a token once and keeps the result until it expires: an ES256 verification costs about 65 µs. The whole token is the key,
/// so that a token with another signature is another token.
/// </summary>
internal sealed class VerifiedTokens : JsonWebTokenHandler, IDisposable
{
    private readonly TimeProvider clock;
    private readonly MemoryCache verified;

    public VerifiedTokens(IOptions<IdentityOptions> options, TimeProvider clock)
    {
        this.clock = clock;
        MapInboundClaims = false;
        verified = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.Value.VerifiedTokens });
    }

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if (verified.TryGetValue(token, out TokenValidationResult? known) && known!.SecurityToken.ValidTo > clock.GetUtcNow().UtcDateTime)
            return known;
        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
        {
            verified.Set(token, result, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpiration = new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero) });
        }

        return result;
    }

    /// <summary>By this host's clock: the library's own validator reads the machine's.</summary>
    public bool IsWithinLife(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + parameters.ClockSkew && (notBefore is null || notBefore <= now + parameters.ClockSkew);
    }

    public void Dispose() => verified.Dispose();
}
