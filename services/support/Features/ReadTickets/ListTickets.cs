using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.ReadTickets;

/// <summary>The tickets that the caller may see, newest first, part by part.</summary>
internal static class ListTickets
{
    private const int Most = 200;
    private const string Me = "me";

    public static void MapListTickets(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/support/tickets", HandleAsync).RequireAuthorization(SupportPolicies.Read).WithName("listTickets")
            .WithSummary("Tickets: an establishment's, a group's, the hotline's, a regime's.").ProducesProblem(400).ProducesProblem(403);

    internal static async Task<Results<Ok<TicketPage>, ProblemHttpResult>> HandleAsync(
        TicketState? state, TicketKind? kind, string? organism, string? assignee, Guid? after, int? take, ClaimsPrincipal user, HttpContext http, SupportDb db, TicketText text, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (take is < 1 or > Most)
            return Problems.Invalid("take", "take-out-of-range", $"De 1 à {Most} tickets.");
        var tickets = db.Tickets.AsNoTracking().Where(actor.Sees);
        if (state is not null)
            tickets = tickets.Where(row => row.State == state);
        if (kind is not null)
            tickets = tickets.Where(row => row.Kind == kind);
        if (organism is not null)
            tickets = tickets.Where(row => row.Organism == organism);
        if (assignee is not null)
        {
            var who = assignee == Me ? actor.Subject : assignee;
            tickets = tickets.Where(row => row.Assignee == who);
        }

        if (after is { } last)
            tickets = tickets.Where(row => row.Id < last);
        var rows = await tickets.OrderByDescending(row => row.Id).Take((take ?? 50) + 1).ToListAsync(cancellationToken);
        var page = rows.Take(take ?? 50).Select(row => new TicketLine(
            row.Id, row.Number, row.Kind, row.State, row.Priority, row.WaitsFor, actor.ReadsWords ? text.OpenTitle(row.Id, row.Title) : "", row.Establishment, row.Department, row.Organism,
            actor.Side == TicketSide.Hotline ? row.Assignee : null, actor.Side == TicketSide.Hotline ? row.Team : null, row.CreatedAt, row.UpdatedAt, row.DueAt, row.Version)).ToList();
        return TypedResults.Ok(new TicketPage(page, rows.Count > page.Count ? page[^1].Id : null));
    }
}
