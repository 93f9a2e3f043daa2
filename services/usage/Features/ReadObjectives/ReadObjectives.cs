using System.ComponentModel;
using System.Security.Claims;
using Cdr.Contracts.Usage;
using Cdr.ServiceDefaults;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Cdr.Usage.Features.ReadObjectives;

/// <summary>The service's promises: whether they are kept, what is left of their budgets, and how fast these are spent.</summary>
internal static class ReadObjectives
{
    private const int Days = 30;
    private const int Hours = Days * 24;

    // Up to it minutes are added, beyond it hours and whole days: those of a day are kept by minute.
    private const int LongestOfMinutes = 360;

    public static void MapReadObjectives(this IEndpointRouteBuilder routes) => routes.MapQuestion(
        "/api/usage/objectives", HandleAsync, "readUsageObjectives",
        "Objectives over 30 days, of the caller's own consultations: latency, complete answers, cache; and of the whole service: availability. With error budgets and burn rates.");

    internal static async Task<Results<Ok<UsageObjectives>, ProblemHttpResult>> HandleAsync(
        [Description("Code of a département: the consultations of it alone. Availability stays that of the whole service.")] string? department,
        ClaimsPrincipal user, UsageDb db, IOptions<UsageOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Viewer.Of(user) is not { } viewer)
            return Viewer.NoScope();
        List<(Dimensions, string)> filters = [];
        if (!string.IsNullOrEmpty(department))
        {
            if (DimensionNames.Value(Dimensions.Department, department) is not { } code)
                return Problems.Invalid("department", "filter-unknown", "Ce département n'existe pas.", "Vérifiez le filtre, ou retirez-le.");
            filters.Add((Dimensions.Department, code));
        }

        var now = clock.GetUtcNow();
        var (minute, hour) = (Periods.Of(Grain.Minute, now), Periods.Of(Grain.Hour, now));

        List<ObjectiveSums> windows = [];
        foreach (var (_, minutes) in Budget.Windows)
            windows.Add(minutes <= LongestOfMinutes ? await SumAsync(Grain.Minute, minute - minutes + 1, minute) : await HoursAsync(hour - minutes / 60 + 1, hour));
        var whole = await HoursAsync(hour - Hours + 1, hour);
        var answered = await AnsweredAsync(db, hour - Hours + 1, hour, cancellationToken);
        // The hour that runs may still be answered in; before the first answer there was no service.
        var first = answered.Count == 0 ? hour : answered.Min();

        var targets = options.Value;
        return TypedResults.Ok(new UsageObjectives(now, Days,
        [
            Budget.Of("availability", "hour", targets.AvailabilityTarget, ServiceHours.Between(first, hour - 1, answered),
                [.. Budget.Windows.Select(window => window.Minutes < 60 ? (0, 0) : ServiceHours.Between(Math.Max(first, hour - window.Minutes / 60), hour - 1, answered))]),
            Budget.Of("latency", "consultation", targets.LatencyTarget, (whole.All, whole.WithinOneSecond), [.. windows.Select(window => (window.All, window.WithinOneSecond))]),
            Budget.Of("complete", "consultation", targets.CompleteTarget, (whole.All, whole.Complete), [.. windows.Select(window => (window.All, window.Complete))]),
            Budget.Of("cache", "consultation", targets.CacheTarget, (whole.All, whole.Cached), [.. windows.Select(window => (window.All, window.Cached))]),
        ]));

        async Task<ObjectiveSums> HoursAsync(int from, int to)
        {
            var sums = default(ObjectiveSums);
            foreach (var part in Parts(from, to))
                sums += await SumAsync(part.Grain, part.From, part.To);
            return sums;
        }

        async Task<ObjectiveSums> SumAsync(Grain grain, int from, int to)
        {
            var selection = new Selection(grain, from, to, Dimensions.Outcome | Dimensions.Source, ByPeriod: false, viewer.Narrow(filters), WithLatency: true);
            return ObjectiveSums.Of(await RollupReading.ReadAsync(db, selection, cancellationToken).ToListAsync(cancellationToken));
        }
    }

    /// <summary>Hours as the whole days of Paris among them, which have sums of their own, and the hours at both ends: the same consultations in far fewer rows.</summary>
    internal static IReadOnlyList<(Grain Grain, int From, int To)> Parts(int from, int to)
    {
        var (first, end) = (DayOf(from), DayOf(to + 1));
        if (Periods.Of(Grain.Hour, first) < from)
            first = first.AddDays(1);
        if (first >= end)
            return [(Grain.Hour, from, to)];
        List<(Grain, int, int)> parts = [(Grain.Day, first.DayNumber, end.DayNumber - 1)];
        if (Periods.Of(Grain.Hour, first) is var begin && begin > from)
            parts.Add((Grain.Hour, from, begin - 1));
        if (Periods.Of(Grain.Hour, end) is var rest && rest <= to)
            parts.Add((Grain.Hour, rest, to));
        return parts;

        static DateOnly DayOf(int hour) => Counting.Days.Of(DateTimeOffset.FromUnixTimeSeconds(hour * 3600L));
    }

    /// <summary>Of the whole service: an hour in which one hospital asks nothing is no outage.</summary>
    private static async Task<HashSet<int>> AnsweredAsync(UsageDb db, int from, int to, CancellationToken cancellationToken)
    {
        HashSet<int> hours = [];
        await foreach (var row in RollupReading.ReadAsync(db, new Selection(Grain.Hour, from, to, Dimensions.None, ByPeriod: true, []), cancellationToken))
            hours.Add(row.Period);
        return hours;
    }
}
