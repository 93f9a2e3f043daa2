using Cdr.Contracts.Rights;
using Cdr.Rights.Fishing;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Features.FollowFishing;

/// <summary>POST /api/fishing/cases/{id}/lift: operations looked into it, and the card asks again. Written in the journal before it holds.</summary>
internal static class LiftFishing
{
    public static RouteHandlerBuilder MapLiftFishing(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/fishing/cases/{id:guid}/lift", HandleAsync)
            .RequireAuthorization(RightsPolicies.LiftFishing)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("LiftFishing")
            .WithSummary("Lève un ralentissement ou une suspension. L'acte est journalisé.");

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Guid id, FishingLift? lift, HttpContext http, IDbContextFactory<RightsDb> contexts, FishingCases cases, FishingGuard guard, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var record = await db.Records.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellationToken);
            if (record is not { Kind: RecordKind.Guarded } || FishingCases.Read(record) is not var (_, _, scope))
                return Problems.Problem(StatusCodes.Status404NotFound, "case-not-found", "Ce signalement n'existe pas.", "Reprenez son identifiant dans la liste.");
            if (lift?.Reason is not { } reason || !FishingLift.Reasons.Contains(reason))
                return Problems.Invalid("reason", "lift-reason-missing", "La raison de la levée est à donner.", $"L'une de : {string.Join(", ", FishingLift.Reasons)}.");
            var subject = FishingCases.SubjectOf(scope, record);
            var at = clock.GetUtcNow();
            await cases.WriteLiftAsync(record, reason, http.User, at);
            guard.Lift(subject, record.Establishment, at);
            return await cases.ShareLiftAsync(guard.KeyOf(subject, record.Establishment), at)
                ? TypedResults.NoContent()
                : Problems.Problem(StatusCodes.Status503ServiceUnavailable, "lift-not-shared", "La suspension n'est pas encore levée partout.", "Recommencez dans quelques instants : les autres processus n'ont pas pu en être avertis.");
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }
}
