using System.Security.Claims;
using Cdr.Contracts.Usage;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Usage.Features.ReadSummary;

/// <summary>A period in figures.</summary>
internal static class ReadSummary
{
    public static void MapReadSummary(this IEndpointRouteBuilder routes) =>
        routes.MapQuestion("/api/usage/summary", HandleAsync, "readUsageSummary", "A period in figures: consultations, average of a working day, durations, how well it was answered.");

    internal static async Task<Results<Ok<UsageSummary>, ProblemHttpResult>> HandleAsync(
        [AsParameters] UsageParameters parameters, ClaimsPrincipal user, UsageReading reading, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (UsageQuestion.Read(parameters, by: null, user, clock.GetUtcNow(), out var question) is { } problem)
            return problem;
        var (from, to) = (question.From, question.To);
        if (!reading.Knows(from, to))
            return ReadBreakdown.ReadBreakdown.TooOld();

        var now = await SumAsync(question with { WithLatency = true }, from, to);
        var (previousDays, yearDays) = (UsageReading.PeriodBefore(from, to), UsageReading.YearBefore(from, to));
        var previous = question.Previous && reading.Knows(previousDays.From, previousDays.To);
        var year = question.Year && reading.Knows(yearDays.From, yearDays.To);
        var count = Figure.Count(
            question, now, previous ? await SumAsync(question, previousDays.From, previousDays.To) : null, year ? await SumAsync(question, yearDays.From, yearDays.To) : null, previous, year);
        var outcomes = await reading.TotalsAsync(question with { By = Dimensions.Outcome }, from, to, cancellationToken);
        var sources = await reading.TotalsAsync(question with { By = Dimensions.Source }, from, to, cancellationToken);
        return TypedResults.Ok(new UsageSummary(
            from, to, count, await reading.AverageAsync(question, from, to, cancellationToken), now?.LatencyOf(question),
            1 - Part(outcomes, "incomplete"), Part(sources, "cached"), Part(sources, "stale")));

        async Task<Figure?> SumAsync(UsageQuestion asked, DateOnly first, DateOnly last) => (await reading.TotalsAsync(asked, first, last, cancellationToken)).GetValueOrDefault("");

        double? Part(Dictionary<string, Figure> figures, string key)
        {
            var all = figures.Values.Sum(figure => figure.Consultations);
            // A part of others' few would tell them.
            if (all == 0 || figures.Values.Any(figure => figure.IsMasked(question)))
                return null;
            return Math.Round((double)(figures.GetValueOrDefault(key)?.Consultations ?? 0) / all, 4);
        }
    }
}
