using System.Net.Http.Headers;
using Cdr.Contracts.Support;
using Cdr.Portal.Identity;
using Refit;

namespace Cdr.Portal.Tickets;

/// <summary>A file of a ticket, to be saved: a browser has the cookie alone, Support wants the person's token. Never shown in a page.</summary>
internal static class ProofFile
{
    public static string PathOf(Guid ticket, Guid file) => $"/demandes/{ticket}/pieces/{file}";

    public static void MapProofFile(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/demandes/{id:guid}/pieces/{file:guid}", HandleAsync).RequireAuthorization(PortalCookie.Page).ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(Guid id, Guid file, HttpContext http, TokenKeeper tokens, IHttpClientFactory clients, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        try
        {
            if (SignedIn.From(http.User) is not { } person || await tokens.TokenAsync(person, cancellationToken) is not { } token)
                return TypedResults.Redirect(PortalCookie.SignInPath);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/support/tickets/{id}/attachments/{file}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var answer = await clients.CreateClient($"{PortalModule.Name}:{nameof(ISupportApi)}").SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            http.Response.RegisterForDispose(answer);
            if (!answer.IsSuccessStatusCode)
                return TypedResults.StatusCode((int)answer.StatusCode);
            var name = answer.Content.Headers.ContentDisposition is { } said ? said.FileNameStar ?? said.FileName?.Trim('"') : null;
            return TypedResults.Stream(await answer.Content.ReadAsStreamAsync(cancellationToken), answer.Content.Headers.ContentType?.MediaType, name ?? file.ToString());
        }
        catch (Exception e) when (e is ApiExceptionBase or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return TypedResults.StatusCode(StatusCodes.Status502BadGateway);
        }
    }
}
