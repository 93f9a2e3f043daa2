using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.Features.ListHabilitationChanges;

/// <summary>The trail of grants and closures: a referent's own establishment, or all.</summary>
internal static class ListHabilitationChanges
{
    private const int Most = 1_000;

    public static RouteHandlerBuilder MapListHabilitationChanges(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/sessions/habilitations/changes", HandleAsync).RequireAuthorization(SessionsModule.TrailReaders).ProducesProblem(401).ProducesProblem(403)
            .WithSummary("Who granted or closed what, the latest first.");

    internal static async Task<Ok<HabilitationEvent[]>> HandleAsync(ClaimsPrincipal user, SessionsDb db, CancellationToken cancellationToken)
    {
        var (finess, all) = (user.FindFirstValue(CdrClaims.Finess), user.FindFirstValue(CdrClaims.Role) is CdrRoles.Administrator or CdrRoles.DataProtection);
        var changes = await db.HabilitationChanges.AsNoTracking().Where(change => all || change.EstablishmentFiness == finess && finess != null)
            .OrderByDescending(change => change.At).Take(Most)
            .Select(change => new
            {
                Change = change,
                Actor = db.People.Where(person => person.Id == change.ActorId).Select(person => person.Reference).First(),
                Person = db.People.Where(person => person.Id == change.PersonId).Select(person => person.Reference).First(),
            })
            .ToListAsync(cancellationToken);
        return TypedResults.Ok<HabilitationEvent[]>([.. changes.Select(one => new HabilitationEvent(
            one.Change.At, one.Change.What, Base64UrlEncoder.Encode(one.Actor), one.Change.ActorRole, Base64UrlEncoder.Encode(one.Person), one.Change.HabilitationId,
            one.Change.Role, one.Change.EstablishmentFiness, one.Change.From, one.Change.Until))]);
    }
}
