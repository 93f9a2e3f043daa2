using System.Net;
using Cdr.Contracts.Support;
using Refit;

namespace Cdr.Portal.Knowledge;

/// <summary>Articles for whoever has no session. A Support that is silent takes no page with it, and makes one visitor in half a minute wait.</summary>
internal sealed class FrequentQuestion(IServiceProvider services, TimeProvider clock)
{
    /// <summary>Between two questions for the list, whatever came of the first.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    private readonly Lock door = new();
    private Task<IReadOnlyList<ArticleLine>?>? asked;
    private DateTimeOffset askedAt;

    /// <summary>What is published, as it was last told; null: it was never told.</summary>
    public Task<IReadOnlyList<ArticleLine>?> ListAsync(CancellationToken cancellationToken)
    {
        lock (door)
        {
            if (asked is null || (asked.IsCompleted && clock.GetUtcNow() - askedAt >= Kept))
                (asked, askedAt) = (AskAsync(asked), clock.GetUtcNow());
            return asked.WaitAsync(cancellationToken);
        }
    }

    /// <summary>An article, and the status of the page that shows it: 404 where it is not published, 503 where nobody could say.</summary>
    public async Task<(Article? Article, int Status)> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return (await Support().ReadAsync(id, cancellationToken), StatusCodes.Status200OK);
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return (null, StatusCodes.Status404NotFound);
        }
        catch (Exception e) when (IsSilence(e))
        {
            return (null, StatusCodes.Status503ServiceUnavailable);
        }
    }

    // All who wait ask one question: it is nobody's who leaves.
    private async Task<IReadOnlyList<ArticleLine>?> AskAsync(Task<IReadOnlyList<ArticleLine>?>? before)
    {
        try
        {
            return await Support().ListAsync(CancellationToken.None);
        }
        catch (Exception e) when (IsSilence(e))
        {
            return before is { IsCompletedSuccessfully: true } ? await before : null;
        }
    }

    private IPublicKnowledgeApi Support() => services.GetRequiredKeyedService<IPublicKnowledgeApi>(PortalModule.Name);

    private static bool IsSilence(Exception e) => e is ApiExceptionBase or HttpRequestException or OperationCanceledException;
}
