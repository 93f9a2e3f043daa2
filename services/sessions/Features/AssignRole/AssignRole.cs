using Cdr.Contracts.Sessions;
using Cdr.Domain;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Stores;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.AssignRole;

/// <summary>An administrator of the platform gives somebody a role, between two days. They need not have signed in before.</summary>
internal static class AssignRole
{
    public static RouteHandlerBuilder MapAssignRole(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/roles", HandleAsync).RequireAuthorization(SessionsModule.PlatformAdministrator)
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).WithSummary("Assigns a role, or changes its days.");

    internal static Task<Results<Ok<RoleState>, ProblemHttpResult>> HandleAsync(
        RoleAssignment request, HttpContext http, SessionsDb db, PersonRegister register, TimeProvider clock, CancellationToken cancellationToken) =>
        AssignAsync(request, Administrator.Of(http.User), db, register, clock, cancellationToken);

    /// <param name="request">What is given, to whom, where.</param>
    /// <param name="administrator">Who gives it: stands in the record of administration.</param>
    /// <param name="db">Written at once.</param>
    /// <param name="register">Knows people.</param>
    /// <param name="clock">Of the days.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    internal static async Task<Results<Ok<RoleState>, ProblemHttpResult>> AssignAsync(
        RoleAssignment request, Administrator administrator, SessionsDb db, PersonRegister register, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!RoleTexts.IsNumber(request.Number))
            return RoleTexts.NumberInvalid();
        var (where, problem) = await PlaceAsync(db, request, cancellationToken);
        if (problem is not null)
            return problem;
        var today = EstablishmentDay.Of(where.Establishment?.Department, clock.GetUtcNow());
        var from = request.From ?? today;
        if (from < today)
            return Problems.Invalid("from", "from-in-the-past", "Un rôle ne commence pas dans le passé.");
        if (request.Until < from)
            return Problems.Invalid("until", "until-before-from", "Le dernier jour est avant le premier.");

        for (var again = false; ; again = true)
        {
            var person = await register.FindAsync(db, request.Number, cancellationToken) ?? register.Add(db, request.Number);
            if (person.Reference.AsSpan().SequenceEqual(administrator.Reference))
                return RoleTexts.OneselfRefused();
            var key = Habilitation.KeyOf(request.Role, where.Establishment?.Finess, where.Unit?.Code, where.Group, where.Regime, where.Organism);
            var known = await db.Habilitations.FirstOrDefaultAsync(one => one.PersonId == person.Id && one.Key == key, cancellationToken);
            var habilitation = known ?? db.Habilitations.Add(new Habilitation
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()),
                PersonId = person.Id,
                Person = person,
                Key = key,
                Role = request.Role,
                EstablishmentFiness = where.Establishment?.Finess,
                Establishment = where.Establishment,
                Unit = where.Unit?.Code,
                Function = where.Unit?.Function,
                GroupId = where.Group,
                Regime = where.Regime,
                Organism = where.Organism,
                Origin = HabilitationOrigins.Grant,
                From = from,
            }).Entity;
            // Somebody who acts today goes on doing so, whatever first day is asked for.
            habilitation.From = known is { } before && before.From <= today && !(before.Until < today) ? before.From : from;
            habilitation.Until = request.Until;
            administrator.Record(
                db, clock, known is null ? AdministrationActs.RoleAssigned : AdministrationActs.RoleChanged, habilitation.Id.ToString(), RoleTexts.DetailOf(habilitation), habilitation.EstablishmentFiness, person.Reference);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException e) when (!again && !StoreOutage.Is(e))
            {
                // Given, or met for the first time, by somebody else at the same moment: read now.
                db.ChangeTracker.Clear();
                if (where.Establishment is { } establishment)
                    db.Attach(establishment);
                continue;
            }

            await db.Entry(habilitation).Reference(one => one.Person).LoadAsync(cancellationToken);
            await db.Entry(habilitation).Reference(one => one.Establishment).LoadAsync(cancellationToken);
            return TypedResults.Ok(RoleTexts.StateOf(register, habilitation));
        }
    }

    /// <summary>Each role has its place, and no other.</summary>
    private static async Task<(Place Where, ProblemHttpResult? Problem)> PlaceAsync(SessionsDb db, RoleAssignment request, CancellationToken cancellationToken)
    {
        var nowhere = new Place(null, null, null, null);
        if (request.Organism is not null && request.Role != CdrRoles.RegimeAgent)
            return (nowhere, OtherPlace());
        switch (request.Role)
        {
            case CdrRoles.Clerk or CdrRoles.Referent or CdrRoles.FunctionalCorrespondent:
                if (request is { Group: not null } or { Regime: not null })
                    return (nowhere, OtherPlace());
                var establishment = await db.Establishments.Include(one => one.Units).FirstOrDefaultAsync(one => one.Finess == request.Establishment, cancellationToken);
                if (establishment is null)
                    return (nowhere, Problems.Invalid("establishment", "establishment-unknown", "Ce rôle s'exerce dans un établissement connu de la plateforme."));
                if (!EligibleCategories.Contains(establishment.Category))
                    return (nowhere, Problems.Invalid("establishment", "establishment-not-eligible", Refusal.EstablishmentNotEligible.Title, Refusal.EstablishmentNotEligible.Next));
                var unit = establishment.Units.FirstOrDefault(one => one.Code == request.Unit);
                return request.Unit is not null && unit is null
                    ? (nowhere, Problems.Invalid("unit", "unit-unknown", "Cette unité n'est pas connue dans l'établissement."))
                    : (new Place(establishment, unit, null, null), null);
            case CdrRoles.GroupManager:
                if (request is { Establishment: not null } or { Unit: not null } or { Regime: not null })
                    return (nowhere, OtherPlace());
                return await db.Groups.AnyAsync(group => group.Id == request.Group, cancellationToken)
                    ? (new Place(null, null, request.Group, null), null)
                    : (nowhere, Problems.Invalid("group", "group-unknown", "Ce rôle s'exerce pour un groupe connu de la plateforme."));
            case CdrRoles.RegimeAgent:
                if (request is { Establishment: not null } or { Unit: not null } or { Group: not null })
                    return (nowhere, OtherPlace());
                if (!RegimeId.Parse(request.Regime).TryGet(out var regime, out _))
                    return (nowhere, Problems.Invalid("regime", "regime-invalid", "Ce rôle s'exerce pour un régime."));
                // Without one they are the regime's own staff.
                return request.Organism is { } organism && !Habilitation.IsOrganism(organism)
                    ? (nowhere, Problems.Invalid("organism", "organism-invalid", "Une caisse a cinq chiffres\u00a0: régime (2) et caisse (3).", "Donnez-les comme la table des organismes destinataires ; n'en donnez pas pour le personnel du régime lui-même, qui voit toutes ses caisses."))
                    : (new Place(null, null, null, regime.Value, request.Organism), null);
            case CdrRoles.Hotline or CdrRoles.Operations or CdrRoles.DataProtection or CdrRoles.Administrator:
                return request is { Establishment: null, Unit: null, Group: null, Regime: null } ? (nowhere, null) : (nowhere, OtherPlace());
            default:
                return (nowhere, Problems.Invalid("role", "role-unknown", "Ce rôle n'existe pas."));
        }
    }

    private static ProblemHttpResult OtherPlace() =>
        Problems.Invalid("role", "role-elsewhere", "Ce rôle ne s'exerce pas là.", "Un établissement pour les agents, référents et correspondants ; un groupe pour son responsable ; un régime, et au besoin une de ses caisses, pour ses agents ; rien pour les autres.");

    private sealed record Place(Establishment? Establishment, Unit? Unit, string? Group, string? Regime, string? Organism = null);
}
