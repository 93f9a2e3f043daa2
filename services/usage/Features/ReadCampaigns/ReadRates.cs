using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using Cdr.Contracts.Usage;
using Cdr.ServiceDefaults;
using Cdr.Usage.Campaigns;
using Cdr.Usage.Counting;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Features.ReadCampaigns;

/// <summary>How far a campaign is: targets and equipped of each phase, by département and region.</summary>
internal static class ReadRates
{
    public static void MapReadRates(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/usage/campaigns/{id:guid}/rates", HandleAsync).RequireAuthorization(CampaignPolicies.Follow).WithName("readCampaignRates")
            .WithSummary("Targets and equipped of each phase, by département and region, on a day or at the end of a month.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).InTurn();

    internal static async Task<Results<Ok<CampaignRates>, ProblemHttpResult>> HandleAsync(
        Guid id,
        [Description("Day, yyyy-MM-dd. Default: today; of who does not see all, the last end of a month.")] string? on,
        [Description("Month, yyyy-MM: its end instead of a day, as frozen then where it is.")] string? month,
        [Description("reception, emergencies, invoicing: equipped for that function. Default: for any.")] string? function,
        ClaimsPrincipal user, UsageDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var known = CampaignPolicies.KnownTo(user, Days.Of(clock.GetUtcNow()));
        if (!string.IsNullOrEmpty(on) && Viewer.Of(user) is not { SeesAll: true })
            return Problems.Problem(StatusCodes.Status403Forbidden, "day-not-yours", "Votre rôle lit les fins de mois.", "Donnez un mois (month=AAAA-MM).");
        if (!AskedDays.TryRead(on, known, out var day))
            return AskedDays.NotADay("on");
        int? asked = null;
        if (!string.IsNullOrEmpty(month))
        {
            if (!DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first))
                return Problems.Invalid("month", "month-unreadable", "Le mois n'est pas lisible.", "Écrivez-le AAAA-MM, par exemple 2026-03.");
            asked = Periods.Of(Grain.Month, first);
            day = first.AddMonths(1).AddDays(-1) is var last && last < known ? last : known;
        }

        var phases = await db.Phases.AsNoTracking().Where(phase => phase.Campaign == id).OrderBy(phase => phase.Number).ToListAsync(cancellationToken);
        if (phases.Count == 0)
            return CampaignPolicies.Unknown();
        var isEmpty = string.IsNullOrEmpty(function);
        // What was frozen knew of no function.
        var rows = asked is { } number && isEmpty
            ? await db.Snapshots.AsNoTracking().Where(snapshot => snapshot.Campaign == id && snapshot.Month == number).ToListAsync(cancellationToken) : [];
        var missing = phases.Select(phase => phase.Number).Except(rows.Select(row => row.Phase)).ToHashSet();
        List<SnapshotRow> calculated = missing.Count == 0 ? []
            : [.. Equipment.Count(await Equipment.OfAsync(db, id, isEmpty ? null : function, cancellationToken), day).Where(row => missing.Contains(row.Phase))];
        // Phases that were imported later are calculated: what is shown of all is not what was told then.
        var frozen = rows.Count > 0 && calculated.Count == 0;
        rows.AddRange(calculated);
        var byPhase = rows.ToLookup(row => row.Phase);
        var withoutSites = await Equipment.WithoutSitesAsync(db, id, cancellationToken);
        return TypedResults.Ok(new CampaignRates(id, day, frozen, [.. phases.Select(phase => Equipment.Rates(phase, [.. byPhase[phase.Number]], withoutSites.GetValueOrDefault(phase.Number)))]));
    }
}
