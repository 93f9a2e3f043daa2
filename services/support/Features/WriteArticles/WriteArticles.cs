using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Knowledge;
using Cdr.Support.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Support.Features.WriteArticles;

/// <summary>The hotline writes, publishes and withdraws.</summary>
internal static class WriteArticles
{
    public static void MapWriteArticles(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/support/knowledge", WriteAsync).RequireAuthorization(SupportPolicies.Publish).WithName("writeArticle").WithSummary("A new draft.").ProducesProblem(400);
        routes.MapPost("/api/support/knowledge/{id:guid}/versions", EditAsync).RequireAuthorization(SupportPolicies.Publish).WithName("editArticle").WithSummary("A new version; what is published stays.").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        routes.MapPost("/api/support/knowledge/{id:guid}/publication", PublishAsync).RequireAuthorization(SupportPolicies.Publish).WithName("publishArticle").WithSummary("Publishes the newest version, or an earlier one anew.").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        routes.MapPost("/api/support/knowledge/{id:guid}/withdrawal", WithdrawAsync).RequireAuthorization(SupportPolicies.Publish).WithName("withdrawArticle").WithSummary("Readers see it no more.").ProducesProblem(404).ProducesProblem(409);
    }

    internal static async Task<Results<Created<Article>, ProblemHttpResult>> WriteAsync(ArticleText text, ClaimsPrincipal user, ArticleWriting writing, SupportDb db, CancellationToken cancellationToken)
    {
        if (ArticleWriting.Refuse(text) is { } refused)
            return refused;
        var id = await writing.AddAsync(text, By(user), cancellationToken);
        return TypedResults.Created($"/api/support/knowledge/{id}", (await ReadArticles.ReadArticles.ShownAsync(db, id, user, cancellationToken))!);
    }

    internal static async Task<Results<Ok<Article>, ProblemHttpResult>> EditAsync(Guid id, ArticleText text, ClaimsPrincipal user, ArticleWriting writing, SupportDb db, CancellationToken cancellationToken) =>
        (ArticleWriting.Refuse(text) ?? await writing.EditAsync(id, text, By(user), cancellationToken)) is { } refused ? refused : await ShowAsync(db, id, user, cancellationToken);

    internal static async Task<Results<Ok<Article>, ProblemHttpResult>> PublishAsync(Guid id, ArticlePublication publication, ClaimsPrincipal user, ArticleWriting writing, SupportDb db, CancellationToken cancellationToken) =>
        await writing.PublishAsync(id, publication, By(user), cancellationToken) is { } refused ? refused : await ShowAsync(db, id, user, cancellationToken);

    internal static async Task<Results<Ok<Article>, ProblemHttpResult>> WithdrawAsync(Guid id, ClaimsPrincipal user, ArticleWriting writing, SupportDb db, CancellationToken cancellationToken) =>
        await writing.WithdrawAsync(id, By(user), cancellationToken) is { } refused ? refused : await ShowAsync(db, id, user, cancellationToken);

    private static string By(ClaimsPrincipal user) => user.FindFirst(CdrClaims.Subject)!.Value;

    private static async Task<Ok<Article>> ShowAsync(SupportDb db, Guid id, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        TypedResults.Ok((await ReadArticles.ReadArticles.ShownAsync(db, id, user, cancellationToken))!);
}
