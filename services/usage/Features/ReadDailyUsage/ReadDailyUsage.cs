using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Cdr.Usage.Counting;
using Cdr.Usage.Queries;
using Cdr.Usage.Rollups;
using Cdr.Usage.Store;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Usage.Features.ReadDailyUsage;

/// <summary>Consultations a day: those of the caller's establishment, of their group, or all.</summary>
internal static class ReadDailyUsage
{
    public const string Policy = "usage-read";

    private const int DefaultDays = 30;
    private const int MostDays = 400;

    /// <summary>
    /// Not the hotline, which sees tickets, nor regime agents, who see what is escalated to them. Data protection does: whether use is
    /// plausible is theirs to judge, and nothing here is personal.
    /// </summary>
    public static AuthorizationPolicy Readers { get; } = Policies.Roles(
        CdrRoles.Clerk, CdrRoles.Referent, CdrRoles.FunctionalCorrespondent, CdrRoles.GroupManager, CdrRoles.Operations, CdrRoles.DataProtection, CdrRoles.Administrator);

    public static RouteHandlerBuilder MapReadDailyUsage(this IEndpointRouteBuilder routes) =>
        routes.MapQuestion("/api/usage/daily", Handle, "readDailyUsage", "Consultations counted a day, within what the caller's role lets them see.");

    internal static Results<Ok<IAsyncEnumerable<DailyUsage>>, ProblemHttpResult> Handle(
        [Description("First day (Europe/Paris), yyyy-MM-dd. Default: 29 days before the last.")] string? from,
        [Description("Last day, included, yyyy-MM-dd. Default: today. At most 400 days in all.")] string? to,
        ClaimsPrincipal user, UsageDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!AskedDays.TryRead(to, Days.Of(clock.GetUtcNow()), out var last))
            return AskedDays.NotADay("to");
        if (!AskedDays.TryRead(from, last > DateOnly.MinValue.AddDays(DefaultDays) ? last.AddDays(1 - DefaultDays) : DateOnly.MinValue, out var first))
            return AskedDays.NotADay("from");
        if (first > last)
            return Problems.Invalid("from", "period-reversed", "Le premier jour est après le dernier.");
        if (last.DayNumber - first.DayNumber >= MostDays)
            return Problems.Invalid("from", "period-too-long", "La période dépasse 400 jours.", "Demandez-la en plusieurs fois.");
        if (Periods.FirstDayKept(Grain.Day, clock.GetUtcNow()) is var kept && first < kept)
            return UsageQuestion.TooOld(Grain.Day, kept);
        if (Viewer.Of(user) is not { } viewer)
            return Viewer.NoScope();

        // Not a list: all establishments over a year are millions of rows.
        return TypedResults.Ok(ReadAsync(db, new Selection(Grain.Day, first.DayNumber, last.DayNumber, Dimensions.All, ByPeriod: true, viewer.Narrow([])), cancellationToken));
    }

    private static async IAsyncEnumerable<DailyUsage> ReadAsync(UsageDb db, Selection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in RollupReading.ReadAsync(db, selection, cancellationToken))
        {
            yield return new DailyUsage(
                DateOnly.FromDayNumber(row.Period), row.Keys[0], row.Keys[1], row.Keys[2], row.Keys[3], row.Keys[4], row.Keys[5], row.Keys[6],
                Enum.Parse<ConsultationOutcome>(row.Keys[7], ignoreCase: true), Enum.Parse<Freshness>(row.Keys[8], ignoreCase: true), row.Consultations);
        }
    }
}
