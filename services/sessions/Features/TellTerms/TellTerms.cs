using Cdr.Contracts.Sessions;
using Cdr.Sessions.Terms;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Features.TellTerms;

/// <summary>The terms of use, for everybody, before and after they were accepted.</summary>
internal static class TellTerms
{
    public static RouteHandlerBuilder MapTellTerms(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/sessions/terms", HandleAsync).AllowAnonymous().WithSummary("The terms of use in force.");

    internal static async Task<Ok<TermsOfUse>> HandleAsync(IOptions<TermsOptions> options, CancellationToken cancellationToken) =>
        TypedResults.Ok(options.Value is { Version: { } version, File: { } file } ? new TermsOfUse(version, await File.ReadAllTextAsync(file, cancellationToken)) : new TermsOfUse(null, ""));
}
