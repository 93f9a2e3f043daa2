using Cdr.Contracts.Rights;
using Cdr.Rights.Batches;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Features.FollowBatches;

/// <summary>GET /api/batches, GET /api/batches/{id}, POST /api/batches/{id}/cancellation. Nothing personal, nothing to journal.</summary>
internal static class FollowBatches
{
    private const int Most = 100;

    public static void MapFollowBatches(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/batches", ListAsync)
            .RequireAuthorization(RightsPolicies.Batch)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("ListBatches")
            .WithSummary("Vos derniers lots, le plus récent d'abord.");
        routes.MapGet("/api/batches/{id:guid}", ReadAsync)
            .RequireAuthorization(RightsPolicies.Batch)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("FollowBatch")
            .WithSummary("Où en est un lot de votre établissement.");
        routes.MapPost("/api/batches/{id:guid}/cancellation", CancelAsync)
            .RequireAuthorization(RightsPolicies.Batch)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("CancelBatch")
            .WithSummary("Annule ce qui n'a pas encore de réponse dans un de vos lots.");
    }

    internal static async Task<Results<Ok<IReadOnlyList<BatchProgress>>, ProblemHttpResult>> ListAsync(
        HttpContext http, IDbContextFactory<RightsDb> contexts, IOptions<BatchOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Caller.From(http.User) is not { } caller)
            return TypedResults.Ok<IReadOnlyList<BatchProgress>>([]);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var establishment = caller.Establishment.Value;
            var files = await db.BatchFiles.AsNoTracking().Where(f => f.Establishment == establishment && f.Subject == caller.Subject).OrderByDescending(f => f.Id).Take(Most).ToListAsync(cancellationToken);
            await BatchProgressReading.SettleAsync(db, files, clock.GetUtcNow(), cancellationToken);
            return TypedResults.Ok(await BatchProgressReading.OfAsync(db, files, options.Value, cancellationToken));
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }

    internal static async Task<Results<Ok<BatchProgress>, ProblemHttpResult>> ReadAsync(
        Guid id, HttpContext http, IDbContextFactory<RightsDb> contexts, IOptions<BatchOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return Caller.From(http.User) is { } caller && await BatchProgressReading.FindAsync(db, id, caller, clock.GetUtcNow(), cancellationToken) is { } file
                ? TypedResults.Ok(await BatchProgressReading.OfAsync(db, file, options.Value, cancellationToken))
                : BatchProgressReading.NotFound();
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }

    internal static async Task<Results<Ok<BatchProgress>, ProblemHttpResult>> CancelAsync(
        Guid id, HttpContext http, IDbContextFactory<RightsDb> contexts, IOptions<BatchOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (Caller.From(http.User) is not { } caller || await BatchProgressReading.FindAsync(db, id, caller, clock.GetUtcNow(), cancellationToken) is not { } file)
                return BatchProgressReading.NotFound();
            if (file.Subject != caller.Subject)
                return Problems.Problem(StatusCodes.Status403Forbidden, "batch-of-a-colleague", "Ce lot est celui d'un collègue.", "Seul celui qui l'a déposé peut l'annuler.");
            await BatchEnd.CancelAsync(db, id, clock.GetUtcNow());
            return TypedResults.Ok(await BatchProgressReading.OfAsync(db, await db.BatchFiles.AsNoTracking().FirstAsync(f => f.Id == id, cancellationToken), options.Value, cancellationToken));
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }
}
