using System.Security.Claims;
using Cdr.Contracts.Usage;
using Cdr.Usage.Counting;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Usage.Features.ReadMonths;

/// <summary>Months as the field draws them: average a day, and cumulated.</summary>
internal static class ReadMonths
{
    public static void MapReadMonths(this IEndpointRouteBuilder routes) =>
        routes.MapQuestion("/api/usage/months", HandleAsync, "readUsageMonths", "Months: consultations cumulated over each and since January, and the average of a working day. Default: the last 13; months are kept for ever.");

    internal static async Task<Results<Ok<UsageMonths>, ProblemHttpResult>> HandleAsync(
        [AsParameters] UsageParameters parameters, ClaimsPrincipal user, UsageReading reading, TimeProvider clock, CancellationToken cancellationToken)
    {
        var today = Days.Of(clock.GetUtcNow());
        if (parameters is { From: null or "", To: null or "" })
            parameters = parameters with { From = Periods.FirstDay(Periods.Of(Grain.Month, today) - Periods.MonthsOfDays + 1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) };
        if (UsageQuestion.Read(parameters, by: null, user, clock.GetUtcNow(), out var question) is { } problem)
            return problem;
        question = question with { WithLatency = false };
        var (from, to, current) = (Periods.Of(Grain.Month, question.From), Periods.Of(Grain.Month, question.To), Periods.Of(Grain.Month, today));
        // A month before the first and a year before it are compared with; January begins its year's sum.
        var all = await reading.PeriodsAsync(question, Grain.Month, from - 12, to, cancellationToken);
        var byDepartment = (await reading.PeriodsAsync(question with { By = Dimensions.Department }, Grain.Month, from, to, cancellationToken)).ToLookup(one => one.Key.Period, one => (one.Key.Key, one.Value));

        // The month that runs has had some of its days: of others it is compared with these alone.
        var isRunning = from <= current && current <= to;
        var previous = isRunning && question.Previous ? await SameDaysAsync(current - 1) : null;
        var year = isRunning && question.Year ? await SameDaysAsync(current - 12) : null;

        List<UsageMonth> months = [];
        long? inYear = 0;
        for (var month = from; month <= to; month++)
        {
            if (month == from || month % 12 == 0)
                inYear = Enumerable.Range(month / 12 * 12, month % 12).Aggregate((long?)0, (sum, one) => sum + Count(one).Consultations);
            var count = Count(month);
            inYear += count.Consultations;
            // Of a month to come no day is over.
            var average = month >= current
                ? await reading.AverageAsync(question, Periods.FirstDay(month), today, cancellationToken)
                : UsageReading.Average(question, Periods.FirstDay(month), Periods.FirstDay(month + 1).AddDays(-1), [.. byDepartment[month]]);
            months.Add(new UsageMonth(Periods.Text(Grain.Month, month), count, inYear, average));
        }

        return TypedResults.Ok(new UsageMonths(months));

        UsageCount Count(int month) => month == current
            ? Figure.Count(question, all.GetValueOrDefault(("", month)), previous?.GetValueOrDefault(""), year?.GetValueOrDefault(""), previous is not null, year is not null)
            : Figure.Count(question, all.GetValueOrDefault(("", month)), all.GetValueOrDefault(("", month - 1)), all.GetValueOrDefault(("", month - 12)), question.Previous, question.Year);

        Task<Dictionary<string, Figure>?> SameDaysAsync(int month) => reading.SameDaysAsync(question, month, key => all.GetValueOrDefault((key, month)), cancellationToken);
    }
}
