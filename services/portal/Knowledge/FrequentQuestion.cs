using Cdr.Contracts.Support;
using Refit;

namespace Cdr.Portal.Knowledge;

/// <summary>Articles for whoever has no session. What is silent takes no page with it.</summary>
internal static class FrequentQuestion
{
    /// <summary>Null: not published, or not to be had now.</summary>
    public static async Task<T?> AskAsync<T>(IServiceProvider services, Func<IPublicKnowledgeApi, Task<T>> call)
        where T : class
    {
        try
        {
            return await call(services.GetRequiredKeyedService<IPublicKnowledgeApi>(PortalModule.Name));
        }
        catch (Exception e) when (e is ApiExceptionBase or HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
