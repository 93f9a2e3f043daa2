using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Journal;
using Cdr.Rights.Regimes;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Features.ExportKeptAnswers;

/// <summary>GET /api/regimes/{id}/kept-answers: what was answered in a regime's name without asking it. Plain columns only: nothing personal.</summary>
internal static class ExportKeptAnswers
{
    private const int Page = 1000;

    // A regime seldom asked of has few records among many: what one call may scan is bounded by time.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static RouteHandlerBuilder MapExportKeptAnswers(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/regimes/{id}/kept-answers", HandleAsync)
            .RequireAuthorization(RightsPolicies.OwnRegime)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("ExportKeptAnswers")
            .WithSummary("Les consultations servies depuis les réponses conservées d'un régime.");

    internal static async Task<Results<Ok<KeptAnswers>, ProblemHttpResult>> HandleAsync(
        string id, DateTimeOffset from, DateTimeOffset until, RegimeRegistry registry, IDbContextFactory<RightsDb> contexts, CancellationToken cancellationToken, Guid? after = null)
    {
        if (!RegimeId.Parse(id).TryGet(out var name, out _) || registry.Find(name) is not { } regime)
            return Problems.Problem(StatusCodes.Status404NotFound, "regime-unknown", "Ce régime n'existe pas.");
        if (!IsOfThisService(from) || !IsOfThisService(until))
            return Problems.Invalid(IsOfThisService(from) ? "until" : "from", "period-out-of-range", "L'instant est entre les années 2000 et 2200.");
        if (until <= from || until - from > Longest)
            return Problems.Invalid("until", "period-out-of-range", "La période va d'un instant à un autre, de 24 heures au plus.");
        // An id holds the instant at which it was chosen, up to a day beside that of the answer.
        var (first, last) = (UuidV7.Lowest(from - TimeSpan.FromDays(1)), UuidV7.Lowest(until + TimeSpan.FromDays(1)));
        if (after is { } seen && seen.CompareTo(first) > 0)
            first = seen;
        var (at, end, part) = (from.ToUniversalTime(), until.ToUniversalTime(), regime.Id.Value + ":");
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var records = await db.Records.AsNoTracking()
                .Where(r => r.Id.CompareTo(first) > 0 && r.Id.CompareTo(last) < 0 && r.Kind == RecordKind.Answered && r.At >= at && r.At < end && r.Regimes.Contains(part))
                .OrderBy(r => r.Id)
                .Take(Page)
                .Select(r => new { r.Id, r.At, r.Establishment, r.Department, r.Reason, r.CareDate, r.Regimes })
                .ToListAsync(cancellationToken);
            IReadOnlyList<KeptAnswer> answers =
            [
                .. from record in records
                   from fact in JournalFacts.Read(record.Regimes)
                   where fact.Regime == regime.Id.Value && fact.Milliseconds == 0 && fact.Outcome is not (RegimeOutcome.Unavailable or RegimeOutcome.NotAsked)
                   select new KeptAnswer(record.Id, record.At, record.Establishment, record.Department, record.Reason, record.CareDate, fact.Outcome),
            ];
            return TypedResults.Ok(new KeptAnswers(answers, records.Count == Page ? records[^1].Id : null));
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }

    // An id does not hold instants before 1970, nor an instant a day after its last.
    private static bool IsOfThisService(DateTimeOffset instant) => instant.UtcDateTime.Year is >= 2000 and < 2200;
}
