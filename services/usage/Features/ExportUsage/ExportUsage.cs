using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Cdr.Contracts.Usage;
using Cdr.ServiceDefaults;
using Cdr.Usage.Counting;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Usage.Features.ExportUsage;

/// <summary>The counts themselves, all told apart, as a file: row by row, whatever its length.</summary>
internal static class ExportUsage
{
    public static void MapExportUsage(this IEndpointRouteBuilder routes)
    {
        routes.MapExport("/api/usage/export", Handle, "exportUsage", "The counts, all told apart, as a stream of rows: of the caller's own establishments.");
        routes.MapExport("/api/usage/export.csv", Csv, "exportUsageCsv", "The same as CSV, with semicolons.").Produces(StatusCodes.Status200OK, contentType: "text/csv");
    }

    internal static Results<Ok<IAsyncEnumerable<UsageRow>>, ProblemHttpResult> Handle(
        [Description("hour, day (default) or month.")] string? step,
        [AsParameters] UsageParameters parameters, ClaimsPrincipal user, UsageDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Read(step, parameters, user, clock.GetUtcNow(), out var grain, out var question) is { } problem)
            return problem;
        return TypedResults.Ok(RowsAsync(db, grain, question, clock.GetUtcNow(), cancellationToken));
    }

    internal static Results<PushStreamHttpResult, ProblemHttpResult> Csv(
        [Description("hour, day (default) or month.")] string? step,
        [AsParameters] UsageParameters parameters, ClaimsPrincipal user, UsageDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Read(step, parameters, user, clock.GetUtcNow(), out var grain, out var question) is { } problem)
            return problem;
        return TypedResults.Stream(
            stream => UsageCsv.WriteAsync(stream, ReadAsync(db, grain, question, clock.GetUtcNow(), cancellationToken), grain, cancellationToken),
            "text/csv; charset=utf-8", FormattableString.Invariant($"consultations-{question.From:yyyy-MM-dd}-{question.To:yyyy-MM-dd}.csv"));
    }

    private static ProblemHttpResult? Read(string? step, UsageParameters parameters, ClaimsPrincipal user, DateTimeOffset now, out Grain grain, out UsageQuestion question)
    {
        grain = step switch { null or "" or "day" => Grain.Day, "hour" => Grain.Hour, "month" => Grain.Month, _ => Grain.Minute };
        if (UsageQuestion.Read(parameters, by: null, user, now, out question) is { } problem)
            return problem;
        if (grain == Grain.Minute)
            return Problems.Invalid("step", "step-unknown", "Ce pas n'existe pas.", "Attendu\u00a0: hour, day ou month.");
        if (Periods.FirstDayKept(grain, now) is var kept && question.From < kept)
            return UsageQuestion.TooOld(grain, kept);
        question = question.InWhole(grain, Days.Of(now));
        return question.IsBeyond ? Problems.Invalid("scope", "export-own-only", "Un export ne porte que sur vos établissements.", "Retirez scope=country.") : null;
    }

    private static async IAsyncEnumerable<UsageRow> RowsAsync(UsageDb db, Grain grain, UsageQuestion question, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in ReadAsync(db, grain, question, now, cancellationToken))
        {
            yield return new UsageRow(
                Periods.Text(grain, row.Period), row.Keys[0], row.Keys[1], row.Keys[2], row.Keys[3], row.Keys[4], row.Keys[5], row.Keys[6], row.Keys[7], row.Keys[8],
                row.Consultations, row.Working, row.Milliseconds, row.Histogram!);
        }
    }

    /// <summary>Some periods at a time: the store sorts no more than them, and the first rows leave at once.</summary>
    private static async IAsyncEnumerable<RollupRow> ReadAsync(UsageDb db, Grain grain, UsageQuestion question, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var from = Math.Max(Periods.Of(grain, question.From), Periods.First(grain, now));
        var to = grain < Grain.Day ? Periods.Of(grain, question.To.AddDays(1)) - 1 : Periods.Of(grain, question.To);
        var together = grain switch { Grain.Hour => 7 * 24, Grain.Day => 31, _ => 1 };
        for (; from <= to; from += together)
        {
            var selection = new Selection(grain, from, Math.Min(to, from + together - 1), Dimensions.All, ByPeriod: true, question.Filters(own: true), WithLatency: true);
            await foreach (var row in RollupReading.ReadAsync(db, selection, cancellationToken))
                yield return row;
        }
    }
}
