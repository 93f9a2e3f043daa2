using Refit;

namespace Cdr.Contracts.Sessions;

/// <summary>Sign-in by an OpenID Connect provider (Pro Santé Connect, an organisation's own). The order: request (kept by the browser's cookie), the provider's page, answer, redemption of the ticket.</summary>
public interface IProvidersApi
{
    /// <summary>The providers of this installation; none by default.</summary>
    [Get("/api/sessions/providers")]
    Task<IReadOnlyList<ProviderView>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Begins a sign-in: where to send the browser, and the secret that binds the answer to it.</summary>
    [Post("/api/sessions/providers/{id}/requests")]
    Task<ProviderRequest> BeginAsync(string id, CancellationToken cancellationToken);

    /// <summary>Hands in what the provider sent back. 200 a one-time ticket; 403 the identity opens nothing, and <c>code</c> says why; 503 the provider is silent.</summary>
    [Post("/api/sessions/providers/answers")]
    Task<Opening> AnswerAsync([Body] ProviderAnswer answer, CancellationToken cancellationToken);

    /// <summary>
    /// What the browser of a session that ended hands to its provider, so that nobody enters there after it (RP-Initiated Logout 1.0). Told once;
    /// without an address where there is nothing to leave. 401: the secret is not that session's.
    /// </summary>
    [Post("/api/sessions/{session}/provider-logout")]
    Task<ProviderLogout> LeaveAsync(Guid session, [Body] RenewalRequest request, CancellationToken cancellationToken);
}

/// <summary>A provider.</summary>
/// <param name="Id">In addresses.</param>
/// <param name="Label">As its button says it.</param>
public sealed record ProviderView(string Id, string Label);

/// <summary>A sign-in that began.</summary>
/// <param name="Address">The provider's, with the whole request.</param>
/// <param name="Binding">Secret for a cookie of the browser that began: nobody else's answer is taken.</param>
/// <param name="ExpiresAt">UTC.</param>
public sealed record ProviderRequest(string Address, string Binding, DateTimeOffset ExpiresAt)
{
    /// <summary>Masked: holds a secret.</summary>
    public override string ToString() => nameof(ProviderRequest);
}

/// <summary>What the provider sent back through the browser.</summary>
/// <param name="Code">Authorization code.</param>
/// <param name="State">As in the request.</param>
/// <param name="Binding">From the browser's cookie.</param>
/// <param name="Issuer">The <c>iss</c> parameter (RFC 9207), where the provider sent one.</param>
public sealed record ProviderAnswer(string Code, string State, string Binding, string? Issuer = null)
{
    /// <summary>Masked: holds secrets.</summary>
    public override string ToString() => nameof(ProviderAnswer);
}

/// <summary>A form for the provider. Never an address: the token names the person.</summary>
/// <param name="Address">Where it is posted to; null: there is nothing to leave.</param>
/// <param name="IdToken"><c>id_token_hint</c>.</param>
/// <param name="Client"><c>client_id</c>.</param>
/// <param name="Return"><c>post_logout_redirect_uri</c>.</param>
public sealed record ProviderLogout(string? Address, string? IdToken = null, string? Client = null, string? Return = null)
{
    /// <summary>Masked: holds a token.</summary>
    public override string ToString() => nameof(ProviderLogout);
}
