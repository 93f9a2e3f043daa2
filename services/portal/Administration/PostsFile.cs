using System.Globalization;
using System.Net.Http.Headers;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Identity;
using Refit;

namespace Cdr.Portal.Administration;

/// <summary>The posts as a file: a browser has the cookie alone, Sessions wants the person's token.</summary>
internal static class PostsFile
{
    public const string Path = "/postes.csv";

    public static void MapPostsFile(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, HandleAsync).RequireAuthorization(PortalCookie.Page).ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(string? on, HttpContext http, TokenKeeper tokens, IHttpClientFactory clients, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            if (SignedIn.From(http.User) is not { } person || await tokens.TokenAsync(person, cancellationToken) is not { } token)
                return TypedResults.Redirect(PortalCookie.SignInPath);
            var day = DateOnly.TryParseExact(on, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var told) ? $"?on={told:yyyy-MM-dd}" : "";
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/sessions/posts.csv" + day);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var answer = await clients.CreateClient($"{PortalModule.Name}:{nameof(IPostsApi)}").SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            http.Response.RegisterForDispose(answer);
            return answer.IsSuccessStatusCode
                ? TypedResults.Stream(await answer.Content.ReadAsStreamAsync(cancellationToken), "text/csv; charset=utf-8", answer.Content.Headers.ContentDisposition?.FileNameStar ?? answer.Content.Headers.ContentDisposition?.FileName ?? "postes.csv")
                : TypedResults.StatusCode((int)answer.StatusCode);
        }
        catch (Exception e) when (e is ApiExceptionBase or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return TypedResults.StatusCode(StatusCodes.Status502BadGateway);
        }
    }
}
