using System.Net.Http.Headers;
using System.Text;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Usage;
using Cdr.Portal.Identity;
using Cdr.Portal.Resources;
using Microsoft.Extensions.Localization;
using Refit;

namespace Cdr.Portal.Figures;

/// <summary>The table of a figure as a file, asked for by the address of its page: a browser has the cookie alone, Usage wants the person's token.</summary>
internal static class FigureFiles
{
    public static IReadOnlyList<string> Names { get; } = ["mois", "jours", "repartition", "carte", "deploiement", "regions", "silencieux", "minutes", "rythme", "objectifs", "vitesses", "regimes"];

    public static string PathOf(string figure) => $"/usage/{figure}.csv";

    public static void MapFigureFiles(this IEndpointRouteBuilder routes)
    {
        foreach (var figure in Names)
        {
            routes.MapGet(PathOf(figure), (HttpContext http, TokenKeeper tokens, IHttpClientFactory clients, IStringLocalizer<Texts> texts, TimeProvider clock, CancellationToken cancellationToken) =>
                HandleAsync(figure, http, tokens, clients, texts, clock, cancellationToken)).RequireAuthorization(PortalCookie.Page).ExcludeFromDescription();
        }
    }

    private static async Task<IResult> HandleAsync(
        string figure, HttpContext http, TokenKeeper tokens, IHttpClientFactory clients, IStringLocalizer<Texts> texts, TimeProvider clock, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            if (SignedIn.From(http.User) is not { } person || await tokens.TokenAsync(person, cancellationToken) is not { } token)
                return TypedResults.Redirect(PortalCookie.SignInPath);
            if (!FigureReaders.Is(person.Role) && !(figure == "regimes" && RegimeCalls.IsReader(person.Role)))
                return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
            var query = FigureQuery.Read(http.Request.QueryString.Value ?? "");
            if (query.Refused.Count > 0)
                return TypedResults.StatusCode(StatusCodes.Status400BadRequest);
            var file = new FigureFile(
                Api<IUsageApi>(clients, token), Api<ICampaignsApi>(clients, token), new FigureTables(texts, await RegimesAsync(figure, query, Api<IRightsApi>(clients, token), cancellationToken)), query, FigureReaders.SeesAll(person.Role), clock.GetUtcNow());
            if (await file.TableAsync(figure, cancellationToken) is not { } table)
                return TypedResults.StatusCode(StatusCodes.Status404NotFound);
            // With its mark: spreadsheets otherwise guess another encoding.
            byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(table.Csv(texts))];
            return TypedResults.File(bytes, "text/csv; charset=utf-8", file.NameOf(figure));
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

    /// <summary>Names, as the tables of the pages have them; without them an id names itself, as there.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> RegimesAsync(string figure, FigureQuery query, IRightsApi rights, CancellationToken cancellationToken)
    {
        if (figure != "regimes" && !(figure == "repartition" && query.By == "regime"))
            return new Dictionary<string, string>();
        try
        {
            return (await rights.RegimesAsync(cancellationToken)).ToDictionary(regime => regime.Id, regime => regime.ShortName);
        }
        catch (Exception e) when (e is ApiExceptionBase or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new Dictionary<string, string>();
        }
    }

    private static T Api<T>(IHttpClientFactory clients, string token)
    {
        var http = clients.CreateClient($"{PortalModule.Name}:{typeof(T).Name}");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return RestService.ForGenerated<T>(http, new RefitSettings());
    }
}

/// <summary>One file: the questions of its page, and their table.</summary>
internal sealed record FigureFile(IUsageApi Usage, ICampaignsApi Campaigns, FigureTables Tables, FigureQuery Query, bool SeesAll, DateTimeOffset Now)
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    private DateOnly Today => FigureCalls.Today(Now);

    /// <summary>Months are whole: their file names the days that it is of.</summary>
    public string NameOf(string figure) =>
        figure == "mois" && FigureCalls.WholeMonths(Query, Today) is var (from, to) ? $"{figure}-{FigureQuery.Text(from)}-{FigureQuery.Text(to)}.csv" : $"{figure}.csv";

    /// <summary>Null: there is no such campaign.</summary>
    public async Task<FigureTable?> TableAsync(string figure, CancellationToken cancellationToken) => figure switch
    {
        "mois" => Tables.Months(await FigureCalls.MonthsAsync(Usage, Query, Today, SeesAll, cancellationToken)),
        "jours" => Tables.Days(await FigureCalls.DaysAsync(Usage, Query, Today, SeesAll, cancellationToken)),
        "repartition" => Tables.Breakdown(await FigureCalls.BreakdownAsync(Usage, Query, Today, SeesAll, cancellationToken), static _ => null),
        "minutes" => Tables.Minutes(await FigureCalls.MinutesAsync(Usage, Query, Now, SeesAll, by: null, cancellationToken), Paris),
        "silencieux" => Tables.Silent(await Campaigns.SilentAsync(Query.Days, Query.Function, cancellationToken), static _ => null),
        "objectifs" => Tables.Budgets(await FigureCalls.ObjectivesAsync(Usage, Query, cancellationToken)),
        "vitesses" => Tables.Burns(await FigureCalls.ObjectivesAsync(Usage, Query, cancellationToken)),
        "regimes" => Tables.Answers(await FigureCalls.RegimesAsync(Usage, Today, cancellationToken)),
        "carte" when !Query.IsEquipment =>
            Tables.Map(MapFigures.Of(await FigureCalls.MapAsync(Usage, Query, Today, SeesAll, cancellationToken), Query.Month ?? FigureCalls.MonthOf(Today)), static _ => null),
        "rythme" => await CampaignAsync(cancellationToken) is { } campaign ? Tables.Pace(await FigureCalls.PaceAsync(Campaigns, campaign, Query, Today, SeesAll, cancellationToken)) : null,
        _ => await RatesAsync(cancellationToken) is not { } rates ? null : figure == "carte" ? Tables.Map(MapFigures.Of(rates, Query.Phase)) : Tables.Rates(rates, byRegion: figure == "regions"),
    };

    private async Task<CampaignRates?> RatesAsync(CancellationToken cancellationToken) => await CampaignAsync(cancellationToken) is { } campaign
        ? await Campaigns.RatesAsync(campaign.Id, null, Query.Month, Query.Function, cancellationToken) : null;

    // As the page: the one of the address, or the newest.
    private async Task<Campaign?> CampaignAsync(CancellationToken cancellationToken)
    {
        var all = await Campaigns.ListAsync(cancellationToken);
        return all.FirstOrDefault(campaign => campaign.Id == Query.Campaign) ?? (all is [var newest, ..] ? newest : null);
    }
}
