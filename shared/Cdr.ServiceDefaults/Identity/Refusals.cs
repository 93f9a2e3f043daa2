using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace Cdr.ServiceDefaults.Identity;

/// <summary>A session that ended is 401 (sign in again), one nobody can vouch for is 503 (try again), a role that may not is 403.</summary>
internal sealed class Refusals : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler usual = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Succeeded ? next(context) : RefuseAsync(next, context, policy, authorizeResult);

    private async Task RefuseAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        var reasons = authorizeResult.AuthorizationFailure?.FailureReasons.Select(r => r.Message).ToHashSet(StringComparer.Ordinal) ?? [];
        if (authorizeResult.Forbidden && reasons.Contains("session-ended") && !context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
            await Problems.SessionEnded().ExecuteAsync(context);
        else if (authorizeResult.Forbidden && reasons.Contains("session-unknown"))
            await Problems.SessionUnknown().ExecuteAsync(context);
        else
            await usual.HandleAsync(next, context, policy, authorizeResult);
    }
}
