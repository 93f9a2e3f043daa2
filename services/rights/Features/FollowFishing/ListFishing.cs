using Cdr.Contracts.Rights;
using Cdr.Rights.Fishing;
using Cdr.Rights.Journal;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Features.FollowFishing;

/// <summary>GET /api/fishing/cases: who was slowed or stopped, where, when, by which sign, and what became of it. For operations and data protection.</summary>
internal static class ListFishing
{
    private const int Most = 500;
    private static readonly TimeSpan Reach = TimeSpan.FromDays(31);

    public static RouteHandlerBuilder MapListFishing(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/fishing/cases", HandleAsync)
            .RequireAuthorization(RightsPolicies.Fishing)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("ListFishing")
            .WithSummary("Cartes et établissements ralentis ou suspendus pour des signes de relevé systématique, ou dont les lots s'en approchent, des 31 derniers jours.");

    internal static async Task<Results<Ok<IReadOnlyList<FishingCase>>, ProblemHttpResult>> HandleAsync(
        HttpContext http, IDbContextFactory<RightsDb> contexts, TimeProvider clock, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        var now = clock.GetUtcNow();
        var first = UuidV7.Lowest(now - Reach);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            // « Answered » names the index's filter: it is used for nothing else.
            var records = await db.Records.AsNoTracking()
                .Where(r => r.Consultation == FishingCases.All && r.Kind != RecordKind.Answered && r.Id.CompareTo(first) >= 0)
                .OrderByDescending(r => r.Id)
                .Take(2 * Most)
                .ToListAsync(cancellationToken);
            var lifted = records.Where(r => r.Kind == RecordKind.Lifted).DistinctBy(r => FishingCases.ReadLift(r).Case).ToDictionary(r => FishingCases.ReadLift(r).Case, StringComparer.Ordinal);
            return TypedResults.Ok<IReadOnlyList<FishingCase>>([.. records.Where(r => r.Kind == RecordKind.Guarded).Take(Most).Select(Case).OfType<FishingCase>()]);

            FishingCase? Case(JournalRecord r)
            {
                if (FishingCases.Read(r) is not var (level, until, scope))
                    return null;
                var lift = lifted.GetValueOrDefault(r.Id.ToString());
                return new FishingCase(
                    r.Id, r.At, scope, r.Subject, r.Role, r.Establishment, r.Department, r.Unit, r.Function, r.Reason, level, until,
                    lift is not null ? "lifted" : until > now ? "open" : "ended", lift?.At, lift?.Subject, lift is null ? null : FishingCases.ReadLift(lift).Reason);
            }
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }
}
