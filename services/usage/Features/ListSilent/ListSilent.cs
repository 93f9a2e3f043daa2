using System.ComponentModel;
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

namespace Cdr.Usage.Features.ListSilent;

/// <summary>Establishments that asked once, or were equipped by a campaign's file, and do not ask any more: the caller's own, or all.</summary>
internal static class ListSilent
{
    private const int DefaultDays = 30;
    private const int Most = 5000;

    public static void MapListSilent(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/usage/silent", HandleAsync).RequireAuthorization(CampaignPolicies.Follow).WithName("listSilentEstablishments")
            .WithSummary("Establishments that asked once, or were equipped as a campaign's file says, and have not asked for so many days: the longest silent first, those that never asked last.").ProducesProblem(400).ProducesProblem(403).InTurn();

    internal static async Task<Results<Ok<IReadOnlyList<SilentEstablishment>>, ProblemHttpResult>> HandleAsync(
        [Description("Days without a consultation, 1 to 3,650. Default 30.")] int? days,
        [Description("reception, emergencies, invoicing: silent in that function. Default: in all.")] string? function,
        ClaimsPrincipal user, UsageDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (days is < 1 or > 3650)
            return Problems.Invalid("days", "days-out-of-range", "De 1 à 3650 jours.");
        if (Viewer.Of(user) is not { } viewer)
            return Viewer.NoScope();
        var today = Days.Of(clock.GetUtcNow());
        var before = today.AddDays(-(days ?? DefaultDays));
        var presences = db.Presences.AsNoTracking();
        if (viewer.Dimension == Dimensions.Establishment)
            presences = presences.Where(presence => presence.Establishment == viewer.Value);
        if (!string.IsNullOrEmpty(function))
            presences = presences.Where(presence => presence.Function == function);
        // A group is the one of the last answer, of whichever function.
        var rows = await presences.ToListAsync(cancellationToken);
        var silent = rows.GroupBy(presence => presence.Establishment)
            .Select(same => (Last: same.MaxBy(presence => presence.Last)!, First: same.Min(presence => presence.First)))
            .Where(one => one.Last.Last <= before && (viewer.Dimension != Dimensions.Group || one.Last.Group == viewer.Value))
            .Select(one => new SilentEstablishment(one.Last.Establishment, one.Last.Department, one.Last.Group, one.First, one.Last.Last, today.DayNumber - one.Last.Last.DayNumber));
        // A file says for no function who is equipped; of which group an establishment is nobody knows before its first answer.
        if (string.IsNullOrEmpty(function) && viewer.Dimension != Dimensions.Group)
            silent = silent.Concat(await NeverCountedAsync(db, viewer, before, today, cancellationToken));
        // Those that fell silent come first: a file of years ago names more than are read.
        return TypedResults.Ok<IReadOnlyList<SilentEstablishment>>([.. silent.OrderBy(one => one.LastDay is null).ThenByDescending(one => one.Days).ThenBy(one => one.Establishment, StringComparer.Ordinal).Take(Most)]);
    }

    /// <summary>Sites of targets that a campaign's file says were equipped, of which no answer is counted: silent since then at the least.</summary>
    private static async Task<IEnumerable<SilentEstablishment>> NeverCountedAsync(UsageDb db, Viewer viewer, DateOnly before, DateOnly today, CancellationToken cancellationToken)
    {
        var sites = await db.Sites.Where(site => viewer.SeesAll || site.Establishment == viewer.Value)
            .Where(site => !db.Presences.Any(presence => presence.Establishment == site.Establishment))
            .Join(
                db.Targets.Where(target => target.EquippedOn <= before), site => new { site.Campaign, site.Phase, site.Finess }, target => new { target.Campaign, target.Phase, target.Finess },
                (site, target) => new { site.Establishment, target.Department, target.EquippedOn })
            .ToListAsync(cancellationToken);
        return sites.GroupBy(site => site.Establishment).Select(same => same.MinBy(site => site.EquippedOn)!)
            .Select(site => new SilentEstablishment(site.Establishment, site.Department, "", null, null, today.DayNumber - site.EquippedOn!.Value.DayNumber));
    }
}
