using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Stores;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.GrantHabilitation;

/// <summary>A referent lets a person act for their establishment, between two days. The person need not have signed in before: a card of that number will.</summary>
internal static class GrantHabilitation
{
    // Referents and everything beyond one establishment are for administrators to give.
    private static readonly string[] Given = [CdrRoles.Clerk, CdrRoles.FunctionalCorrespondent];

    public static RouteHandlerBuilder MapGrantHabilitation(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/habilitations", HandleAsync).RequireAuthorization(SessionsModule.Referent)
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).WithSummary("Grants a habilitation for the referent's establishment, or changes its days.");

    internal static async Task<Results<Ok<HabilitationState>, ProblemHttpResult>> HandleAsync(
        GrantRequest request, ClaimsPrincipal user, SessionsDb db, PersonRegister register, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!IsNumber(request.Number))
            return Problems.Invalid("number", "number-invalid", "L'identifiant national n'est pas valable.", "Préfixe puis numéro, comme sur la carte : 8 et le RPPS, ou 3, le FINESS, « / » et le numéro de l'employé.");
        if (request.Role is null || !CdrRoles.All.Contains(request.Role))
            return Problems.Invalid("role", "role-unknown", "Ce rôle n'existe pas.");
        if (!Given.Contains(request.Role))
            return Problems.Problem(StatusCodes.Status403Forbidden, "role-not-yours-to-give", "Un référent n'accorde pas ce rôle.", "Demandez à l'administrateur de la plateforme.");
        var finess = user.FindFirstValue(CdrClaims.Finess);
        if (await db.Establishments.Include(one => one.Units).FirstOrDefaultAsync(one => one.Finess == finess, cancellationToken) is not { } establishment)
            return Problems.Problem(StatusCodes.Status403Forbidden, "scope-missing", "Votre session n'est rattachée à aucun établissement.", "Choisissez une activité à la connexion.");
        var unit = establishment.Units.FirstOrDefault(one => one.Code == request.Unit);
        if (request.Unit is not null && unit is null)
            return Problems.Invalid("unit", "unit-unknown", "Ce service n'est pas de votre établissement.");
        var today = EstablishmentDay.Of(establishment.Department, clock.GetUtcNow());
        var from = request.From ?? today;
        if (from < today)
            return Problems.Invalid("from", "from-in-the-past", "Une habilitation ne commence pas dans le passé.");
        if (request.Until < from)
            return Problems.Invalid("until", "until-before-from", "Le dernier jour est avant le premier.");

        for (var again = false; ; again = true)
        {
            var person = await register.FindAsync(db, request.Number, cancellationToken) ?? register.Add(db, request.Number);
            var key = Habilitation.KeyOf(request.Role, establishment.Finess, unit?.Code, null, null);
            var known = await db.Habilitations.FirstOrDefaultAsync(one => one.PersonId == person.Id && one.Key == key, cancellationToken);
            var habilitation = known ?? db.Habilitations.Add(new Habilitation
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()),
                PersonId = person.Id,
                Person = person,
                Key = key,
                Role = request.Role,
                EstablishmentFiness = establishment.Finess,
                Unit = unit?.Code,
                Function = unit?.Function,
                Origin = HabilitationOrigins.Grant,
                From = from,
            }).Entity;
            // Somebody who acts today goes on doing so, whatever first day is asked for.
            habilitation.From = known is { } before && before.From <= today && !(before.Until < today) ? before.From : from;
            habilitation.Until = request.Until;
            Administrator.Of(user).Record(
                db, clock, known is null ? AdministrationActs.RoleAssigned : AdministrationActs.RoleChanged, habilitation.Id.ToString(), RoleTexts.DetailOf(habilitation), establishment.Finess, person.Reference);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException e) when (!again && !StoreOutage.Is(e))
            {
                // Granted, or signed in for the first time, by somebody else at the same moment: read now.
                db.ChangeTracker.Clear();
                continue;
            }

            await db.Entry(habilitation).Reference(one => one.Person).LoadAsync(cancellationToken);
            return TypedResults.Ok(RoleTexts.HabilitationOf(register, habilitation));
        }
    }

    private static bool IsNumber(string? number) =>
        number is { Length: >= 6 and <= 64 } && number[0] is '0' or '1' or '3' or '4' or '5' or '6' or '8' && number.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-');
}
