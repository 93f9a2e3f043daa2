using System.Security.Claims;
using System.Text.Json;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Causes;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.ReadSupportFigures;

/// <summary>GET /api/support/figures: tickets of some days, by what they are about or whose they are: how many, how long they took and what they came of. Nobody is in it.</summary>
internal static class ReadSupportFigures
{
    private const int MostDays = 731;
    private const long MinuteMilliseconds = 60_000;
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    public static void MapReadSupportFigures(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/support/figures", HandleAsync).RequireAuthorization(SupportPolicies.Read).WithName("readSupportFigures")
            .WithSummary("Tickets begun on some days, with their delays and causes, by kind, regime, département, both, cause or priority.").ProducesProblem(400).ProducesProblem(403);

    internal static async Task<Results<Ok<SupportFigures>, ProblemHttpResult>> HandleAsync(
        DateOnly from, DateOnly to, string? by, ClaimsPrincipal user, SupportDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (to < from || to.DayNumber - from.DayNumber >= MostDays)
            return Problems.Invalid("to", "period-invalid", "La période va du premier au dernier jour, deux ans au plus.");
        var (first, end) = (Midnight(from), Midnight(to.AddDays(1)));
        var tickets = db.Tickets.AsNoTracking().Where(actor.Sees).Where(row => row.CreatedAt >= first && row.CreatedAt < end);
        var labels = (await CauseBook.ReadAsync(db, cancellationToken)).ToDictionary(one => one.Code, one => one.Label, StringComparer.Ordinal);
        var counting = new Counting(db, clock.GetUtcNow(), labels);
        var rows = by switch
        {
            null or "kind" => await counting.CountAsync(tickets.Select(row => new Keyed<TicketKind> { Id = row.Id, State = row.State, Cause = row.Cause, Key = row.Kind }), NameOf, cancellationToken),
            "priority" => await counting.CountAsync(tickets.Select(row => new Keyed<TicketPriority> { Id = row.Id, State = row.State, Cause = row.Cause, Key = row.Priority }), NameOf, cancellationToken),
            "regime" => await counting.CountAsync(tickets.Select(row => new Keyed<string?> { Id = row.Id, State = row.State, Cause = row.Cause, Key = row.OrganismRegime }), key => key ?? "", cancellationToken),
            "department" => await counting.CountAsync(tickets.Select(row => new Keyed<string?> { Id = row.Id, State = row.State, Cause = row.Cause, Key = row.Department }), key => key ?? "", cancellationToken),
            "cause" => await counting.CountAsync(tickets.Select(row => new Keyed<string?> { Id = row.Id, State = row.State, Cause = row.Cause, Key = row.State == TicketState.Solved || row.State == TicketState.Closed ? row.Cause : null }), key => key ?? "", cancellationToken),
            "regimeDepartment" => [.. (await counting.CountAsync(tickets.Select(row => new Keyed<string?> { Id = row.Id, State = row.State, Cause = row.Cause, Key = (row.OrganismRegime ?? "") + "|" + row.Department }), key => key ?? "", cancellationToken)).Select(Crossed)],
            _ => null,
        };
        return rows is null
            ? Problems.Invalid("by", "by-unknown", "La répartition est « kind », « regime », « department », « regimeDepartment », « cause » ou « priority ».")
            : TypedResults.Ok(new SupportFigures(from, to, by ?? "kind", rows));
    }

    // Neither the id of a regime nor the code of a département has a bar.
    private static SupportFigure Crossed(SupportFigure row) => row with { Key = row.Key.Split('|')[0], Department = row.Key.Split('|')[1] };

    private static string NameOf<T>(T key)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(key.ToString());

    private static DateTimeOffset Midnight(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, Paris.GetUtcOffset(local)).ToUniversalTime();
    }

    private sealed class Keyed<TKey>
    {
        public required Guid Id { get; init; }

        public required TicketState State { get; init; }

        public required string? Cause { get; init; }

        public required TKey Key { get; init; }
    }

    private sealed class Counting(SupportDb db, DateTimeOffset now, Dictionary<string, string> labels)
    {
        public async Task<List<SupportFigure>> CountAsync<TKey>(IQueryable<Keyed<TKey>> keyed, Func<TKey, string> name, CancellationToken cancellationToken)
        {
            var counts = await keyed.GroupBy(one => one.Key).Select(group => new
            {
                group.Key, Tickets = group.Count(),
                Over = group.Count(one => one.State == TicketState.Solved || one.State == TicketState.Closed), With = group.Count(one => one.State == TicketState.Transferred),
            }).ToListAsync(cancellationToken);
            // What is past its time and still runs is missed as well: the row says so once something else is done.
            var clocks = await keyed.Join(db.Clocks, one => one.Id, clock => clock.Ticket, (one, clock) => new { one.Key, clock.Kind, clock.MetAt, clock.MissedAt, clock.DueAt, clock.UsedMilliseconds })
                .GroupBy(one => new { one.Key, one.Kind }).Select(group => new
                {
                    group.Key.Key, group.Key.Kind, Met = group.Count(one => one.MetAt != null), Missed = group.Count(one => one.MissedAt != null || one.DueAt <= now),
                    Used = group.Sum(one => one.MetAt != null ? one.UsedMilliseconds : 0L),
                }).ToListAsync(cancellationToken);
            // What is open again has none, though a version that knew no causes left it there.
            var came = await keyed.Where(one => one.Cause != null && (one.State == TicketState.Solved || one.State == TicketState.Closed)).GroupBy(one => new { one.Key, one.Cause }).Select(group => new { group.Key.Key, Cause = group.Key.Cause!, Tickets = group.Count() }).ToListAsync(cancellationToken);
            var delays = clocks.ToLookup(one => name(one.Key), one => new SupportDelay(one.Kind, one.Met, one.Missed, one.Met == 0 ? null : (int)(one.Used / one.Met / MinuteMilliseconds)));
            var causes = came.ToLookup(one => name(one.Key), one => new SupportCause(one.Cause, labels.GetValueOrDefault(one.Cause, one.Cause), one.Tickets));
            return
            [
                .. counts.Select(one => new SupportFigure(name(one.Key), one.Tickets, one.Over, one.With, [.. delays[name(one.Key)].OrderBy(delay => delay.Kind)])
                {
                    Causes = [.. causes[name(one.Key)].OrderByDescending(cause => cause.Tickets).ThenBy(cause => cause.Code, StringComparer.Ordinal)],
                }).OrderByDescending(one => one.Tickets).ThenBy(one => one.Key, StringComparer.Ordinal),
            ];
        }
    }
}
