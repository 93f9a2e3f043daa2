using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Identity;
using Cdr.Usage.Counting;
using Cdr.Usage.Store;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

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
        routes.MapGet("/api/usage/daily", Handle)
            .RequireAuthorization(Policy)
            .WithName("readDailyUsage")
            .WithSummary("Consultations counted a day, within what the caller's role lets them see.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden);

    internal static Results<Ok<IAsyncEnumerable<DailyUsage>>, ProblemHttpResult> Handle(
        [Description("First day (Europe/Paris), yyyy-MM-dd. Default: 29 days before the last.")] string? from,
        [Description("Last day, included, yyyy-MM-dd. Default: today. At most 400 days in all.")] string? to,
        ClaimsPrincipal user, UsageDb db, TimeProvider clock)
    {
        if (!TryRead(to, Days.Of(clock.GetUtcNow()), out var last))
            return NotADay("to");
        if (!TryRead(from, last > DateOnly.MinValue.AddDays(DefaultDays) ? last.AddDays(1 - DefaultDays) : DateOnly.MinValue, out var first))
            return NotADay("from");
        if (first > last)
            return Problems.Invalid("from", "period-reversed", "Le premier jour est après le dernier.");
        if (last.DayNumber - first.DayNumber >= MostDays)
            return Problems.Invalid("from", "period-too-long", "La période dépasse 400 jours.", "Demandez-la en plusieurs fois.");
        if (Seen(db.Daily, user) is not { } seen)
            return Problems.Problem(StatusCodes.Status403Forbidden, "scope-missing", "Votre session n'est rattachée à aucun établissement.", "Choisissez une activité à la connexion.");

        // Not a list: all establishments over a year are millions of rows.
        return TypedResults.Ok(seen.Where(count => count.Day >= first && count.Day <= last)
            .OrderBy(count => count.Day).ThenBy(count => count.Department).ThenBy(count => count.Establishment)
            .Select(count => new DailyUsage(
                count.Day, count.Department, count.Group, count.Establishment, count.Unit, count.Function,
                count.Regime, count.Reason, count.Outcome, count.Source, count.Consultations))
            .AsAsyncEnumerable());
    }

    /// <summary>Null when the token does not say whose counts they are: an empty group is that of every establishment that has none.</summary>
    private static IQueryable<DailyCount>? Seen(IQueryable<DailyCount> counts, ClaimsPrincipal user) => user.FindFirstValue(CdrClaims.Role) switch
    {
        CdrRoles.Operations or CdrRoles.DataProtection or CdrRoles.Administrator => counts,
        CdrRoles.GroupManager when user.FindFirstValue(CdrClaims.Group) is { Length: > 0 } group => counts.Where(count => count.Group == group),
        CdrRoles.Clerk or CdrRoles.Referent or CdrRoles.FunctionalCorrespondent when user.FindFirstValue(CdrClaims.Finess) is { Length: > 0 } finess =>
            counts.Where(count => count.Establishment == finess),
        _ => null,
    };

    private static bool TryRead(string? text, DateOnly otherwise, out DateOnly day)
    {
        day = otherwise;
        return string.IsNullOrEmpty(text) || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    private static ProblemHttpResult NotADay(string field) =>
        Problems.Invalid(field, "date-unreadable", "La date n'est pas lisible.", "Écrivez-la AAAA-MM-JJ, par exemple 2026-03-29.");
}
