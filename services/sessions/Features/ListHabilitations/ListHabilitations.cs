using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.ListHabilitations;

/// <summary>A referent sees who acts for their establishment.</summary>
internal static class ListHabilitations
{
    public static RouteHandlerBuilder MapListHabilitations(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/sessions/habilitations", HandleAsync).RequireAuthorization(SessionsModule.Referent).ProducesProblem(401).ProducesProblem(403)
            .WithSummary("Who acts, acted or will act for the referent's establishment.");

    internal static async Task<Ok<HabilitationState[]>> HandleAsync(ClaimsPrincipal user, SessionsDb db, PersonRegister register, CancellationToken cancellationToken)
    {
        var finess = user.FindFirstValue(CdrClaims.Finess);
        var all = await db.Habilitations.AsNoTracking().Include(one => one.Person).Where(one => one.EstablishmentFiness == finess && finess != null)
            .OrderBy(one => one.Role).ThenBy(one => one.Id).ToListAsync(cancellationToken);
        return TypedResults.Ok<HabilitationState[]>([.. all.Select(one => RoleTexts.HabilitationOf(register, one))]);
    }
}
