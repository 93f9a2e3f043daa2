using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Testing;

/// <summary>What a host really answers to, whether described or not: an authorisation matrix names all of it.</summary>
public static class MappedEndpoints
{
    // Of every host alike; they say nothing of anybody, and their own tests ask them.
    private static readonly string[] Defaults = ["/health/", "/openapi/", "/docs"];

    /// <summary><c>GET /api/things/{id}</c>, in order; parameters without their constraints. Without what every host has alike.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="which">All by default.</param>
    public static IReadOnlyList<string> Of(IServiceProvider services, Func<RouteEndpoint, bool>? which = null) =>
    [
        .. services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(which ?? (_ => true))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => method + " " + Path(endpoint.RoutePattern)))
            .Where(one => !Defaults.Any(path => one.Split(' ')[1].StartsWith(path, StringComparison.Ordinal))).Distinct().Order(StringComparer.Ordinal),
    ];

    private static string Path(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
        RoutePatternSeparatorPart separator => separator.Content,
        _ => throw new NotSupportedException(part.GetType().Name),
    }))));
}
