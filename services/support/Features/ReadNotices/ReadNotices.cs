using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.ReadNotices;

/// <summary>The caller's bells, newest first.</summary>
internal static class ReadNotices
{
    private const int Most = 100;

    public static void MapReadNotices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/support/notices", HandleAsync).RequireAuthorization(SupportPolicies.Read).WithName("readNotices").WithSummary("What the caller was told, newest first.").ProducesProblem(403);
        routes.MapPost("/api/support/notices/{id:guid}/reading", ReadAsync).RequireAuthorization(SupportPolicies.Read).WithName("readNotice").WithSummary("One was read.").ProducesProblem(403).ProducesProblem(404);
    }

    internal static async Task<Results<Ok<List<Notice>>, ProblemHttpResult>> HandleAsync(ClaimsPrincipal user, SupportDb db, CancellationToken cancellationToken) =>
        Actor.From(user) is { } actor
            ? TypedResults.Ok(await db.Notices.Where(row => actor.Bells.Contains(row.Recipient)).OrderByDescending(row => row.Id).Take(Most)
                .Select(row => new Notice(row.Id, row.Ticket, row.Number, row.Event, row.At, row.ReadAt)).ToListAsync(cancellationToken))
            : TicketProblems.NoScope();

    internal static async Task<Results<NoContent, ProblemHttpResult>> ReadAsync(Guid id, ClaimsPrincipal user, SupportDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (await db.Notices.FirstOrDefaultAsync(row => row.Id == id && actor.Bells.Contains(row.Recipient), cancellationToken) is not { } notice)
            return TicketProblems.Unknown();
        notice.ReadAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
