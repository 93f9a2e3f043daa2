using System.Net.Http.Headers;
using Cdr.Contracts.Rights;
using Cdr.Portal.Identity;
using Cdr.Portal.Layout;
using Microsoft.AspNetCore.Http.HttpResults;
using Refit;

namespace Cdr.Portal.Batches;

/// <summary>Results as a file, those that are there so far: a browser has the cookie alone, Rights wants the person's token. Its name is the batch's id.</summary>
internal static class BatchResultsFile
{
    public static string PathOf(Guid batch, string format) => $"/lots/{batch}/resultats.{format}";

    public static void MapBatchResultsFile(this IEndpointRouteBuilder routes)
    {
        foreach (var (format, type) in (ReadOnlySpan<(string, string)>)[("csv", "text/csv; charset=utf-8"), ("json", "application/json; charset=utf-8")])
        {
            routes.MapGet("/lots/{id:guid}/resultats." + format, (Guid id, HttpContext http, TokenKeeper tokens, IHttpClientFactory clients, CancellationToken cancellationToken) =>
                HandleAsync(id, format, type, http, tokens, clients, cancellationToken)).RequireAuthorization(PortalCookie.Page).ExcludeFromDescription();
        }
    }

    private static async Task<IResult> HandleAsync(Guid id, string format, string type, HttpContext http, TokenKeeper tokens, IHttpClientFactory clients, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            if (SignedIn.From(http.User) is not { } person || await tokens.TokenAsync(person, cancellationToken) is not { } token)
                return TypedResults.Redirect(PortalCookie.SignInPath);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/batches/{id}/results?format={format}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var answer = await clients.CreateClient($"{PortalModule.Name}:{nameof(IRightsApi)}").SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            http.Response.RegisterForDispose(answer);
            return answer.IsSuccessStatusCode
                ? TypedResults.Stream(await answer.Content.ReadAsStreamAsync(cancellationToken), type, $"lot-{id}.{format}")
                : NotGiven(http, id, await Trouble.OfAsync(answer, cancellationToken));
        }
        catch (Exception e) when (e is ApiExceptionBase or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return NotGiven(http, id, Trouble.Silence);
        }
    }

    private static RazorComponentResult<BatchNotGiven> NotGiven(HttpContext http, Guid id, Trouble trouble)
    {
        PageHeaders.Write(http.Response);
        return new(new Dictionary<string, object?> { [nameof(BatchNotGiven.Id)] = id, [nameof(BatchNotGiven.Trouble)] = trouble }) { StatusCode = trouble.Status == 0 ? StatusCodes.Status502BadGateway : trouble.Status };
    }
}
