using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Cdr.ServiceDefaults.Identity;

/// <summary>
/// The framework's authentication, past its handlers where this process has verified the very header before: choosing, making and
/// initialising two handlers a request cost more than everything that is then asked of them.
/// </summary>
internal sealed class KnownCallers(
    IAuthenticationSchemeProvider schemes, IAuthenticationHandlerProvider handlers, IClaimsTransformation transform, IOptions<AuthenticationOptions> options, VerifiedTokens verified)
    : AuthenticationService(schemes, handlers, transform, options)
{
    private AuthenticateResult? found;

    /// <inheritdoc />
    public override Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme)
    {
        // Where there is a header it is the default's too.
        if (scheme is null or CdrSchemes.Default or CdrSchemes.Bearer && context.Request.Headers.Authorization is [{ } header])
        {
            // Once a request: the middleware of authentication asks, then that of authorisation.
            found ??= verified.Find(header);
            if (found is not null)
                return Task.FromResult(found);
        }

        return base.AuthenticateAsync(context, scheme);
    }
}
