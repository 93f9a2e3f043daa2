using System.Net.Http.Headers;
using System.Text;
using Cdr.Contracts.Support;
using Cdr.Portal.Identity;
using Cdr.Portal.Resources;
using Microsoft.Extensions.Localization;
using Refit;

namespace Cdr.Portal.Tickets;

/// <summary>The table of the page of figures as a file, by the same address.</summary>
internal static class TicketFiguresFile
{
    public static void MapTicketFiguresFile(this IEndpointRouteBuilder routes) =>
        routes.MapGet(TicketFigureTables.File, HandleAsync).RequireAuthorization(PortalCookie.Page).ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(
        string? from, string? to, string? by, HttpContext http, TokenKeeper tokens, IHttpClientFactory clients, IStringLocalizer<Texts> texts, TimeProvider clock, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            if (SignedIn.From(http.User) is not { } person || await tokens.TokenAsync(person, cancellationToken) is not { } token)
                return TypedResults.Redirect(PortalCookie.SignInPath);
            var client = clients.CreateClient($"{PortalModule.Name}:{nameof(ISupportApi)}");
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var (first, last, dimension) = TicketFigureTables.Read(from, to, by, person.Today(clock));
            var figures = await RestService.ForGenerated<ISupportApi>(client, new RefitSettings()).FiguresAsync(first, last, dimension, cancellationToken);
            // With its mark: spreadsheets otherwise guess another encoding.
            byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(TicketFigureTables.Table(figures, texts).Csv(texts))];
            return TypedResults.File(bytes, "text/csv; charset=utf-8", "demandes.csv");
        }
        catch (ApiException e)
        {
            return TypedResults.StatusCode((int)e.StatusCode);
        }
        catch (Exception e) when (e is ApiExceptionBase or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return TypedResults.StatusCode(StatusCodes.Status502BadGateway);
        }
    }
}
