using Cdr.Sessions.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.Features.PublishKeys;

/// <summary>The key set that verifies tokens, the next key in it before it signs.</summary>
internal static class PublishKeys
{
    public static RouteHandlerBuilder MapPublishKeys(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/.well-known/jwks.json", HandleAsync).AllowAnonymous().WithSummary("Public keys of the tokens (RFC 7517).");

    internal static async Task<Ok<KeySet>> HandleAsync(SigningKeys keys, HttpContext http, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "public, max-age=60";
        return TypedResults.Ok(new KeySet([.. (await keys.AllAsync(cancellationToken)).Select(Of)]));
    }

    private static PublishedKey Of(LiveKey key)
    {
        var point = key.Private.ExportParameters(includePrivateParameters: false).Q;
        return new PublishedKey("EC", "P-256", Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y), key.Id, "sig", SecurityAlgorithms.EcdsaSha256);
    }

    /// <summary>RFC 7517, 5.</summary>
    internal sealed record KeySet(IReadOnlyList<PublishedKey> Keys);

    /// <summary>RFC 7517, 4, and RFC 7518, 6.2.</summary>
    internal sealed record PublishedKey(string Kty, string Crv, string X, string Y, string Kid, string Use, string Alg);
}
