using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cdr.ServiceDefaults.Identity;

/// <summary>The framework's handler, for a token that this process has not verified yet; what it found is kept until the token expires (<see cref="KnownCallers"/>).</summary>
internal sealed class BearerHandler(IOptionsMonitor<JwtBearerOptions> options, ILoggerFactory logger, UrlEncoder encoder, VerifiedTokens verified)
    : JwtBearerHandler(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var result = await base.HandleAuthenticateAsync();
        verified.Keep(Request.Headers.Authorization.ToString(), result);
        return result;
    }
}
