using System.ComponentModel;
using System.Security.Claims;
using Cdr.Contracts.Usage;
using Cdr.ServiceDefaults;
using Cdr.Usage.Queries;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Usage.Features.ReadBreakdown;

/// <summary>Consultations of a period by département, regime, establishment…: the first of them, and the others summed.</summary>
internal static class ReadBreakdown
{
    private const int DefaultRows = 10;
    private const int MostRows = 5000;

    public static void MapReadBreakdown(this IEndpointRouteBuilder routes) =>
        routes.MapQuestion("/api/usage/breakdown", HandleAsync, "readUsageBreakdown", "Consultations of a period by the values of one thing, the most first.");

    internal static async Task<Results<Ok<UsageBreakdown>, ProblemHttpResult>> HandleAsync(
        [Description("department, region, group, establishment, unit, function, regime, reason, outcome or source.")] string? by,
        [Description("How many rows. Default 10, at most 5,000.")] int? top,
        [AsParameters] UsageParameters parameters, ClaimsPrincipal user, UsageReading reading, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(by))
            return Problems.Invalid("by", "dimension-missing", "Le critère manque.", $"Attendu\u00a0: {DimensionNames.All}.");
        if (UsageQuestion.Read(parameters, by, user, clock.GetUtcNow(), out var question) is { } problem)
            return problem;
        if (top is < 1 or > MostRows)
            return Problems.Invalid("top", "top-out-of-range", $"De 1 à {MostRows} lignes.");
        if (!reading.Knows(question.From, question.To))
            return TooOld();

        var now = await reading.TotalsAsync(question, question.From, question.To, cancellationToken);
        var earlier = question with { WithLatency = false };
        var (previousDays, yearDays) = (UsageReading.PeriodBefore(question.From, question.To), UsageReading.YearBefore(question.From, question.To));
        var previous = question.Previous && reading.Knows(previousDays.From, previousDays.To) ? await reading.TotalsAsync(earlier, previousDays.From, previousDays.To, cancellationToken) : null;
        var year = question.Year && reading.Knows(yearDays.From, yearDays.To) ? await reading.TotalsAsync(earlier, yearDays.From, yearDays.To, cancellationToken) : null;

        // Masked ones last, by their names: their place would tell how many they are.
        var all = new[] { now, previous, year }.SelectMany(figures => figures?.Keys ?? Enumerable.Empty<string>()).Distinct()
            .Select(key => (Key: key, Figure: now.GetValueOrDefault(key), Shown: now.GetValueOrDefault(key) is { } figure && !figure.IsMasked(question) ? figure.Consultations : 0))
            .OrderByDescending(row => row.Shown).ThenBy(row => row.Key, StringComparer.Ordinal).ToList();
        var rows = all.Take(top ?? DefaultRows).ToList();
        return TypedResults.Ok(new UsageBreakdown(
            by, question.From, question.To, all.Sum(row => row.Shown),
            [
                .. rows.Select(row => new UsageShare(
                    row.Key, Figure.Count(question, row.Figure, previous?.GetValueOrDefault(row.Key), year?.GetValueOrDefault(row.Key), previous is not null, year is not null),
                    row.Figure?.LatencyOf(question))),
            ],
            all.Count - rows.Count, all.Skip(rows.Count).Sum(row => row.Shown)));
    }

    /// <summary>Days are kept 13 months; of older ones only whole months are known.</summary>
    internal static ProblemHttpResult TooOld() =>
        Problems.Invalid("from", "period-too-old", "Les jours de cette période ne sont plus comptés un par un.", "Au-delà de treize mois, demandez des mois entiers.");
}
