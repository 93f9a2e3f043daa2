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

/// <summary>Establishments that asked once and do not any more: the caller's own, or all.</summary>
internal static class ListSilent
{
    private const int DefaultDays = 30;
    private const int Most = 5000;

    public static void MapListSilent(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/usage/silent", HandleAsync).RequireAuthorization(CampaignPolicies.Follow).WithName("listSilentEstablishments")
            .WithSummary("Establishments that asked once and have not for so many days, the longest silent first.").ProducesProblem(400).ProducesProblem(403).InTurn();

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
        return TypedResults.Ok<IReadOnlyList<SilentEstablishment>>(
        [
            .. rows.GroupBy(presence => presence.Establishment)
                .Select(same => (Last: same.MaxBy(presence => presence.Last)!, First: same.Min(presence => presence.First)))
                .Where(one => one.Last.Last <= before && (viewer.Dimension != Dimensions.Group || one.Last.Group == viewer.Value))
                .OrderBy(one => one.Last.Last).ThenBy(one => one.Last.Establishment, StringComparer.Ordinal).Take(Most)
                .Select(one => new SilentEstablishment(one.Last.Establishment, one.Last.Department, one.Last.Group, one.First, one.Last.Last, today.DayNumber - one.Last.Last.DayNumber)),
        ]);
    }
}
