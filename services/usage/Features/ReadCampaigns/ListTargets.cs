using Cdr.Contracts.Usage;
using Cdr.Usage.Campaigns;
using Cdr.Usage.Counting;
using Cdr.Usage.Queries;
using Cdr.Usage.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Features.ReadCampaigns;

/// <summary>The targets of a phase, one by one, and since when each is equipped.</summary>
internal static class ListTargets
{
    public static void MapListTargets(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/usage/campaigns/{id:guid}/targets", HandleAsync).RequireAuthorization(CampaignPolicies.Read).WithName("listCampaignTargets")
            .WithSummary("The targets of a phase, and since when each is equipped.").ProducesProblem(403).ProducesProblem(404).InTurn();

    internal static async Task<Results<Ok<IReadOnlyList<CampaignTarget>>, ProblemHttpResult>> HandleAsync(Guid id, int phase, UsageDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!await db.Phases.AnyAsync(one => one.Campaign == id && one.Number == phase, cancellationToken))
            return CampaignPolicies.Unknown();
        var today = Days.Of(clock.GetUtcNow());
        var states = (await Equipment.OfAsync(db, id, function: null, cancellationToken)).Where(state => state.Target.Phase == phase);
        var sites = await db.Sites.AsNoTracking().Where(site => site.Campaign == id && site.Phase == phase).ToListAsync(cancellationToken);
        var presences = (await db.Sites.Where(site => site.Campaign == id && site.Phase == phase)
            .Join(db.Presences, site => site.Establishment, presence => presence.Establishment, (site, presence) => new { site.Finess, presence.Function, presence.First, presence.Last })
            .ToListAsync(cancellationToken)).ToLookup(one => one.Finess);
        var byTarget = sites.ToLookup(site => site.Finess, site => site.Establishment);
        return TypedResults.Ok<IReadOnlyList<CampaignTarget>>(
        [
            .. states.Select(state => new CampaignTarget(
                state.Target.Finess, state.Target.Name, state.Target.Department, [.. byTarget[state.Target.Finess].Order(StringComparer.Ordinal)], state.Since <= today ? state.Since : null,
                presences[state.Target.Finess].GroupBy(one => one.Function).OrderBy(same => same.Key, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Min(one => one.First)),
                presences[state.Target.Finess].Select(one => (DateOnly?)one.Last).Max())),
        ]);
    }
}
