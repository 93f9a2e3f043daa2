using Cdr.Contracts.Support;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>Support's articles, as small as the pages need: one article and its versions.</summary>
public sealed class FakeKnowledge
{
    public static readonly Guid Id = Guid.Parse("01930000-0000-7000-8000-0000000000a1");

    public Article One { get; set; } = new()
    {
        Id = Id, Topic = ArticleTopic.Reader, State = ArticleState.Published, Title = "Le lecteur ne répond pas", Markdown = "## Que faire\n\nRebranchez-le.", Version = 1, Latest = 1, WrittenAt = Samples.Now,
    };

    public List<ArticleVersion> Versions { get; } = [new(1, ArticleTopic.Reader, "Le lecteur ne répond pas", "## Que faire\n\nRebranchez-le.", Samples.Now, "cdr", null, new ArticleVotes(3, 1))];

    public bool IsEmpty { get; set; }

    /// <summary>Nothing is given without a session.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Nor is it said that nothing is: the list never comes.</summary>
    public bool Hangs { get; set; }

    /// <summary>How often the list was asked for without a session.</summary>
    public int Listed { get; private set; }

    /// <summary>A write is refused, as where it names somebody.</summary>
    public bool Refuses { get; set; }

    public List<ArticleSearch> Searches { get; } = [];

    public List<ArticleHint> Hints { get; } = [];

    public List<ArticleText> Written { get; } = [];

    public List<ArticlePublication> Published { get; } = [];

    public List<ArticleVote> Votes { get; } = [];

    public List<ArticleOfTicket> Drafted { get; } = [];

    private ArticleLine Line => new(Id, One.Topic, One.State, One.Title, Samples.Now, new ArticleVotes(3, 1));

    internal void Map(WebApplication app)
    {
        app.MapGet("/api/support/knowledge", () => IsEmpty ? [] : new[] { Line });
        app.MapGet("/api/support/knowledge/public", async (HttpRequest request, CancellationToken cancellationToken) =>
        {
            Listed++;
            if (Hangs)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return IsSilent ? Silent() : request.Headers.Authorization.Count > 0 ? Unknown() : Results.Ok(IsEmpty ? [] : new[] { Line with { Votes = null } });
        });
        app.MapGet("/api/support/knowledge/public/{id:guid}", (Guid id, HttpRequest request) => IsSilent ? Silent() : id == Id && request.Headers.Authorization.Count == 0 ? Results.Ok(One) : Unknown());
        app.MapPost("/api/support/knowledge/searches", (ArticleSearch search) =>
        {
            Searches.Add(search);
            return IsEmpty ? [] : new[] { Line };
        });
        app.MapPost("/api/support/knowledge/suggestions", (ArticleHint hint) =>
        {
            Hints.Add(hint);
            return new[] { Line };
        });
        app.MapGet("/api/support/knowledge/{id:guid}", (Guid id) => id == Id ? Results.Ok(One) : Unknown());
        app.MapGet("/api/support/knowledge/{id:guid}/versions", () => new ArticleHistory(Versions, [new ArticleAct(ArticleAction.Written, 1, Samples.Now, "cdr")]));
        app.MapPost("/api/support/knowledge", (ArticleText text) => Write(text));
        app.MapPost("/api/support/knowledge/{id:guid}/versions", (ArticleText text) => Write(text));
        app.MapPost("/api/support/knowledge/drafts", (ArticleOfTicket ticket) =>
        {
            Drafted.Add(ticket);
            return One;
        });
        app.MapPost("/api/support/knowledge/{id:guid}/publication", (ArticlePublication publication) =>
        {
            Published.Add(publication);
            return One = One with { State = ArticleState.Published, Version = publication.Version };
        });
        app.MapPost("/api/support/knowledge/{id:guid}/withdrawal", () => One = One with { State = ArticleState.Withdrawn });
        app.MapPut("/api/support/knowledge/{id:guid}/vote", (ArticleVote vote) =>
        {
            Votes.Add(vote);
            return Results.NoContent();
        });
    }

    private IResult Write(ArticleText text)
    {
        Written.Add(text);
        return Refuses ? Results.Problem(statusCode: 400, title: "Ligne 2 : un numéro.", extensions: new Dictionary<string, object?> { ["code"] = "holds-nir", ["field"] = "markdown" }) : Results.Ok(One);
    }

    private static IResult Silent() => Results.Problem(statusCode: 503, title: "Pas maintenant.", extensions: new Dictionary<string, object?> { ["code"] = "store-silent" });

    private static IResult Unknown() => Results.Problem(statusCode: 404, title: "Cet article n'existe pas.", extensions: new Dictionary<string, object?> { ["code"] = "article-not-found" });
}
