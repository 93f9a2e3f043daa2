using Cdr.Contracts.Rights;
using Cdr.Contracts.Usage;

namespace Cdr.Portal.Tests.Fakes;

/// <summary>Figures of Usage, as small as their pages need.</summary>
public sealed class FakeFigures
{
    public static readonly Guid Campaign = Guid.Parse("01930000-0000-7000-8000-0000000000d1");

    public static string ThisMonth { get; } = TimeProvider.System.GetUtcNow().ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Nothing was asked.</summary>
    public bool Empty { get; set; }

    public bool Refused { get; set; }

    public List<Campaign> Campaigns { get; } = [new(Campaign, "Déploiement national", [new(1, "Groupes publics", TargetKind.LegalEntities, new DateOnly(2008, 9, 1)), new(2, "Cliniques", TargetKind.Establishments, new DateOnly(2009, 4, 1))], [], [])];

    public void Map(WebApplication app)
    {
        app.MapGet("/api/usage/summary", () => Refused
            ? Results.Problem("Au-delà de treize mois, demandez des mois entiers.", statusCode: 400, title: "Les jours de cette période ne sont plus comptés un par un.")
            : Results.Ok(new UsageSummary(new DateOnly(2026, 1, 1), new DateOnly(2026, 3, 31), Count(Empty ? 0 : 12_345, 12_000, 10_000), new UsageAverage(62, Empty ? 0 : 199.1), new UsageLatency(50, 400, 650, 0.998), 0.991, 0.2, 0)));
        app.MapGet("/api/usage/months", () => new UsageMonths(
        [
            new("2026-01", Count(4000, null, 3000), 4000, new UsageAverage(21, 190.5)), new("2026-02", Count(4100, null, 3100), 8100, new UsageAverage(20, 205)),
            new("2026-03", new UsageCount(null, null, null, true), null, new UsageAverage(22, null)),
        ]));
        app.MapGet("/api/usage/breakdown", (string by) => new UsageBreakdown(
            by, new DateOnly(2026, 1, 1), new DateOnly(2026, 3, 31), 12_000,
            by == "unit" ? [new("1234567890", Count(9000, null, 8000), null), new("2840575112901", Count(3000, null, null), null)]
            : by == "regime" ? [new("cnam", Count(9000, null, 8000), null), new("unheard-of", Count(3000, null, null), null)]
            : [new("59", Count(9000, null, 8000), null), new("75", Count(3000, null, null), null), new("2A", new UsageCount(null, null, null, true), null)], 0, 0));
        app.MapGet("/api/usage/series", (string step, string? by) => new UsageSeries(
            step, new DateOnly(2026, 1, 1), new DateOnly(2026, 3, 31),
            by == "outcome"
                ? Empty ? [] : [new("found", [new("2026-11-22", Count(4, null, null), 4, null), new("2026-11-23", Count(1234, null, null), 1238, null)]), new("notFound", [new("2026-11-23", Count(6, null, null), 6, null)])]
                : step == "month"
                ? [Line("59", 900), Line("75", 30), new("2A", [new(ThisMonth, new UsageCount(null, null, null, true), null, null)])]
                : step == "day" ? [new(null, [new("2026-01-02", Count(12, null, null), 12, null)])]
                : [new(null, [new(TimeProvider.System.GetUtcNow().AddMinutes(-5).ToString("yyyy-MM-dd'T'HH:mm:00'Z'", System.Globalization.CultureInfo.InvariantCulture), Count(7, null, null), 7, null)])]));
        app.MapGet("/api/usage/objectives", () => new UsageObjectives(
            new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero), 30,
            [
                Promise("availability", "hour", 0.995, 200, 200, 1, "none"), Promise("latency", "consultation", 0.99, 12_000, 11_760, -1, "page"),
                Promise("complete", "consultation", 0.99, 12_000, 11_940, 0.5, "ticket"), Promise("cache", "consultation", 0.25, 12_000, 6_000, 0.3333, "none"),
            ]));
        app.MapGet("/api/usage/regimes", () => new UsageRegimes(
            new DateOnly(2026, 10, 26), new DateOnly(2026, 11, 24),
            Empty ? [] : [new("cnam", 1200, 900, 140, new Dictionary<RegimeOutcome, long> { [RegimeOutcome.Found] = 1000, [RegimeOutcome.Unknown] = 140, [RegimeOutcome.Unavailable] = 60 })]));
        app.MapGet("/api/usage/export", (string step) => Results.Json(new[] { step }));
        app.MapGet("/api/usage/export.csv", (string step) => Results.Text($"period;{step}\r\n", "text/csv"));
        app.MapGet("/api/usage/campaigns", () => Campaigns);
        app.MapGet("/api/usage/campaigns/{id:guid}/rates", (Guid id, string? month) => new CampaignRates(
            id, new DateOnly(2011, 3, 31), month == "2011-03",
            [
                new(1, "Groupes publics", TargetKind.LegalEntities, new(null, 675, 633, 93.8), [new("59", 20, 19, 95), new("13", 10, 4, 40)], [new("32", 20, 19, 95)], WithoutSites: 12),
                new(2, "Cliniques", TargetKind.Establishments, new(null, 134, 100, 74.6), [new("59", 4, 1, 25)], [new("32", 4, 1, 25)]),
            ]));
        app.MapGet("/api/usage/silent", () => new SilentEstablishment[] { new("590780193", "59", "g", new DateOnly(2010, 1, 4), new DateOnly(2026, 1, 5), 90), new("130000003", "13", "", null, null, 400) });
    }

    private Objective Promise(string id, string unit, double target, long total, long good, double left, string alert) => new(
        id, unit, target, Empty ? 0 : total, Empty ? 0 : good, Empty ? null : (double)good / total, Math.Round(total * (1 - target), 2), Empty ? null : left,
        [.. new[] { "5m", "30m", "1h", "6h", "3d" }.Select((window, at) => new BurnRate(window, at == 0 && unit == "hour" ? null : 2.5 - at / 2.0))], alert);

    private static UsageLine Line(string department, long count) => new(department, [new(ThisMonth, Count(count, null, null), count, null)]);

    private static UsageCount Count(long now, long? previous, long? year) => new(now, previous, year, false);
}
