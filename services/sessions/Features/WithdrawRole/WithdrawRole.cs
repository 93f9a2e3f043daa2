using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.WithdrawRole;

/// <summary>A role ends on a day to come, or now, and with it the sessions that it opened.</summary>
internal static class WithdrawRole
{
    public static RouteHandlerBuilder MapWithdrawRole(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/roles/{id:guid}/withdrawal", HandleAsync).RequireAuthorization(SessionsModule.PlatformAdministrator)
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).WithSummary("Withdraws a role, at once or after a last day.");

    internal static Task<Results<Ok<RoleState>, ProblemHttpResult>> HandleAsync(
        Guid id, RoleWithdrawal request, HttpContext http, SessionsDb db, SessionCopies copies, PersonRegister register, TimeProvider clock, CancellationToken cancellationToken) =>
        WithdrawAsync(id, request, Administrator.Of(http.User), db, copies.EndAsync, register, clock, cancellationToken);

    /// <param name="id">Of the role.</param>
    /// <param name="request">Its last day.</param>
    /// <param name="administrator">Who takes it: stands in the record of administration.</param>
    /// <param name="db">Written at once.</param>
    /// <param name="endAsync">Ends a session, and says why.</param>
    /// <param name="register">Knows people.</param>
    /// <param name="clock">Of the days.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    internal static async Task<Results<Ok<RoleState>, ProblemHttpResult>> WithdrawAsync(
        Guid id, RoleWithdrawal request, Administrator administrator, SessionsDb db, Func<SessionsDb, Guid, string, CancellationToken, Task> endAsync, PersonRegister register, TimeProvider clock, CancellationToken cancellationToken)
    {
        var habilitation = await db.Habilitations.Include(one => one.Person).Include(one => one.Establishment).FirstOrDefaultAsync(one => one.Id == id, cancellationToken);
        if (habilitation is null)
            return Problems.Problem(StatusCodes.Status404NotFound, "role-not-assigned", "Ce rôle n'a pas été accordé.");
        // Also so that the last administrator does not lock the door behind them.
        if (habilitation.Person!.Reference.AsSpan().SequenceEqual(administrator.Reference))
            return RoleTexts.OneselfRefused();
        var today = EstablishmentDay.Of(habilitation.Establishment?.Department, clock.GetUtcNow());
        if (request.LastDay < today)
            return Problems.Invalid("lastDay", "last-day-in-the-past", "Le dernier jour est dans le passé.", "N'en donnez pas pour retirer le rôle tout de suite.");
        habilitation.Until = request.LastDay ?? today.AddDays(-1);
        administrator.Record(db, clock, AdministrationActs.RoleWithdrawn, id.ToString(), RoleTexts.DetailOf(habilitation), habilitation.EstablishmentFiness, habilitation.Person.Reference);
        await db.SaveChangesAsync(cancellationToken);
        if (request.LastDay is null)
        {
            foreach (var session in await db.Sessions.Where(one => one.HabilitationId == id && one.EndedAt == null).Select(one => one.Id).ToListAsync(cancellationToken))
                await endAsync(db, session, SessionEnds.Revoked, cancellationToken);
        }

        return TypedResults.Ok(RoleTexts.StateOf(register, habilitation));
    }
}
