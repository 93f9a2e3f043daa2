using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.FindRoles;

/// <summary>Who has which role: of one person, of one establishment, or everything beyond clerk.</summary>
internal static class FindRoles
{
    public const int Most = 500;

    public static RouteHandlerBuilder MapFindRoles(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/roles/search", HandleAsync).RequireAuthorization(SessionsModule.PlatformAdministrator)
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).WithSummary("Whoever has, had or will have these roles.");

    internal static async Task<Results<Ok<IReadOnlyList<RoleState>>, ProblemHttpResult>> HandleAsync(RoleSearch search, SessionsDb db, PersonRegister register, CancellationToken cancellationToken)
    {
        var roles = db.Habilitations.AsNoTracking().Include(one => one.Person).Include(one => one.Establishment).AsQueryable();
        if (search.Number is not null)
        {
            if (!RoleTexts.IsNumber(search.Number))
                return RoleTexts.NumberInvalid();
            if (await register.FindAsync(db, search.Number, cancellationToken) is not { Id: var person })
                return TypedResults.Ok<IReadOnlyList<RoleState>>([]);
            roles = roles.Where(one => one.PersonId == person);
        }

        if (search.Role is not null && !CdrRoles.All.Contains(search.Role))
            return Problems.Invalid("role", "role-unknown", "Ce rôle n'existe pas.");
        if (search.Role is not null)
            roles = roles.Where(one => one.Role == search.Role);
        if (search.Establishment is not null)
            roles = roles.Where(one => one.EstablishmentFiness == search.Establishment);
        if (search is { Number: null, Role: null, Establishment: null })
            roles = roles.Where(one => one.Role != CdrRoles.Clerk);
        var found = await roles.OrderBy(one => one.Role).ThenBy(one => one.EstablishmentFiness).ThenBy(one => one.Id).Take(Most).ToListAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<RoleState>>([.. found.Select(one => RoleTexts.StateOf(register, one))]);
    }
}
