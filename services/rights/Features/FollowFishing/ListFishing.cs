using Cdr.Contracts.Rights;
using Cdr.Rights.Fishing;
using Cdr.Rights.Journal;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Features.FollowFishing;

/// <summary>GET /api/fishing/cases: who was slowed or stopped, where, when, by which sign, and what became of it, a page at a time. For operations and data protection.</summary>
internal static class ListFishing
{
    private const int Most = 200;
    private static readonly TimeSpan Reach = TimeSpan.FromDays(31);

    public static RouteHandlerBuilder MapListFishing(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/fishing/cases", HandleAsync)
            .RequireAuthorization(RightsPolicies.Fishing)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("ListFishing")
            .WithSummary("Cartes et établissements ralentis ou suspendus pour des signes de relevé systématique, ou dont les lots s'en approchent, des 31 derniers jours.")
            .WithDescription("Les plus récents d'abord, par pages. « earlier » est là quand il y en a d'autres : ils se demandent avec « before », sa valeur.");

    internal static async Task<Results<Ok<FishingCasePage>, ProblemHttpResult>> HandleAsync(
        HttpContext http, IDbContextFactory<RightsDb> contexts, TimeProvider clock, CancellationToken cancellationToken, Guid? before = null)
    {
        http.Response.Headers.CacheControl = "no-store";
        var now = clock.GetUtcNow();
        var first = UuidV7.Lowest(now - Reach);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            // « Answered » names the index's filter: it is used for nothing else.
            var all = db.Records.AsNoTracking().Where(r => r.Consultation == FishingCases.All && r.Kind != RecordKind.Answered && r.Id.CompareTo(first) >= 0);
            var records = await (before is { } end ? all.Where(r => r.Id.CompareTo(end) < 0) : all)
                .Where(r => r.Kind == RecordKind.Guarded)
                .OrderByDescending(r => r.Id)
                .Take(Most + 1)
                .ToListAsync(cancellationToken);
            // A case that is lifted was there before; by hand, so that they are few.
            var oldest = records.Count == 0 ? first : records[^1].Id;
            var lifts = records.Count == 0 ? [] : await all.Where(r => r.Kind == RecordKind.Lifted && r.Id.CompareTo(oldest) >= 0).OrderByDescending(r => r.Id).ToListAsync(cancellationToken);
            var lifted = lifts.DistinctBy(r => FishingCases.ReadLift(r).Case).ToDictionary(r => FishingCases.ReadLift(r).Case, StringComparer.Ordinal);
            var shown = records.Take(Most).ToList();
            return TypedResults.Ok(new FishingCasePage([.. shown.Select(Case).OfType<FishingCase>()], records.Count > Most ? shown[^1].Id : null));

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
