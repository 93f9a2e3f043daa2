using System.Net.Http.Headers;
using Cdr.Contracts.Usage;
using Cdr.Portal.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Refit;

namespace Cdr.Portal.Figures;

/// <summary>What a drawing is made of, as the interface gives it.</summary>
/// <param name="Type">JSON or CSV.</param>
/// <param name="Address">Here: a browser has the cookie alone, Usage wants the person's token.</param>
public sealed record RawFile(string Type, string Address);

/// <summary>The answers of the interface itself beside the drawings, passed on as they come, whatever their length.</summary>
internal static class FigureRaw
{
    private const string Path = "/usage/brut/";

    private static readonly string[] Types = ["json", "csv"];
    private static readonly string[] Steps = ["hour", "day", "month"];

    /// <summary>The counts, all told apart. Only of one's own: none of a drawing of others' consultations.</summary>
    public static IReadOnlyList<RawFile> Counts(FigureQuery query, DateOnly from, DateOnly to, string step, bool seesAll)
    {
        if (query.IsCountry && !seesAll)
            return [];
        var whole = query with { From = from, To = to };
        return [.. Types.Select(type => new RawFile(type.ToUpperInvariant(), QueryHelpers.AddQueryString(whole.At(Path + "consultations." + type), "step", step)))];
    }

    public static IReadOnlyList<RawFile> Rates(FigureQuery query) => [new("JSON", query.At(Path + "deploiement.json"))];

    public static IReadOnlyList<RawFile> Objectives(FigureQuery query) => [new("JSON", query.At(Path + "objectifs.json"))];

    public static void MapFigureRaw(this IEndpointRouteBuilder routes)
    {
        (string File, Func<FigureQuery, string?, string?> Api)[] files =
        [
            ("consultations.json", (query, step) => Export("/api/usage/export", query, step)), ("consultations.csv", (query, step) => Export("/api/usage/export.csv", query, step)),
            ("objectifs.json", (query, _) => With("/api/usage/objectives", ("department", query.Department))),
            ("deploiement.json", (query, _) => query.Campaign is { } campaign ? With($"/api/usage/campaigns/{campaign}/rates", ("month", query.Month), ("function", query.Function)) : null),
        ];
        foreach (var (file, api) in files)
        {
            routes.MapGet(Path + file, (HttpContext http, TokenKeeper tokens, IHttpClientFactory clients, CancellationToken cancellationToken) =>
                HandleAsync(file, api, http, tokens, clients, cancellationToken)).RequireAuthorization(PortalCookie.Page).ExcludeFromDescription();
        }
    }

    private static async Task<IResult> HandleAsync(
        string file, Func<FigureQuery, string?, string?> api, HttpContext http, TokenKeeper tokens, IHttpClientFactory clients, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            if (SignedIn.From(http.User) is not { } person || await tokens.TokenAsync(person, cancellationToken) is not { } token)
                return TypedResults.Redirect(PortalCookie.SignInPath);
            if (!FigureReaders.Is(person.Role))
                return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
            // Without a filter that is not known more would be given than was asked for.
            var query = FigureQuery.Read(http.Request.QueryString.Value ?? "");
            if (query.Refused.Count > 0)
                return TypedResults.StatusCode(StatusCodes.Status400BadRequest);
            if (api(query, http.Request.Query["step"]) is not { } address)
                return TypedResults.StatusCode(StatusCodes.Status404NotFound);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var client = clients.CreateClient($"{PortalModule.Name}:{nameof(IUsageApi)}");
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!answer.IsSuccessStatusCode)
                return TypedResults.StatusCode((int)answer.StatusCode);
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            // Usage names the days that it really gives.
            http.Response.Headers.ContentDisposition = answer.Content.Headers.ContentDisposition?.ToString() ?? $"attachment; filename={file}";
            await answer.Content.CopyToAsync(http.Response.Body, cancellationToken);
            return TypedResults.Empty;
        }
        catch (Exception e) when (!http.Response.HasStarted && (e is ApiExceptionBase or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return TypedResults.StatusCode(StatusCodes.Status502BadGateway);
        }
    }

    private static string? Export(string path, FigureQuery query, string? step) => With(
        path, ("step", step is not null && Steps.Contains(step) ? step : null), ("from", query.From is { } from ? FigureQuery.Text(from) : null), ("to", query.To is { } to ? FigureQuery.Text(to) : null),
        ("department", query.Department), ("establishment", query.Establishment), ("unit", query.Unit), ("function", query.Function), ("regime", query.Regime), ("reason", query.Reason));

    private static string With(string path, params (string Name, string? Value)[] said) =>
        QueryHelpers.AddQueryString(path, said.Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Name, one.Value)));
}
