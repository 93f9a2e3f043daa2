using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Knowledge;
using Cdr.Support.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.ReadArticles;

/// <summary>Articles: the list, the search, what may answer a ticket before it is sent, and one of them.</summary>
internal static class ReadArticles
{
    private const int MostSuggestions = 3;
    private const int MostSearch = 200;

    public static void MapReadArticles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/support/knowledge", ListAsync).RequireAuthorization(SupportPolicies.Knowledge).WithName("listArticles").WithSummary("Published articles; drafts and withdrawn ones too for the hotline.");
        routes.MapPost("/api/support/knowledge/searches", SearchAsync).RequireAuthorization(SupportPolicies.Knowledge).WithName("searchArticles").WithSummary("Published articles that have the words.").ProducesProblem(400);
        routes.MapPost("/api/support/knowledge/suggestions", SuggestAsync).RequireAuthorization(SupportPolicies.Open).WithName("suggestArticles").WithSummary("What may answer a ticket that is not sent yet.").ProducesProblem(400);
        routes.MapGet("/api/support/knowledge/{id:guid}", ReadAsync).RequireAuthorization(SupportPolicies.Knowledge).WithName("readArticle").WithSummary("An article as it is published.").ProducesProblem(404);
        // Whose card or reader does not work cannot sign in to read what to do.
        routes.MapGet("/api/support/knowledge/public", PublicListAsync).AllowAnonymous().WithName("listPublicArticles").WithSummary("Published articles, without a session.");
        routes.MapGet("/api/support/knowledge/public/{id:guid}", PublicAsync).AllowAnonymous().WithName("readPublicArticle").WithSummary("An article as it is published, without a session.").ProducesProblem(404).ProducesProblem(429);
        routes.MapGet("/api/support/knowledge/{id:guid}/versions", HistoryAsync).RequireAuthorization(SupportPolicies.Publish).WithName("readArticleHistory").WithSummary("All versions, and who did what when.").ProducesProblem(404);
    }

    internal static Task<Ok<List<ArticleLine>>> ListAsync(ClaimsPrincipal user, SupportDb db, CancellationToken cancellationToken) => LinesAsync(db, IsHotline(user), cancellationToken);

    internal static async Task<Ok<IReadOnlyList<ArticleLine>>> PublicListAsync(PublicArticles articles, CancellationToken cancellationToken) => TypedResults.Ok(await articles.ListAsync(cancellationToken));

    internal static async Task<Results<Ok<Article>, ProblemHttpResult>> PublicAsync(Guid id, HttpContext http, PublicArticles articles, SupportDb db, CancellationToken cancellationToken)
    {
        using var turn = await articles.TurnAsync(cancellationToken);
        if (!turn.IsAcquired)
        {
            http.Response.Headers.RetryAfter = "5";
            return Problems.Problem(StatusCodes.Status429TooManyRequests, "too-many-readers", "Trop de lecteurs attendent un article.", "Réessayez dans quelques instants.");
        }

        return await ShownAsync(db, id, isHotline: false, null, cancellationToken) is { } article ? TypedResults.Ok(article) : ArticleWriting.Unknown();
    }

    private static async Task<Ok<List<ArticleLine>>> LinesAsync(SupportDb db, bool isHotline, CancellationToken cancellationToken)
    {
        if (!isHotline)
            return TypedResults.Ok(await PublicArticles.ReadAsync(db, cancellationToken));
        var rows = await db.Articles.AsNoTracking().ToListAsync(cancellationToken);
        var votes = await VotesAsync(db, null, cancellationToken);
        return TypedResults.Ok(PublicArticles.InOrder(rows.Select(row => Line(row) with { Votes = votes.GetValueOrDefault((row.Id, row.Published ?? 0), new ArticleVotes(0, 0)) })));
    }

    internal static async Task<Results<Ok<List<ArticleLine>>, ProblemHttpResult>> SearchAsync(ArticleSearch search, SupportDb db, ArticleSearching searching, CancellationToken cancellationToken)
    {
        if (search.Words?.Trim() is not { Length: >= 1 and <= MostSearch } words)
            return Problems.Invalid("words", "words-invalid", "Écrivez de 1 à 200 caractères.");
        return TypedResults.Ok((await searching.FindAsync(db, SearchWords.Of(words), all: true, [], cancellationToken)).Select(Line).ToList());
    }

    internal static async Task<Results<Ok<List<ArticleLine>>, ProblemHttpResult>> SuggestAsync(ArticleHint hint, SupportDb db, ArticleSearching searching, CancellationToken cancellationToken)
    {
        if (hint.Title is { Length: > Tickets.TicketProblems.MostTitle } || hint.Text is { Length: > Tickets.TicketProblems.MostWords })
            return Problems.Invalid("text", "text-too-long", "Le titre a au plus 200 caractères, le texte 20 000.");
        // The title's first: there is a limit.
        var words = SearchWords.Of($"{hint.Title} {hint.Text}");
        return TypedResults.Ok((await searching.FindAsync(db, words, all: false, Likely(hint.Kind), cancellationToken)).Take(MostSuggestions).Select(Line).ToList());
    }

    internal static async Task<Results<Ok<Article>, ProblemHttpResult>> ReadAsync(Guid id, ClaimsPrincipal user, SupportDb db, CancellationToken cancellationToken) =>
        await ShownAsync(db, id, user, cancellationToken) is { } article ? TypedResults.Ok(article) : ArticleWriting.Unknown();

    internal static async Task<Results<Ok<ArticleHistory>, ProblemHttpResult>> HistoryAsync(Guid id, SupportDb db, CancellationToken cancellationToken)
    {
        var versions = await db.ArticleVersions.AsNoTracking().Where(row => row.Article == id).OrderByDescending(row => row.Number).ToListAsync(cancellationToken);
        if (versions.Count == 0)
            return ArticleWriting.Unknown();
        var votes = await VotesAsync(db, id, cancellationToken);
        var acts = await db.ArticleActs.AsNoTracking().Where(row => row.Article == id).OrderByDescending(row => row.Number).Select(row => new ArticleAct(row.Action, row.Version, row.At, row.By)).ToListAsync(cancellationToken);
        return TypedResults.Ok(new ArticleHistory(
            versions.ConvertAll(row => new ArticleVersion(row.Number, row.Topic, row.Title, row.Markdown, row.At, row.By, row.Restores, votes.GetValueOrDefault((id, row.Number), new ArticleVotes(0, 0)))), acts));
    }

    /// <summary>Null: none, or none of theirs.</summary>
    internal static Task<Article?> ShownAsync(SupportDb db, Guid id, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        ShownAsync(db, id, IsHotline(user), user.FindFirst(CdrClaims.Subject)!.Value, cancellationToken);

    private static async Task<Article?> ShownAsync(SupportDb db, Guid id, bool isHotline, string? subject, CancellationToken cancellationToken)
    {
        if (await db.Articles.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id && (isHotline || row.State == ArticleState.Published), cancellationToken) is not { } article)
            return null;
        var number = article.Published ?? article.Latest;
        var version = await db.ArticleVersions.AsNoTracking().FirstAsync(row => row.Article == id && row.Number == number, cancellationToken);
        return new Article
        {
            Id = id, Topic = version.Topic, State = article.State, Title = version.Title, Markdown = version.Markdown, Version = number, Latest = isHotline ? article.Latest : number, WrittenAt = version.At,
            Helped = subject is null ? null : await db.ArticleVotes.Where(row => row.Article == id && row.Version == number && row.Subject == subject).Select(row => (bool?)row.Helped).FirstOrDefaultAsync(cancellationToken),
            OfTicket = isHotline && article.Ticket is not null,
        };
    }

    private static bool IsHotline(ClaimsPrincipal user) => user.FindFirst(CdrClaims.Role)?.Value == CdrRoles.Hotline;

    private static ArticleLine Line(ArticleRow row) => new(row.Id, row.Topic, row.State, row.Title, row.UpdatedAt, null);

    private static async Task<Dictionary<(Guid, int), ArticleVotes>> VotesAsync(SupportDb db, Guid? article, CancellationToken cancellationToken) =>
        (await db.ArticleVotes.Where(row => article == null || row.Article == article).GroupBy(row => new { row.Article, row.Version })
            .Select(group => new { group.Key.Article, group.Key.Version, Helped = group.Count(row => row.Helped), All = group.Count() }).ToListAsync(cancellationToken))
        .ToDictionary(one => (one.Article, one.Version), one => new ArticleVotes(one.Helped, one.All - one.Helped));

    private static ArticleTopic[] Likely(TicketKind kind) => kind switch
    {
        TicketKind.Technical => [ArticleTopic.Prerequisites, ArticleTopic.Card, ArticleTopic.Reader, ArticleTopic.Cryptolib],
        TicketKind.DataInconsistency => [ArticleTopic.Patient, ArticleTopic.Regimes],
        _ => [ArticleTopic.Portal, ArticleTopic.Patient],
    };
}
