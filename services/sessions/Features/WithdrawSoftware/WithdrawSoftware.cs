using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Data;
using Cdr.Sessions.Software;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.WithdrawSoftware;

/// <summary>Closes the platform, or one establishment, to a piece of software: its sessions there end at once.</summary>
internal static class WithdrawSoftware
{
    public static void MapWithdrawSoftware(this IEndpointRouteBuilder routes)
    {
        routes.MapDelete("/api/sessions/software-clients/{id}", WithdrawAsync).RequireAuthorization(SessionsModule.PlatformAdministrator)
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).WithSummary("Withdraws a software client, for good. Idempotent.");
        routes.MapDelete("/api/sessions/software-clients/{id}/establishments/{finess}", WithdrawFromAsync).RequireAuthorization(SessionsModule.AnyAdministrator)
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).WithSummary("Closes one establishment to a software client. Idempotent.");
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> WithdrawAsync(
        string id, HttpContext http, SessionsDb db, SoftwareSessions sessions, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await db.SoftwareClients.FirstOrDefaultAsync(one => one.Id == id, cancellationToken) is not { } client)
            return Unknown();
        if (client.WithdrawnAt is null)
        {
            client.WithdrawnAt = clock.GetUtcNow();
            Administrator.Of(http.User).Record(db, clock, AdministrationActs.SoftwareWithdrawn, id, "");
            await db.SaveChangesAsync(cancellationToken);
        }

        // Also of one that was withdrawn before: a token asked for at that moment may have opened a session after it.
        await sessions.EndAsync(db, db.SoftwareSessions.Where(session => session.ClientId == id), SessionEnds.Revoked, cancellationToken);
        return TypedResults.NoContent();
    }

    internal static async Task<Results<NoContent, ForbidHttpResult, ProblemHttpResult>> WithdrawFromAsync(
        string id, string finess, HttpContext http, SessionsDb db, SoftwareSessions sessions, TimeProvider clock, CancellationToken cancellationToken)
    {
        var administrator = Administrator.Of(http.User);
        if (!administrator.Reaches(finess))
            return TypedResults.Forbid();
        var client = await db.SoftwareClients.Include(one => one.Scope).FirstOrDefaultAsync(one => one.Id == id, cancellationToken);
        // To a referent, software of other establishments only is software they know nothing of.
        if (client is null || !administrator.IsOfPlatform && client.Scope.All(scope => scope.EstablishmentFiness != finess) && !await WasThereAsync(db, id, finess, cancellationToken))
            return Unknown();
        if (client.Scope.RemoveAll(scope => scope.EstablishmentFiness == finess) > 0)
        {
            administrator.Record(db, clock, AdministrationActs.SoftwareScopeWithdrawn, id, "", finess);
            await db.SaveChangesAsync(cancellationToken);
        }

        await sessions.EndAsync(db, db.SoftwareSessions.Where(session => session.ClientId == id && session.EstablishmentFiness == finess), SessionEnds.Revoked, cancellationToken);
        return TypedResults.NoContent();
    }

    private static Task<bool> WasThereAsync(SessionsDb db, string id, string finess, CancellationToken cancellationToken) =>
        db.AdministrationRecords.AnyAsync(record => record.Target == id && record.EstablishmentFiness == finess && record.Act == AdministrationActs.SoftwareScopeWithdrawn, cancellationToken);

    private static ProblemHttpResult Unknown() => Problems.Problem(404, "software-unknown", "Ce logiciel n'est pas déclaré.");
}
