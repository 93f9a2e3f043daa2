using Cdr.Contracts.Rights;
using Cdr.Rights.Features.FollowBatches;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Features.UseConsultation;

/// <summary>POST /api/batches/{id}/uses: every answer of a file became the proof of an invoice. As often as it is said, it is noted once a day.</summary>
internal static class UseBatch
{
    private const int AtOnce = 16;

    public static RouteHandlerBuilder MapUseBatch(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/batches/{id:guid}/uses", HandleAsync)
            .RequireAuthorization(RightsPolicies.Batch)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("UseBatch")
            .WithSummary("Note que toutes les réponses d'un lot servent de preuve : elles sont conservées plus longtemps. Répétable.");

    internal static async Task<Results<Ok<BatchUses>, ProblemHttpResult>> HandleAsync(
        Guid id, ConsultationUse request, HttpContext http, IDbContextFactory<RightsDb> contexts, ConsultationUses uses, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (UseConsultation.Refusal(request) is { } unknown)
            return unknown;
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (Caller.From(http.User) is not { } caller || await BatchProgressReading.FindAsync(db, id, caller, clock.GetUtcNow(), cancellationToken) is null)
                return BatchProgressReading.NotFound();
            var answered = await db.BatchLines.Where(l => l.Batch == id && l.State == BatchLineState.Answered).Select(l => l.Consultation).ToListAsync(cancellationToken);
            var noted = 0;
            await Parallel.ForEachAsync(answered, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (consultation, stop) =>
            {
                if (await uses.NoteAsync(consultation, request.Use!, caller, stop) is null)
                    Interlocked.Increment(ref noted);
            });
            return TypedResults.Ok(new BatchUses(noted, answered.Count - noted));
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            // What is noted stays so; said again, the rest is.
            return JournalOutage.Problem();
        }
    }
}
