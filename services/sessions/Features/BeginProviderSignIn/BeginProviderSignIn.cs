using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Sessions.Data;
using Cdr.Sessions.OpenId;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Features.BeginProviderSignIn;

/// <summary>A browser goes to a provider: state, nonce and PKCE verifier are made here, and bound to that browser.</summary>
internal static class BeginProviderSignIn
{
    public const string Purpose = "provider-verifier";

    public static RouteHandlerBuilder MapBeginProviderSignIn(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/providers/{id}/requests", HandleAsync).AllowAnonymous().ProducesProblem(404).ProducesProblem(503)
            .WithSummary("Begins a sign-in at a provider: its address, and the secret for a cookie of the browser.");

    internal static async Task<Results<Ok<ProviderRequest>, ProblemHttpResult>> HandleAsync(
        string id, SessionsDb db, IOptions<ProvidersOptions> providers, ProviderDescriptions descriptions, ProviderClient client,
        [FromKeyedServices(SessionsModule.Name)] Sealer sealer, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!providers.Value.TryGetValue(id, out var provider))
            return Problems.Problem(404, "provider-unknown", "Ce fournisseur d'identité n'est pas proposé ici.");
        string endpoint;
        try
        {
            endpoint = (await descriptions.OfAsync(provider, cancellationToken)).AuthorizationEndpoint;
        }
        catch (HttpRequestException)
        {
            return ProviderRefusals.Silent.ToProblem();
        }

        var ((state, stateHash), (binding, bindingHash), (nonce, nonceHash), (verifier, _)) = (Secret.Make(), Secret.Make(), Secret.Make(), Secret.Make());
        var now = clock.GetUtcNow();
        var row = new ProviderSignIn
        {
            State = stateHash,
            Provider = id,
            Binding = bindingHash,
            Nonce = nonceHash,
            Verifier = sealer.Seal(Purpose, stateHash, Encoding.ASCII.GetBytes(verifier)),
            ExpiresAt = now + ProviderSignIn.Lifetime,
        };
        db.ProviderSignIns.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        await db.ProviderSignIns.Where(old => old.ExpiresAt < now - ProviderSignIn.Lifetime).ExecuteDeleteAsync(cancellationToken);
        var address = QueryHelpers.AddQueryString(endpoint, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = provider.ClientId,
            ["redirect_uri"] = client.ReturnAddress,
            ["scope"] = provider.Scope,
            ["state"] = state,
            ["nonce"] = nonce,
            ["code_challenge"] = ProviderClient.ChallengeOf(verifier),
            ["code_challenge_method"] = "S256",
            // A post is shared: whoever the provider still knows from before must prove themselves again, and its token says when (auth_time).
            ["prompt"] = "login",
            ["max_age"] = "0",
            ["acr_values"] = provider.Acr.Length > 0 ? string.Join(' ', provider.Acr) : null,
        });
        return TypedResults.Ok(new ProviderRequest(address, binding, row.ExpiresAt));
    }
}
