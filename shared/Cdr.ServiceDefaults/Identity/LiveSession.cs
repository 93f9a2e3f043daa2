using Cdr.Contracts.Sessions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Cdr.ServiceDefaults.Identity;

/// <summary>The caller's session is alive now. Part of every policy but those that check it themselves beside other work.</summary>
public sealed class LiveSession : IAuthorizationRequirement;

internal sealed class LiveSessionHandler(SessionGate gate, IHttpContextAccessor http) : AuthorizationHandler<LiveSession>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, LiveSession requirement)
    {
        if (context.User.FindFirst(CdrClaims.Kind)?.Value is SubjectKinds.Service)
        {
            // It has no session: its token's five minutes are all.
            context.Succeed(requirement);
            return;
        }

        if (context.User.FindFirst(CdrClaims.Session)?.Value is not { } session)
            return;
        var request = http.HttpContext;
        switch (await gate.CheckAsync(session, request?.RequestAborted ?? CancellationToken.None))
        {
            case SessionState.Alive:
                context.Succeed(requirement);
                break;
            case SessionState.Ended:
                context.Fail(new AuthorizationFailureReason(this, "session-ended"));
                break;
            case SessionState.Doubtful or SessionState.Silent:
                context.Fail(new AuthorizationFailureReason(this, "session-unknown"));
                break;
        }
    }
}
