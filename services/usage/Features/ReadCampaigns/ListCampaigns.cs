using System.Security.Claims;
using Cdr.Contracts.Usage;
using Cdr.Usage.Campaigns;
using Cdr.Usage.Counting;
using Cdr.Usage.Queries;
using Cdr.Usage.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Features.ReadCampaigns;

/// <summary>Campaigns with their phases, kit and meetings, and who is equipped since each meeting.</summary>
internal static class ListCampaigns
{
    public static void MapListCampaigns(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/usage/campaigns", HandleAsync).RequireAuthorization(CampaignPolicies.Follow).WithName("listCampaigns")
            .WithSummary("Deployment campaigns, the newest first.").ProducesProblem(403).InTurn();

    internal static async Task<Ok<IReadOnlyList<Campaign>>> HandleAsync(ClaimsPrincipal user, UsageDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var rows = await db.Campaigns.AsNoTracking().AsSplitQuery().Include(campaign => campaign.Phases).Include(campaign => campaign.Kit)
            .Include(campaign => campaign.Meetings).ThenInclude(meeting => meeting.Guests).OrderByDescending(campaign => campaign.CreatedAt).ToListAsync(cancellationToken);
        List<Campaign> campaigns = [];
        foreach (var row in rows)
        {
            campaigns.Add(new Campaign(
                row.Id, row.Name,
                [.. row.Phases.OrderBy(phase => phase.Number).Select(phase => new CampaignPhase(phase.Number, phase.Name, phase.Targets, phase.BeganOn))],
                [.. row.Kit.OrderBy(item => item.PublishedOn).ThenBy(item => item.Title, StringComparer.Ordinal).Select(item => new KitItem(item.Title, item.Address, item.PublishedOn))],
                row.Meetings.Count == 0 ? [] : await MeetingsAsync(db, row, CampaignPolicies.KnownTo(user, Days.Of(clock.GetUtcNow())), cancellationToken)));
        }

        return TypedResults.Ok<IReadOnlyList<Campaign>>(campaigns);
    }

    private static async Task<IReadOnlyList<RegionalMeeting>> MeetingsAsync(UsageDb db, CampaignRow campaign, DateOnly known, CancellationToken cancellationToken)
    {
        var since = (await Equipment.OfAsync(db, campaign.Id, function: null, cancellationToken)).Where(state => state.Since <= known)
            .GroupBy(state => state.Target.Finess).ToDictionary(same => same.Key, same => same.Min(state => state.Since!.Value));
        // Whoever is invited and is no target may have had answers all the same.
        var guests = campaign.Meetings.SelectMany(meeting => meeting.Guests).Select(guest => guest.Finess).Where(finess => !since.ContainsKey(finess)).Distinct().ToList();
        foreach (var some in guests.Chunk(500))
        {
            var firsts = await db.Presences.Where(presence => some.Contains(presence.Establishment)).GroupBy(presence => presence.Establishment)
                .Select(same => new { same.Key, First = same.Min(presence => presence.First) }).ToListAsync(cancellationToken);
            foreach (var first in firsts.Where(one => one.First <= known))
                since[first.Key] = first.First;
        }

        return
        [
            .. campaign.Meetings.OrderBy(meeting => meeting.Day).ThenBy(meeting => meeting.Region, StringComparer.Ordinal).Select(meeting =>
            {
                var equipped = meeting.Guests.Where(guest => since.ContainsKey(guest.Finess)).Select(guest => since[guest.Finess]).ToList();
                return new RegionalMeeting(meeting.Day, meeting.Region, meeting.Place, meeting.Guests.Count, equipped.Count(day => day <= meeting.Day), equipped.Count(day => day > meeting.Day));
            }),
        ];
    }
}
