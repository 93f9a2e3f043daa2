using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.CloseHabilitation;

/// <summary>A leaver: the habilitation ends on a day to come, or now, and with it the sessions that it opened.</summary>
internal static class CloseHabilitation
{
    public static RouteHandlerBuilder MapCloseHabilitation(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/habilitations/{id:guid}/closure", HandleAsync).RequireAuthorization(SessionsModule.Referent)
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).WithSummary("Closes a habilitation of the referent's establishment, at once or after a last day.");

    internal static async Task<Results<Ok<HabilitationState>, ProblemHttpResult>> HandleAsync(
        Guid id, ClosureRequest request, ClaimsPrincipal user, SessionsDb db, SessionCopies copies, PersonRegister register, TimeProvider clock, CancellationToken cancellationToken)
    {
        var finess = user.FindFirstValue(CdrClaims.Finess);
        var habilitation = await db.Habilitations.Include(one => one.Person).Include(one => one.Establishment)
            .FirstOrDefaultAsync(one => one.Id == id && one.EstablishmentFiness == finess && finess != null, cancellationToken);
        // Another establishment's is as unknown as none.
        if (habilitation is null)
            return Problems.Problem(StatusCodes.Status404NotFound, "habilitation-unknown", "Cette habilitation n'est pas de votre établissement.");
        var today = EstablishmentDay.Of(habilitation.Establishment!.Department, clock.GetUtcNow());
        if (request.LastDay < today)
            return Problems.Invalid("lastDay", "last-day-in-the-past", "Le dernier jour est dans le passé.", "N'en donnez pas pour fermer tout de suite.");
        habilitation.Until = request.LastDay ?? today.AddDays(-1);
        Administrator.Of(user).Record(db, clock, AdministrationActs.RoleWithdrawn, id.ToString(), RoleTexts.DetailOf(habilitation), finess, habilitation.Person!.Reference);
        await db.SaveChangesAsync(cancellationToken);
        if (request.LastDay is null)
        {
            foreach (var session in await db.Sessions.Where(one => one.HabilitationId == id && one.EndedAt == null).Select(one => one.Id).ToListAsync(cancellationToken))
                await copies.EndAsync(db, session, SessionEnds.Revoked, cancellationToken);
        }

        return TypedResults.Ok(RoleTexts.HabilitationOf(register, habilitation));
    }
}
