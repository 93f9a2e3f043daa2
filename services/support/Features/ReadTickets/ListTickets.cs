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
    private const string Me = "me";
    private const string Newest = "newest";
    private const string Due = "due";

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
        if (order is not (null or Newest or Due))
            return Problems.Invalid("order", "order-unknown", "L'ordre est « newest » ou « due ».");
        if (author is not (null or Me))
            return Problems.Invalid("author", "author-not-me", "On ne liste que les siens : « me ».");
        if (team is not null && actor.Side != TicketSide.Hotline)
            return Problems.Invalid("team", "team-not-yours", "Les équipes sont celles de la hotline.");
        if (!WireNames.TryRead<TicketState>(state, out var inState))
            return WireNames.Refuse<TicketState>("state");
        if (!WireNames.TryRead<TicketKind>(kind, out var ofKind))
            return WireNames.Refuse<TicketKind>("kind");
        if (!WireNames.TryRead<TicketPriority>(priority, out var urgent))
            return WireNames.Refuse<TicketPriority>("priority");
        var now = clock.GetUtcNow();
        var tickets = db.Tickets.AsNoTracking().Where(actor.Sees);
        if (inState is not null)
            tickets = tickets.Where(row => row.State == inState);
        if (ofKind is not null)
            tickets = tickets.Where(row => row.Kind == ofKind);
        if (organism is not null)
            tickets = tickets.Where(row => row.Organism == organism);
        if (assignee is not null)
        {
            var who = assignee == Me ? actor.Subject : assignee;
            tickets = tickets.Where(row => row.Assignee == who);
        }

        if (team is not null)
            tickets = tickets.Where(row => row.Team == team);
        if (urgent is not null)
            tickets = tickets.Where(row => row.Priority == urgent);
        if (department is not null)
            tickets = tickets.Where(row => row.Department == department);
        if (overdue == true)
            tickets = tickets.Where(row => row.DueAt < now);
        if (author is not null)
            tickets = tickets.Where(row => row.Author == actor.Subject);
        if (await PageAsync(db.Tickets.AsNoTracking().Where(actor.Sees), tickets, order == Due, after, cancellationToken) is not { } ordered)
            return Problems.Invalid("after", "after-unknown", "Aucun ticket de cet identifiant n'attend : la liste a changé.", "Relisez-la depuis le début.");
        var rows = await ordered.Take((take ?? 50) + 1).ToListAsync(cancellationToken);
        var page = rows.Take(take ?? 50).Select(row => new TicketLine(
            row.Id, row.Number, row.Kind, row.State, row.Priority, row.WaitsFor, actor.ReadsWords ? text.OpenTitle(row.Id, row.Title) : "", row.Establishment, row.Department, row.Organism,
            actor.Side == TicketSide.Hotline ? row.Assignee : null, actor.Side == TicketSide.Hotline ? row.Team : null, row.CreatedAt, row.UpdatedAt, row.DueAt, row.Version)).ToList();
        return TypedResults.Ok(new TicketPage(page, rows.Count > page.Count ? page[^1].Id : null));
    }

    /// <summary>What follows a ticket in an order; null where it is in that order no more.</summary>
    private static async Task<IQueryable<TicketRow>?> PageAsync(IQueryable<TicketRow> seen, IQueryable<TicketRow> tickets, bool byDue, Guid? after, CancellationToken cancellationToken)
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
