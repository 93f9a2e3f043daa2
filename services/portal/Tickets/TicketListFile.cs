using System.Net.Http.Headers;
using Cdr.Contracts.Support;
using Cdr.Portal.Identity;
using Refit;

namespace Cdr.Portal.Tickets;

/// <summary>The list of a page as a file, whole and as it is made: a browser has the cookie alone, Support wants the person's token. Its address names a queue and filters, and nobody.</summary>
internal static class TicketListFile
{
    public const string Path = "/demandes/liste.csv";

    public static void MapTicketListFile(this IEndpointRouteBuilder routes) => routes.MapGet(Path, HandleAsync).RequireAuthorization(PortalCookie.Page).ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(
        string? queue, string? kind, string? organism, string? priority, string? team, string? department, HttpContext http, TokenKeeper tokens, IHttpClientFactory clients, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            if (SignedIn.From(http.User) is not { } person || await tokens.TokenAsync(person, cancellationToken) is not { } token)
                return TypedResults.Redirect(PortalCookie.SignInPath);
            if (!TicketAccess.Reads(person.Role))
                return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
            var shown = TicketAccess.Queue(person.Role, queue);
            var asked = new Dictionary<string, string?>
            {
                ["state"] = shown.State is { } state ? Answers.Wire.Of(state) : null, ["assignee"] = shown.Assignee, ["author"] = shown.Author, ["overdue"] = shown.IsLate ? "true" : null, ["order"] = shown.ByDue ? "due" : null,
                ["kind"] = kind, ["organism"] = organism, ["priority"] = priority, ["team"] = team, ["department"] = department,
            };
            using var request = new HttpRequestMessage(HttpMethod.Get, Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString("/api/support/tickets/export.csv", asked.Where(one => !string.IsNullOrWhiteSpace(one.Value))));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var answer = await clients.CreateClient($"{PortalModule.Name}:{nameof(ISupportApi)}").SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            http.Response.RegisterForDispose(answer);
            return answer.IsSuccessStatusCode
                ? TypedResults.Stream(await answer.Content.ReadAsStreamAsync(cancellationToken), "text/csv; charset=utf-8", "demandes.csv")
                : TypedResults.StatusCode((int)answer.StatusCode);
        }
        catch (Exception e) when (e is ApiExceptionBase or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return TypedResults.StatusCode(StatusCodes.Status502BadGateway);
        }
    }
}
