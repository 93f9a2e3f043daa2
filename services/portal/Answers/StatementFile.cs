using System.Net.Http.Headers;
using Cdr.Contracts.Rights;
using Cdr.Portal.Identity;
using Refit;

namespace Cdr.Portal.Answers;

/// <summary>A statement as a file: a browser has the cookie alone, Rights wants the person's token.</summary>
internal static class StatementFile
{
    private const string Pdf = "application/pdf";

    public static string PathOf(Guid consultation) => $"/consultations/{consultation}/releve.pdf";

    public static void MapStatementFile(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/consultations/{id:guid}/releve.pdf", HandleAsync).RequireAuthorization(PortalCookie.Page).ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(Guid id, HttpContext http, TokenKeeper tokens, IHttpClientFactory clients, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            if (SignedIn.From(http.User) is not { } person || await tokens.TokenAsync(person, cancellationToken) is not { } token)
                return TypedResults.Redirect(PortalCookie.SignInPath);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/consultations/{id}/statements");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Accept.ParseAdd(Pdf);
            var answer = await clients.CreateClient($"{PortalModule.Name}:{nameof(IStatementsApi)}").SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            http.Response.RegisterForDispose(answer);
            return answer.IsSuccessStatusCode
                ? TypedResults.Stream(await answer.Content.ReadAsStreamAsync(cancellationToken), Pdf, $"releve-{id}.pdf")
                : TypedResults.StatusCode((int)answer.StatusCode);
        }
        catch (Exception e) when (e is ApiExceptionBase or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return TypedResults.StatusCode(StatusCodes.Status502BadGateway);
        }
    }
}
