using Refit;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>The one operation of a regime that speaks <c>rest</c> (<c>docs/regime-protocols.md</c>).</summary>
internal interface IRestRegimeApi
{
    /// <summary>The question is a body already in the regime's dialect, so is the answer.</summary>
    [Post("/droits")]
    Task<HttpResponseMessage> AskAsync(
        [Body] HttpContent question, [HeaderCollection] IDictionary<string, string> headers, CancellationToken cancellationToken);
}
