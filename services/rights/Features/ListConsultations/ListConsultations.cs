using System.Linq.Expressions;
using Cdr.Contracts.Rights;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Features.ListConsultations;

/// <summary>GET /api/consultations: the caller's own, newest first. Plain columns only: nothing personal, nothing to journal.</summary>
internal static class ListConsultations
{
    private const int Most = 200;

    // Older ones are read by id: this bound keeps the look-up to the last partitions, whatever the length of the journal.
    private static readonly TimeSpan Reach = TimeSpan.FromDays(31);

    public static RouteHandlerBuilder MapListConsultations(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/consultations", HandleAsync)
            .RequireAuthorization(RightsPolicies.Read)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("ListConsultations")
            .WithSummary("Vos dernières consultations, des 31 derniers jours ; avec « workflowId », toutes celles d'une venue dans votre établissement.");

    internal static async Task<Results<Ok<IReadOnlyList<ConsultationSummary>>, ProblemHttpResult>> HandleAsync(
        HttpContext http, IDbContextFactory<RightsDb> contexts, [FromKeyedServices(RightsModule.Name)] Pseudonyms pseudonyms, TimeProvider clock, CancellationToken cancellationToken, int last = 20, string? workflowId = null)
    {
        if (last is < 1 or > Most)
            return Problems.Invalid("last", "last-out-of-range", $"Le nombre de consultations va de 1 à {Most}.");
        if (!WorkflowReading.TryRead(workflowId, out var problem))
            return problem!;
        if (Caller.From(http.User) is not { } caller)
            return TypedResults.Ok<IReadOnlyList<ConsultationSummary>>([]);
        var firstId = UuidV7.Lowest(clock.GetUtcNow() - Reach);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var records = await (workflowId is null
                    ? db.Records.Where(r => r.Subject == caller.Subject && r.Id.CompareTo(firstId) >= 0)
                    : db.Records.Where(Of(await FiledAsync(db, [.. WorkflowReading.AllOf(pseudonyms, caller.Establishment, workflowId)], cancellationToken))))
                .AsNoTracking()
                .Where(r => r.Kind == RecordKind.Answered && r.Establishment == caller.Establishment.Value)
                .OrderByDescending(r => r.Id)
                .Take(last)
                .Select(r => new { r.Id, r.At, r.CareDate, r.Reason, r.Outcome, r.Regime, r.Source, r.Milliseconds })
                .ToListAsync(cancellationToken);
            IReadOnlyList<ConsultationSummary> summaries =
            [
                .. records.Select(r => new ConsultationSummary(
                    r.Id, r.At, r.CareDate, r.Reason, (ConsultationOutcome)r.Outcome!.Value, r.Regime.Length == 0 ? null : r.Regime, (Freshness)r.Source!.Value, r.Milliseconds)),
            ];
            return TypedResults.Ok(summaries);
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }

        static Expression<Func<JournalRecord, bool>> Of(List<Guid> ids) => r => ids.Contains(r.Id);
    }

    /// <summary>Ids of the consultations that were asked under an admission. Of each key, since a stay may be longer than a key's life.</summary>
    private static async Task<List<Guid>> FiledAsync(RightsDb db, byte[][] workflows, CancellationToken cancellationToken)
    {
        List<Guid> ids = [];
        foreach (var workflow in workflows)
            ids.AddRange(await db.Records.Where(r => r.Pseudonym == workflow && r.Kind == RecordKind.Filed).OrderByDescending(r => r.Id).Select(r => r.Consultation).Take(Most).ToListAsync(cancellationToken));
        return ids;
    }
}
