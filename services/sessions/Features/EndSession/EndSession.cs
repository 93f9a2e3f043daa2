using Cdr.Contracts.Sessions;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Sessions.Features.EndSession;

/// <summary>The holder signs out. A session that already ended is ended.</summary>
internal static class EndSession
{
    public static RouteHandlerBuilder MapEndSession(this IEndpointRouteBuilder routes) =>
        routes.MapDelete("/api/sessions/{id:guid}", HandleAsync).RequireAuthorization(SessionsModule.Holder).ProducesProblem(401).ProducesProblem(403)
            .WithSummary("Ends the session everywhere. Idempotent.");

    internal static async Task<Results<NoContent, ForbidHttpResult>> HandleAsync(Guid id, HttpContext http, SessionsDb db, SessionCopies copies, CancellationToken cancellationToken)
    {
        if (http.User.FindFirst(CdrClaims.Session)?.Value != id.ToString())
            return TypedResults.Forbid();
        await copies.EndAsync(db, id, SessionEnds.SignedOut, cancellationToken);
        return TypedResults.NoContent();
    }
}
