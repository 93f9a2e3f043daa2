using Cdr.Contracts.Sessions;
using Cdr.Sessions.OpenId;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Features.ListProviders;

/// <summary>Which other doors the sign-in page shows.</summary>
internal static class ListProviders
{
    public static RouteHandlerBuilder MapListProviders(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/sessions/providers", Handle).AllowAnonymous().WithSummary("The OpenID Connect providers of this installation.");

    internal static Ok<IReadOnlyList<ProviderView>> Handle(IOptions<ProvidersOptions> providers) =>
        TypedResults.Ok<IReadOnlyList<ProviderView>>([.. providers.Value.OrderBy(one => one.Value.Holders).ThenBy(one => one.Key, StringComparer.Ordinal).Select(one => new ProviderView(one.Key, one.Value.Label))]);
}
