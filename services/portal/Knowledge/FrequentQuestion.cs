using System.Net;
using Cdr.Contracts.Support;
using Refit;

namespace Cdr.Portal.Knowledge;

/// <summary>Articles for whoever has no session. A Support that is silent takes no page with it, and makes one visitor in half a minute wait.</summary>
internal sealed class FrequentQuestion(IServiceProvider services, TimeProvider clock)
{
    /// <summary>Between two questions for the list.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    /// <summary>The same where the first was not answered and nothing is known: the page says to read it again in a moment.</summary>
    public static readonly TimeSpan KeptSilent = TimeSpan.FromSeconds(5);

    private readonly Lock door = new();
    private Task<IReadOnlyList<ArticleLine>?>? asked;
    private DateTimeOffset askedAt;
    private volatile IReadOnlyList<ArticleLine>? known;

    /// <summary>What is published, as it was last told; null: it was never told.</summary>
    public Task<IReadOnlyList<ArticleLine>?> ListAsync(CancellationToken cancellationToken)
    {
        lock (door)
        {
            if (asked is null || (asked.IsCompleted && clock.GetUtcNow() - askedAt >= (known is null ? KeptSilent : Kept)))
                (asked, askedAt) = (AskAsync(), clock.GetUtcNow());
            return asked.WaitAsync(cancellationToken);
        }
    }

    /// <summary>An article, and the status of the page that shows it: 404 where it is not published, 429 where too many read, 503 where nobody could say.</summary>
    public async Task<(Article? Article, int Status)> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return (await Support().ReadAsync(id, cancellationToken), StatusCodes.Status200OK);
        }
        catch (ApiException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.TooManyRequests)
        {
            return (null, (int)e.StatusCode);
        }
        catch (Exception e) when (IsSilence(e) && !cancellationToken.IsCancellationRequested)
        {
            return (null, StatusCodes.Status503ServiceUnavailable);
        }
    }

    // All who wait ask one question: it is nobody's who leaves.
    private async Task<IReadOnlyList<ArticleLine>?> AskAsync()
    {
        try
        {
            known = await Support().ListAsync(CancellationToken.None);
        }
        catch (Exception e) when (IsSilence(e))
        {
            // What it told before stands.
        }

        return known;
    }

    private IPublicKnowledgeApi Support() => services.GetRequiredKeyedService<IPublicKnowledgeApi>(PortalModule.Name);

    private static bool IsSilence(Exception e) => e is ApiExceptionBase or HttpRequestException or OperationCanceledException;
}
