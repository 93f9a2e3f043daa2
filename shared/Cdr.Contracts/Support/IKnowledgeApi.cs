using Refit;

namespace Cdr.Contracts.Support;

/// <summary>Articles that answer what is often asked. They name nobody.</summary>
public interface IKnowledgeApi
{
    /// <summary>Published ones, by topic; for the hotline drafts and withdrawn ones too.</summary>
    [Get("/api/support/knowledge")]
    Task<IReadOnlyList<ArticleLine>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Published ones that have the words, the best first.</summary>
    [Post("/api/support/knowledge/searches")]
    Task<IReadOnlyList<ArticleLine>> SearchAsync([Body] ArticleSearch search, CancellationToken cancellationToken);

    /// <summary>At most three that may answer a ticket which is not sent yet. What was typed is neither kept nor logged.</summary>
    [Post("/api/support/knowledge/suggestions")]
    Task<IReadOnlyList<ArticleLine>> SuggestAsync([Body] ArticleHint hint, CancellationToken cancellationToken);

    /// <summary>What is published of it; for the hotline its newest version where nothing is.</summary>
    [Get("/api/support/knowledge/{id}")]
    Task<Article> ReadAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>All its versions and what was done to it, for the hotline.</summary>
    [Get("/api/support/knowledge/{id}/versions")]
    Task<ArticleHistory> HistoryAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>A new draft. 400 says where it names a person.</summary>
    [Post("/api/support/knowledge")]
    Task<Article> WriteAsync([Body] ArticleText text, CancellationToken cancellationToken);

    /// <summary>A draft of what the hotline publicly replied in a solved ticket; the same again where there is one. The clerk's words and the evidence are not in it.</summary>
    [Post("/api/support/knowledge/drafts")]
    Task<Article> DraftAsync([Body] ArticleOfTicket ticket, CancellationToken cancellationToken);

    /// <summary>A new version; what is published stays until that is. 409 somebody was faster.</summary>
    [Post("/api/support/knowledge/{id}/versions")]
    Task<Article> EditAsync(Guid id, [Body] ArticleText text, CancellationToken cancellationToken);

    /// <summary>Publishes the newest version; an earlier one anew, as a version of its own.</summary>
    [Post("/api/support/knowledge/{id}/publication")]
    Task<Article> PublishAsync(Guid id, [Body] ArticlePublication publication, CancellationToken cancellationToken);

    /// <summary>Readers see it no more.</summary>
    [Post("/api/support/knowledge/{id}/withdrawal")]
    Task<Article> WithdrawAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Whether the published version helped the caller: one vote a version, which may change.</summary>
    [Put("/api/support/knowledge/{id}/vote")]
    Task<HttpResponseMessage> VoteAsync(Guid id, [Body] ArticleVote vote, CancellationToken cancellationToken);
}
