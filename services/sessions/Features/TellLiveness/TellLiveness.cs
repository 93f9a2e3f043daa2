using Cdr.Contracts.Sessions;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Cdr.Sessions.Presence;
using Cdr.Sessions.Software;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.TellLiveness;

/// <summary>A service found no copy, or no shared state: the database's word.</summary>
internal static class TellLiveness
{
    public static RouteHandlerBuilder MapTellLiveness(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/internal/sessions/{id:guid}", HandleAsync).RequireAuthorization(SessionsModule.AnyService).ProducesProblem(401).ProducesProblem(403)
            .WithSummary("For services: whether the session is alive now.");

    internal static async Task<Ok<SessionLiveness>> HandleAsync(
        Guid id, SessionsDb db, LiveSessions sessions, CardPresence presence, SessionCopies copies, SoftwareSessions software, TimeProvider clock, CancellationToken cancellationToken)
    {
        var session = await db.Sessions.AsNoTracking().FirstOrDefaultAsync(one => one.Id == id, cancellationToken);
        if (session is null)
            return TypedResults.Ok(await software.LivenessAsync(db, id, cancellationToken));
        if (sessions.EndedBecause(session) is { } because)
            return TypedResults.Ok(new SessionLiveness(false, because));
        if (await presence.IsLostAsync(session, cancellationToken))
        {
            await copies.EndAsync(db, id, SessionEnds.HeartbeatLost, cancellationToken);
            return TypedResults.Ok(new SessionLiveness(false, SessionEnds.HeartbeatLost));
        }

        // Somebody uses it.
        var now = clock.GetUtcNow();
        await db.Sessions.Where(one => one.Id == id && one.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.SeenAt, now), cancellationToken);
        await copies.AliveAsync(session, cancellationToken);
        return TypedResults.Ok(new SessionLiveness(true, null));
    }
}
