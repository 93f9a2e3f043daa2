using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Knowledge;

/// <summary>Changes an article: what it is now, the version and the act are one transaction.</summary>
internal sealed class ArticleWriting(IDbContextFactory<SupportDb> contexts, TimeProvider clock)
{
    public const int MostTitle = 150;
    public const int MostMarkdown = 20_000;

    /// <summary>Who wrote what came with the service.</summary>
    public const string Service = "cdr";

    /// <summary>Null: these words may be kept.</summary>
    public static ProblemHttpResult? Refuse(ArticleText text)
    {
        if (!Enum.IsDefined(text.Topic))
            return Problems.Invalid("topic", "topic-unknown", "Choisissez un thème de la liste.");
        if (text.Title?.Trim() is not { Length: >= 1 and <= MostTitle } title)
            return Problems.Invalid("title", "title-invalid", "Donnez un titre de 1 à 150 caractères.");
        if (text.Markdown?.Trim() is not { Length: >= 1 and <= MostMarkdown })
            return Problems.Invalid("markdown", "markdown-invalid", "Écrivez de 1 à 20 000 caractères.");
        return PersonalData.Refuse("title", title) ?? PersonalData.Refuse("markdown", text.Markdown);
    }

    /// <summary>A new draft; of a file of the service or of a ticket, the one that there is already.</summary>
    public async Task<Guid> AddAsync(ArticleText text, string by, CancellationToken cancellationToken, string? shipped = null, Guid? ticket = null)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if ((shipped ?? (object?)ticket) is not null && await FirstAsync() is { } known)
            return known;
        var now = clock.GetUtcNow();
        var article = new ArticleRow
        {
            Id = Guid.CreateVersion7(now), State = ArticleState.Draft, Topic = text.Topic, Title = text.Title.Trim(), Latest = 0, Words = "", UpdatedAt = now, Shipped = shipped, Ticket = ticket, Acts = 0,
        };
        db.Articles.Add(article);
        Write(db, article, text, by, now, null);
        if (shipped is not null)
            Publish(db, article, text, by, now);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return article.Id;
        }
        catch (DbUpdateException) when (shipped is not null || ticket is not null)
        {
            // Another replica, or the same click twice.
            return await FirstAsync() ?? throw new InvalidOperationException("An article was refused by the store and is not there.");
        }

        async Task<Guid?> FirstAsync() =>
            await db.Articles.AsNoTracking().Where(row => shipped != null ? row.Shipped == shipped : row.Ticket == ticket).Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>A new version; null once it is there.</summary>
    public Task<ProblemHttpResult?> EditAsync(Guid id, ArticleText text, string by, CancellationToken cancellationToken) => ChangeAsync(id, (db, article, now) =>
    {
        if (text.Latest != article.Latest)
            return Task.FromResult<ProblemHttpResult?>(Changed());
        Write(db, article, text, by, now, null);
        if (article.State == ArticleState.Draft)
            (article.Topic, article.Title, article.UpdatedAt) = (text.Topic, text.Title.Trim(), now);
        return Task.FromResult<ProblemHttpResult?>(null);
    }, cancellationToken);

    /// <summary>Publishes; null once it is.</summary>
    public Task<ProblemHttpResult?> PublishAsync(Guid id, ArticlePublication publication, string by, CancellationToken cancellationToken) => ChangeAsync(id, async (db, article, now) =>
    {
        if (!publication.Read)
            return Problems.Invalid("read", "article-unread", "L'article n'est publié qu'une fois relu en entier.", "Relisez-le, vérifiez qu'il ne nomme personne, puis confirmez-le.");
        if (publication.Latest != article.Latest)
            return Changed();
        if (await db.ArticleVersions.AsNoTracking().FirstOrDefaultAsync(row => row.Article == id && row.Number == publication.Version, cancellationToken) is not { } version)
            return Problems.Invalid("version", "version-unknown", "Cet article n'a pas cette version.");
        if (article.State == ArticleState.Published && article.Published == version.Number)
            return null;
        var text = new ArticleText { Topic = version.Topic, Title = version.Title, Markdown = version.Markdown };
        // What may be kept has grown stricter since, perhaps.
        if (Refuse(text) is { } refused)
            return refused;
        if (version.Number != article.Latest)
            Write(db, article, text, by, now, version.Number);
        Publish(db, article, text, by, now);
        return null;
    }, cancellationToken);

    /// <summary>Withdraws; null once it is.</summary>
    public Task<ProblemHttpResult?> WithdrawAsync(Guid id, string by, CancellationToken cancellationToken) => ChangeAsync(id, (db, article, now) =>
    {
        if (article.State != ArticleState.Withdrawn)
        {
            (article.State, article.Words, article.UpdatedAt) = (ArticleState.Withdrawn, "", now);
            Act(db, article, ArticleAction.Withdrawn, article.Published ?? article.Latest, by, now);
        }

        return Task.FromResult<ProblemHttpResult?>(null);
    }, cancellationToken);

    public static ProblemHttpResult Unknown() =>
        Problems.Problem(StatusCodes.Status404NotFound, "article-not-found", "Cet article n'existe pas, ou n'est plus publié.", "Cherchez-le dans la liste des articles.");

    private static ProblemHttpResult Changed() =>
        Problems.Problem(StatusCodes.Status409Conflict, "article-changed", "Quelqu'un vient de modifier cet article.", "Relisez-le, puis recommencez.");

    private async Task<ProblemHttpResult?> ChangeAsync(Guid id, Func<SupportDb, ArticleRow, DateTimeOffset, Task<ProblemHttpResult?>> change, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Articles.FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } article)
            return Unknown();
        if (await change(db, article, clock.GetUtcNow()) is { } refused)
            return refused;
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException e) when (!ServiceDefaults.Stores.StoreOutage.Is(e))
        {
            // The number of an act, or of a version, was taken meanwhile.
            return Changed();
        }
    }

    private static void Write(SupportDb db, ArticleRow article, ArticleText text, string by, DateTimeOffset now, int? restores)
    {
        db.ArticleVersions.Add(new ArticleVersionRow
        {
            Article = article.Id, Number = ++article.Latest, Topic = text.Topic, Title = text.Title.Trim(), Markdown = text.Markdown.Trim(), At = now, By = by, Restores = restores,
        });
        Act(db, article, ArticleAction.Written, article.Latest, by, now);
    }

    private static void Publish(SupportDb db, ArticleRow article, ArticleText text, string by, DateTimeOffset now)
    {
        (article.State, article.Topic, article.Title, article.Published, article.UpdatedAt) = (ArticleState.Published, text.Topic, text.Title.Trim(), article.Latest, now);
        article.Words = SearchWords.Fold(text.Title + " " + text.Markdown);
        Act(db, article, ArticleAction.Published, article.Latest, by, now);
    }

    private static void Act(SupportDb db, ArticleRow article, ArticleAction action, int version, string by, DateTimeOffset now) =>
        db.ArticleActs.Add(new ArticleActRow { Article = article.Id, Number = ++article.Acts, Action = action, Version = version, At = now, By = by });
}
