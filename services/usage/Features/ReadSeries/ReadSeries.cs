using System.ComponentModel;
using System.Security.Claims;
using Cdr.Contracts.Usage;
using Cdr.ServiceDefaults;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Usage.Features.ReadSeries;

/// <summary>Consultations over time: one curve, or one a value.</summary>
internal static class ReadSeries
{
    private const int DefaultLines = 10;
    private const int MostLines = 200;
    private const int MostDaysOfEstablishments = 31;

    // What leaves few establishments.
    private const Dimensions Places = Dimensions.Department | Dimensions.Group | Dimensions.Establishment | Dimensions.Unit;

    public static void MapReadSeries(this IEndpointRouteBuilder routes) =>
        routes.MapQuestion("/api/usage/series", HandleAsync, "readUsageSeries", "Consultations over time, in one curve or one a value; minutes are kept 24 hours, hours 60 days, days 13 months, months for ever.");

    internal static async Task<Results<Ok<UsageSeries>, ProblemHttpResult>> HandleAsync(
        [Description("minute, hour, day (default) or month.")] string? step,
        [Description("department, region, group, establishment, unit, function, regime, reason, outcome or source: a curve a value. Default: one curve.")] string? by,
        [Description("How many curves, the highest first. Default 10, at most 200.")] int? top,
        [AsParameters] UsageParameters parameters, ClaimsPrincipal user, UsageReading reading, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (UsageQuestion.Read(parameters, by, user, clock.GetUtcNow(), out var question) is { } problem)
            return problem;
        if (!TryRead(step, out var grain))
            return Problems.Invalid("step", "step-unknown", "Ce pas n'existe pas.", "Attendu\u00a0: minute, hour, day ou month.");
        if (top is < 1 or > MostLines)
            return Problems.Invalid("top", "top-out-of-range", $"De 1 à {MostLines} courbes.");
        if (grain < Grain.Day && (question.Previous || question.Year))
            return Problems.Invalid("compare", "comparison-too-fine", "Les heures et les minutes ne se comparent pas.", "Demandez des jours ou des mois.");
        if ((question.By & (Dimensions.Establishment | Dimensions.Unit)) != 0 && grain < Grain.Month && !question.Filters(own: true).Any(filter => (filter.Dimension & Places) != 0) && question.To.DayNumber - question.From.DayNumber >= MostDaysOfEstablishments)
            return Problems.Invalid("step", "step-too-fine", "Tous les établissements jour par jour ne se lisent que sur 31 jours.", "Demandez des mois, ou un département, un groupe, un établissement.");

        var kept = Periods.FirstDayKept(grain, clock.GetUtcNow());
        if (question.From < kept)
        {
            if (!string.IsNullOrEmpty(parameters.From) || question.To < kept)
                return UsageQuestion.TooOld(grain, kept, string.IsNullOrEmpty(parameters.From) ? "to" : "from");
            question = question with { From = kept };
        }

        question = question.InWhole(grain, reading.Today);

        var (from, to) = (Periods.Of(grain, question.From), grain < Grain.Day ? Periods.Of(grain, question.To.AddDays(1)) - 1 : Periods.Of(grain, question.To));
        var now = await reading.PeriodsAsync(question, grain, from, to, cancellationToken);
        var earlier = question with { WithLatency = false };
        // What has not come is compared with nothing: a curve would fall there.
        var current = Periods.Of(grain, clock.GetUtcNow());
        var until = Math.Min(to, current);
        var previous = question.Previous ? await reading.PeriodsAsync(earlier, grain, Before(from), Before(until), cancellationToken) : null;
        var year = question.Year ? await reading.PeriodsAsync(earlier, grain, YearBefore(from), YearBefore(until), cancellationToken) : null;
        // The month that runs has had some of its days: of others it is compared with these alone.
        var isRunning = grain == Grain.Month && from <= current && current <= to;
        var previousDays = isRunning && previous is not null ? await SameDaysAsync(Before(current), previous) : null;
        var yearDays = isRunning && year is not null ? await SameDaysAsync(YearBefore(current), year) : null;

        Dictionary<string, long> totals = [];
        foreach (var ((key, _), figure) in now)
            totals[key] = totals.GetValueOrDefault(key) + (figure.IsMasked(question) ? 0 : figure.Consultations);
        foreach (var (key, _) in (previous?.Keys ?? Enumerable.Empty<(string, int)>()).Concat(year?.Keys ?? Enumerable.Empty<(string, int)>()))
            totals.TryAdd(key, 0);
        var lines = totals.OrderByDescending(line => line.Value).ThenBy(line => line.Key, StringComparer.Ordinal).Take(top ?? DefaultLines)
            .Select(line => new UsageLine(question.By == Dimensions.None ? null : line.Key, [.. Points(line.Key)])).Where(line => line.Points.Count > 0).ToList();
        return TypedResults.Ok(new UsageSeries(StepOf(grain), question.From, question.To, lines));

        IEnumerable<UsagePoint> Points(string key)
        {
            long? cumulated = 0;
            for (var period = Math.Max(from, reading.First(grain)); period <= to; period++)
            {
                var isPart = isRunning && period == current;
                var here = now.GetValueOrDefault((key, period));
                var before = isPart ? previousDays?.GetValueOrDefault(key) : previous?.GetValueOrDefault((key, Before(period)));
                var then = isPart ? yearDays?.GetValueOrDefault(key) : year?.GetValueOrDefault((key, YearBefore(period)));
                if (here is null && before is null && then is null)
                    continue;
                var count = Figure.Count(
                    question, here, before, then,
                    isPart ? previousDays is not null : question.Previous && Before(period) >= reading.First(grain), isPart ? yearDays is not null : question.Year && YearBefore(period) >= reading.First(grain));
                cumulated += count.Consultations;
                yield return new UsagePoint(Periods.Text(grain, period), count, cumulated, here?.LatencyOf(question));
            }
        }

        Task<Dictionary<string, Figure>?> SameDaysAsync(int month, Dictionary<(string, int), Figure> months) =>
            reading.SameDaysAsync(earlier, month, key => now.GetValueOrDefault((key, month)) ?? months.GetValueOrDefault((key, month)), cancellationToken);

        int Before(int period) => period - (to - from + 1);

        int YearBefore(int period) => grain == Grain.Month ? period - 12 : DateOnly.FromDayNumber(period).AddYears(-1).DayNumber;
    }

    private static bool TryRead(string? step, out Grain grain)
    {
        grain = Grain.Day;
        return string.IsNullOrEmpty(step) || !char.IsAsciiDigit(step[0]) && Enum.TryParse(step, ignoreCase: true, out grain);
    }

    private static string StepOf(Grain grain) => grain switch { Grain.Minute => "minute", Grain.Hour => "hour", Grain.Day => "day", _ => "month" };
}
