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
        routes.MapGet("/api/support/notices/count", CountAsync).RequireAuthorization(SupportPolicies.Read).WithName("countNotices").WithSummary("How many are new to the caller.").ProducesProblem(403);
        routes.MapPost("/api/support/notices/reading", ReadAllAsync).RequireAuthorization(SupportPolicies.Read).WithName("readAllNotices").WithSummary("All up to one of them were read, by the caller alone.").ProducesProblem(403);
        routes.MapPost("/api/support/notices/{id:guid}/reading", ReadAsync).RequireAuthorization(SupportPolicies.Read).WithName("readNotice").WithSummary("One was read.").ProducesProblem(403).ProducesProblem(404);
    }

    internal static async Task<Results<Ok<List<Notice>>, ProblemHttpResult>> HandleAsync(ClaimsPrincipal user, SupportDb db, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        var mark = await MarkAsync(db, actor, cancellationToken);
        var rows = await db.Notices.AsNoTracking().Where(row => actor.Bells.Contains(row.Recipient)).OrderByDescending(row => row.Id).Take(Most)
            .Select(row => new { Row = row, ReadAt = db.NoticeReads.Where(read => read.Notice == row.Id && read.Subject == actor.Subject).Select(read => (DateTimeOffset?)read.At).FirstOrDefault(), IsBefore = row.Id <= mark.UpTo })
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(rows.ConvertAll(one => new Notice(one.Row.Id, one.Row.Ticket, one.Row.Number, one.Row.Event, one.Row.At, one.ReadAt ?? (one.IsBefore ? mark.At : null))));
    }

    internal static async Task<Results<Ok<NoticeCount>, ProblemHttpResult>> CountAsync(ClaimsPrincipal user, SupportDb db, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        var upTo = (await MarkAsync(db, actor, cancellationToken)).UpTo;
        return TypedResults.Ok(new NoticeCount(await db.Notices.Where(row => actor.Bells.Contains(row.Recipient) && row.Id > upTo && !db.NoticeReads.Any(read => read.Notice == row.Id && read.Subject == actor.Subject))
            .OrderByDescending(row => row.Id).Take(Most).CountAsync(cancellationToken)));
    }

    // A bell of the hotline or of a regime is many people's: each has read what they have read.
    internal static async Task<Results<NoContent, ProblemHttpResult>> ReadAllAsync(NoticesRead read, ClaimsPrincipal user, SupportDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        var now = clock.GetUtcNow();
        // Later is all that a mark becomes, and never than what there is.
        if (await db.Notices.Where(row => actor.Bells.Contains(row.Recipient) && row.Id <= read.UpTo).OrderByDescending(row => row.Id).Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken) is not { } upTo
            || await db.NoticeMarks.Where(row => row.Subject == actor.Subject && row.UpTo < upTo).ExecuteUpdateAsync(set => set.SetProperty(row => row.UpTo, upTo).SetProperty(row => row.At, now), cancellationToken) > 0
            || await db.NoticeMarks.AnyAsync(row => row.Subject == actor.Subject, cancellationToken))
            return TypedResults.NoContent();
        db.NoticeMarks.Add(new NoticeMarkRow { Subject = actor.Subject, UpTo = upTo, At = now });
        return await SaveAsync(db, cancellationToken);
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> ReadAsync(Guid id, ClaimsPrincipal user, SupportDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (!await db.Notices.AnyAsync(row => row.Id == id && actor.Bells.Contains(row.Recipient), cancellationToken))
            return TicketProblems.Unknown();
        if (await db.NoticeReads.AnyAsync(row => row.Notice == id && row.Subject == actor.Subject, cancellationToken))
            return TypedResults.NoContent();
        db.NoticeReads.Add(new NoticeReadRow { Notice = id, Subject = actor.Subject, At = clock.GetUtcNow() });
        return await SaveAsync(db, cancellationToken);
    }

    private static async Task<NoContent> SaveAsync(SupportDb db, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // The same person's other page said so at the same moment.
        }

        return TypedResults.NoContent();
    }

    private static async Task<(Guid UpTo, DateTimeOffset? At)> MarkAsync(SupportDb db, Actor actor, CancellationToken cancellationToken) =>
        await db.NoticeMarks.AsNoTracking().FirstOrDefaultAsync(row => row.Subject == actor.Subject, cancellationToken) is { } mark ? (mark.UpTo, mark.At) : (Guid.Empty, null);
}
