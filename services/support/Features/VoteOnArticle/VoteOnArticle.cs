using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Knowledge;
using Cdr.Support.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.VoteOnArticle;

/// <summary>PUT /api/support/knowledge/{id}/vote: whether it helped; one vote a person and version, which may change.</summary>
internal static class VoteOnArticle
{
    public static void MapVoteOnArticle(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/support/knowledge/{id:guid}/vote", HandleAsync).RequireAuthorization(SupportPolicies.Knowledge).WithName("voteOnArticle")
            .WithSummary("Whether the published version helped the caller.").ProducesProblem(404).ProducesProblem(409);

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, ArticleVote vote, ClaimsPrincipal user, SupportDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await db.Articles.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id && row.State == ArticleState.Published, cancellationToken) is not { } article)
            return ArticleWriting.Unknown();
        if (vote.Version != article.Published)
            return Problems.Problem(StatusCodes.Status409Conflict, "version-replaced", "Une autre version de cet article est publiée depuis.", "Relisez-la, puis dites si elle vous a aidé.");
        var (subject, now) = (user.FindFirst(CdrClaims.Subject)!.Value, clock.GetUtcNow());
        for (var attempt = 1; ; attempt++)
        {
            if (await db.ArticleVotes.Where(row => row.Article == id && row.Version == vote.Version && row.Subject == subject)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Helped, vote.Helped).SetProperty(row => row.At, now), cancellationToken) > 0)
                return TypedResults.NoContent();
            db.ArticleVotes.Add(new ArticleVoteRow { Article = id, Version = vote.Version, Subject = subject, Helped = vote.Helped, At = now });
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return TypedResults.NoContent();
            }
            catch (DbUpdateException e) when (attempt == 1 && !StoreOutage.Is(e))
            {
                // The same person's other page said so at the same moment: that vote is changed.
                db.ChangeTracker.Clear();
            }
        }
    }
}
