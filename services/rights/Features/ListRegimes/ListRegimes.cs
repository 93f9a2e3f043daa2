using Cdr.Contracts.Rights;
using Cdr.Rights.Regimes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Features.ListRegimes;

/// <summary>GET /api/regimes: registry, capability and health, before the click.</summary>
internal static class ListRegimes
{
    public static RouteHandlerBuilder MapListRegimes(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/regimes", Handle)
            .RequireAuthorization(RightsPolicies.Regimes)
            .WithName("ListRegimes")
            .WithSummary("Les régimes, ce que chacun sait répondre, et son état.");

    internal static Ok<IReadOnlyList<RegimeInfo>> Handle(RegimeRegistry registry, RegimeCaller regimes, TimeProvider clock) =>
        TypedResults.Ok(All(registry, regimes, clock.GetUtcNow()));

    internal static IReadOnlyList<RegimeInfo> All(RegimeRegistry registry, RegimeCaller regimes, DateTimeOffset now) =>
        [.. registry.Rows.Zip(regimes.Health(), (row, health) => Info(row, health, now))];

    private static RegimeInfo Info(RegimeRow row, RegimeHealth health, DateTimeOffset now) => new()
    {
        Id = row.Id.Value,
        Name = row.Name,
        ShortName = row.ShortName,
        Codes = row.Codes,
        SearchByName = row.Capabilities.SearchByName,
        PastDates = row.Capabilities.PastDates,
        WorkAccidents = row.Capabilities.WorkAccidents,
        Health = health.State switch
        {
            RegimeHealthState.Up => "up",
            RegimeHealthState.Degraded => "degraded",
            RegimeHealthState.Down => "down",
            _ => "closed",
        },
        Since = health.Since,
        ClosedDaily = [.. row.ClosedDaily.Select(c => $"{c.From:HH\\:mm}–{c.To:HH\\:mm}")],
        Downtime = [.. row.Interruptions.Where(planned => planned.To > now).OrderBy(planned => planned.From).Select(planned => new RegimeDowntime(planned.From, planned.To, planned.Note))],
        Note = row.Note,
    };
}
