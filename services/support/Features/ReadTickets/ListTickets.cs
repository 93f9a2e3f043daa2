using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.ReadTickets;

/// <summary>The tickets that the caller may see, newest first or what is due first, part by part.</summary>
internal static class ListTickets
{
    private const int Most = 200;

    public static void MapListTickets(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/support/tickets", HandleAsync).RequireAuthorization(SupportPolicies.Read).WithName("listTickets")
            .WithSummary("Tickets: an establishment's, a group's, the hotline's, a regime's.")
            .WithNames<TicketState>("state").WithNames<TicketKind>("kind").WithNames<TicketPriority>("priority").ProducesProblem(400).ProducesProblem(403);

    internal static async Task<Results<Ok<TicketPage>, ProblemHttpResult>> HandleAsync(
        string? state, string? kind, string? organism, string? assignee, string? team, string? priority, string? department, bool? overdue, string? author, string? order, Guid? after, int? take,
        ClaimsPrincipal user, HttpContext http, SupportDb db, TicketText text, TimeProvider clock, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (take is < 1 or > Most)
            return Problems.Invalid("take", "take-out-of-range", $"De 1 à {Most} tickets.");
        var filter = new TicketFilter(state, kind, organism, assignee, team, priority, department, overdue, author, order);
        var tickets = db.Tickets.AsNoTracking().Where(actor.Sees);
        if (filter.Apply(actor, clock.GetUtcNow(), ref tickets) is { } refused)
            return refused;
        if (await PageAsync(db.Tickets.AsNoTracking().Where(actor.Sees), tickets, filter.ByDue, after, cancellationToken) is not { } ordered)
            return Problems.Invalid("after", "after-unknown", "Aucun ticket de cet identifiant n'attend : la liste a changé.", "Relisez-la depuis le début.");
        var rows = await ordered.Take((take ?? 50) + 1).ToListAsync(cancellationToken);
        var page = rows.Take(take ?? 50).Select(row => new TicketLine(
            row.Id, row.Number, row.Kind, row.State, row.Priority, row.WaitsFor, actor.ReadsWords ? text.OpenTitle(row.Id, row.Title) : "", row.Establishment, row.Department, row.Organism,
            actor.Side == TicketSide.Hotline ? row.Assignee : null, actor.Side == TicketSide.Hotline ? row.Team : null, row.CreatedAt, row.UpdatedAt, row.DueAt, row.Version)).ToList();
        return TypedResults.Ok(new TicketPage(page, rows.Count > page.Count ? page[^1].Id : null));
    }

    /// <summary>What follows a ticket in an order; null where it is in that order no more.</summary>
    internal static async Task<IQueryable<TicketRow>?> PageAsync(IQueryable<TicketRow> seen, IQueryable<TicketRow> tickets, bool byDue, Guid? after, CancellationToken cancellationToken)
    {
        if (!byDue)
            return (after is { } last ? tickets.Where(row => row.Id < last) : tickets).OrderByDescending(row => row.Id);
        tickets = tickets.Where(row => row.DueAt != null);
        if (after is { } before)
        {
            if (await seen.Where(row => row.Id == before).Select(row => row.DueAt).FirstOrDefaultAsync(cancellationToken) is not { } due)
                return null;
            tickets = tickets.Where(row => row.DueAt > due || (row.DueAt == due && row.Id > before));
        }

        return tickets.OrderBy(row => row.DueAt).ThenBy(row => row.Id);
    }
}
