using Cdr.Contracts.Usage;
using Cdr.Domain;
using Cdr.ServiceDefaults;
using Cdr.Usage.Campaigns;
using Cdr.Usage.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Features.ManageCampaigns;

/// <summary>Notes a regional meeting and whom it invited: who is equipped since is what it is judged by.</summary>
internal static class AddMeeting
{
    private const int MostGuests = 5000;

    public static void MapAddMeeting(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/usage/campaigns/{id:guid}/meetings", HandleAsync).RequireAuthorization(CampaignPolicies.Steer).WithName("addMeeting")
            .WithSummary("A regional meeting, and the establishments it invited.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(404);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, MeetingRequest request, UsageDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.Day.Year is < 2000 or > 2100)
            return Problems.Invalid("day", "date-out-of-range", "La date est hors du calendrier du service.");
        if (!Region.All.Any(region => region.Code == request.Region))
            return Problems.Invalid("region", "region-unknown", "Cette région n'existe pas.", "Donnez son code INSEE, par exemple 32.");
        if (request.Place?.Trim() is not { Length: >= 1 and <= 200 } place)
            return Problems.Invalid("place", "place-invalid", "Le lieu a de 1 à 200 caractères.");
        if (request.Invited is not { Count: > 0 and <= MostGuests } invited)
            return Problems.Invalid("invited", "invited-invalid", $"Une réunion invite de 1 à {MostGuests} établissements.");
        HashSet<string> guests = [];
        foreach (var text in invited)
        {
            if (!Finess.Parse(text).TryGet(out var finess, out var error))
                return Problems.Invalid("invited", error);
            guests.Add(finess.Value);
        }

        if (!await db.Campaigns.AnyAsync(campaign => campaign.Id == id, cancellationToken))
            return CampaignPolicies.Unknown();
        var meeting = new MeetingRow { Id = Guid.CreateVersion7(clock.GetUtcNow()), Campaign = id, Day = request.Day, Region = request.Region!, Place = place };
        meeting.Guests.AddRange(guests.Order(StringComparer.Ordinal).Select(finess => new GuestRow { Meeting = meeting.Id, Finess = finess }));
        db.Add(meeting);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
