using System.ComponentModel;
using System.Security.Claims;
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
using Microsoft.EntityFrameworkCore;

namespace Cdr.Usage.Features.ReadRegimes;

/// <summary>How the regimes answered: all of them, or the caller's own.</summary>
internal static class ReadRegimes
{
    public const string Policy = "usage-regimes";

    private const int DefaultDays = 30;

    /// <summary>Who sees the country, and a regime's own staff. No establishment is told apart, nor is how much one asked.</summary>
    public static AuthorizationPolicy Readers { get; } = Policies.Roles(CdrRoles.Operations, CdrRoles.Administrator, CdrRoles.DataProtection, CdrRoles.RegimeAgent);

    public static void MapReadRegimes(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/usage/regimes", HandleAsync).RequireAuthorization(Policy).WithName("readUsageRegimes")
            .WithSummary("How the regimes answered: parts in consultations, calls, their time, and how they ended; days are kept 13 months.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden).InTurn();

    internal static async Task<Results<Ok<UsageRegimes>, ProblemHttpResult>> HandleAsync(
        [Description("First day (Europe/Paris), yyyy-MM-dd. Default: 29 days before the last.")] string? from,
        [Description("Last day, included, yyyy-MM-dd. Default: today.")] string? to,
        ClaimsPrincipal user, UsageDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!AskedDays.TryRead(to, Days.Of(clock.GetUtcNow()), out var last))
            return AskedDays.NotADay("to");
        if (!AskedDays.TryRead(from, last > DateOnly.MinValue.AddDays(DefaultDays) ? last.AddDays(1 - DefaultDays) : DateOnly.MinValue, out var first))
            return AskedDays.NotADay("from");
        if (first > last)
            return Problems.Invalid("from", "period-reversed", "Le premier jour est après le dernier.");
        if (Periods.FirstDayKept(Grain.Day, clock.GetUtcNow()) is var kept && first < kept)
            return UsageQuestion.TooOld(Grain.Day, kept);
        var rows = db.RegimeDaily.AsNoTracking().Where(row => row.Day >= first && row.Day <= last);
        if (user.FindFirstValue(CdrClaims.Role) == CdrRoles.RegimeAgent)
        {
            if (user.FindFirstValue(CdrClaims.Regime) is not { Length: > 0 } own)
                return Viewer.NoScope();
            rows = rows.Where(row => row.Regime == own);
        }

        var sums = await rows.GroupBy(row => new { row.Regime, row.Outcome })
            .Select(same => new { same.Key.Regime, same.Key.Outcome, Answers = same.Sum(row => row.Answers), Calls = same.Sum(row => row.Calls), Milliseconds = same.Sum(row => row.Milliseconds) })
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(new UsageRegimes(
            first, last,
            [
                .. sums.GroupBy(sum => sum.Regime).Select(regime => (Regime: regime.Key, Calls: regime.Sum(sum => sum.Calls), Rows: regime.OrderBy(sum => sum.Outcome).ToList()))
                    .OrderByDescending(regime => regime.Calls).ThenBy(regime => regime.Regime, StringComparer.Ordinal)
                    .Select(regime => new RegimeFigure(
                        regime.Regime, regime.Rows.Sum(sum => sum.Answers), regime.Calls, regime.Calls == 0 ? null : (int)Math.Round((double)regime.Rows.Sum(sum => sum.Milliseconds) / regime.Calls),
                        regime.Rows.ToDictionary(sum => sum.Outcome, sum => sum.Answers))),
            ]));
    }
}
