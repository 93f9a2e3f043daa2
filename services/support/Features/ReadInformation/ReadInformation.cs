using Cdr.Contracts.Support;
using Cdr.Support.Incidents;
using Cdr.Support.Information;
using Cdr.Support.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.ReadInformation;

/// <summary>GET /api/support/information: what is announced and not over, and the incidents that are open. The same for everybody.</summary>
internal static class ReadInformation
{
    private const int Most = 100;

    public static void MapReadInformation(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/support/information", HandleAsync).RequireAuthorization(SupportPolicies.Knowledge).WithName("readInformation").WithSummary("News, interruptions, guides and incidents of now.");

    internal static async Task<Ok<ServiceInformation>> HandleAsync(SupportDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // Interruptions are announced before they begin, the rest when it begins.
        var rows = await db.Announcements.AsNoTracking().Where(row => !row.Withdrawn && (row.To == null || row.To > now) && (row.Kind == AnnouncementKind.Downtime || row.From <= now))
            .OrderByDescending(row => row.From).Take(Most).ToListAsync(cancellationToken);
        var announcements = rows.OrderBy(row => row.Kind != AnnouncementKind.Downtime).ThenBy(row => row.Kind == AnnouncementKind.Downtime ? row.From.Ticks : -row.From.Ticks).Select(Announcing.Show).ToList();
        return TypedResults.Ok(new ServiceInformation(announcements, await IncidentViews.OpenAsync(db, cancellationToken)));
    }
}
