using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.Support.Information;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.Announce;

/// <summary>News, interruptions and guides: of the hotline for all, of a regime's staff for their own.</summary>
internal static class Announce
{
    private const int Most = 200;

    public static void MapAnnounce(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/support/announcements", ListAsync).RequireAuthorization(SupportPolicies.Announce).WithName("listAnnouncements").WithSummary("All that the caller may change, past and withdrawn too.").ProducesProblem(403);
        routes.MapPost("/api/support/announcements", AnnounceAsync).RequireAuthorization(SupportPolicies.Announce).WithName("announce").WithSummary("Publishes news, an interruption or a guide.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(409);
        routes.MapPost("/api/support/announcements/{id:guid}/versions", ChangeAsync).RequireAuthorization(SupportPolicies.Announce).WithName("changeAnnouncement").WithSummary("Says it otherwise.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);
        routes.MapPost("/api/support/announcements/{id:guid}/withdrawal", WithdrawAsync).RequireAuthorization(SupportPolicies.Announce).WithName("withdrawAnnouncement").WithSummary("Shown to nobody any more.").ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);
        routes.MapGet("/api/support/announcements/{id:guid}/versions", HistoryAsync).RequireAuthorization(SupportPolicies.Announce).WithName("readAnnouncementHistory").WithSummary("All that was said, and by whom.").ProducesProblem(403).ProducesProblem(404);
    }

    internal static async Task<Results<Ok<List<Announcement>>, ProblemHttpResult>> ListAsync(ClaimsPrincipal user, SupportDb db, CancellationToken cancellationToken) =>
        Actor.From(user) is { } actor
            ? TypedResults.Ok((await Announcing.Of(db.Announcements.AsNoTracking(), actor).OrderByDescending(row => row.UpdatedAt).ThenBy(row => row.Id).Take(Most).ToListAsync(cancellationToken)).ConvertAll(Announcing.Show))
            : TicketProblems.NoScope();

    internal static async Task<Results<Ok<Announcement>, ProblemHttpResult>> AnnounceAsync(AnnouncementText text, ClaimsPrincipal user, Announcing announcing, CancellationToken cancellationToken) =>
        Actor.From(user) is { } actor ? await announcing.AnnounceAsync(text, actor, cancellationToken) : TicketProblems.NoScope();

    internal static async Task<Results<Ok<Announcement>, ProblemHttpResult>> ChangeAsync(Guid id, AnnouncementText text, ClaimsPrincipal user, Announcing announcing, CancellationToken cancellationToken) =>
        Actor.From(user) is { } actor ? await announcing.ChangeAsync(id, text, actor, cancellationToken) : TicketProblems.NoScope();

    internal static async Task<Results<Ok<Announcement>, ProblemHttpResult>> WithdrawAsync(Guid id, ClaimsPrincipal user, Announcing announcing, CancellationToken cancellationToken) =>
        Actor.From(user) is { } actor ? await announcing.WithdrawAsync(id, actor, cancellationToken) : TicketProblems.NoScope();

    internal static async Task<Results<Ok<List<AnnouncementVersion>>, ProblemHttpResult>> HistoryAsync(Guid id, ClaimsPrincipal user, SupportDb db, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (await Announcing.Of(db.Announcements.AsNoTracking(), actor).FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
            return Announcing.Unknown();
        var said = await db.AnnouncementVersions.AsNoTracking().Where(one => one.Announcement == id).OrderByDescending(one => one.Number).ToListAsync(cancellationToken);
        return TypedResults.Ok(said.ConvertAll(one => new AnnouncementVersion(
            Announcing.Show(row) with { Title = one.Title, Markdown = one.Markdown, From = one.From, To = one.To, Withdrawn = one.Withdrawn, UpdatedAt = one.At, Version = one.Number }, one.By, one.Role)));
    }
}
