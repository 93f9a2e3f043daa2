using Cdr.Contracts.Rights;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Features.ServeJournal;

/// <summary>GET /internal/journals: the facts again, for services that count them. Not forwarded by the portal's door.</summary>
internal static class ServeJournal
{
    private const int Most = 500;

    public static void MapServeJournal(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/internal/journals", HeadsAsync).RequireAuthorization(RightsPolicies.Journal);
        routes.MapGet("/internal/journals/{id:guid}/batches", BatchesAsync).RequireAuthorization(RightsPolicies.Journal);
    }

    internal static async Task<Results<Ok<IReadOnlyList<JournalHead>>, ProblemHttpResult>> HeadsAsync(JournalReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return TypedResults.Ok(await reader.HeadsAsync(cancellationToken));
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }

    internal static async Task<Results<Ok<IReadOnlyList<ConsultationsAnswered>>, ProblemHttpResult>> BatchesAsync(
        Guid id, long after, int take, JournalReader reader, CancellationToken cancellationToken)
    {
        if (take is < 1 or > Most)
            return Problems.Invalid("take", "take-out-of-range", $"De 1 à {Most} lots.");
        try
        {
            return TypedResults.Ok(await reader.BatchesAsync(id, after, take, cancellationToken));
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }
}
