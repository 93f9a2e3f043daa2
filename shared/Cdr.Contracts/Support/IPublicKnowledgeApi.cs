using Refit;

namespace Cdr.Contracts.Support;

/// <summary>Published articles without a session: whose card or reader does not work cannot sign in to read what to do.</summary>
public interface IPublicKnowledgeApi
{
    /// <summary>All of them, by topic.</summary>
    [Get("/api/support/knowledge/public")]
    Task<IReadOnlyList<ArticleLine>> ListAsync(CancellationToken cancellationToken);

    /// <summary>What is published of one. 404 where nothing is.</summary>
    [Get("/api/support/knowledge/public/{id}")]
    Task<Article> ReadAsync(Guid id, CancellationToken cancellationToken);
}
