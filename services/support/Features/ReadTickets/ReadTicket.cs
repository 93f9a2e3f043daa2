using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Support.Features.ReadTickets;

/// <summary>One ticket, by its id or by the number that was said on the telephone: never by a NIR, which no address has.</summary>
internal static class ReadTicket
{
    public static void MapReadTicket(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/support/tickets/{id:guid}", HandleAsync).RequireAuthorization(SupportPolicies.Read).WithName("readTicket")
            .WithSummary("A ticket, as far as the caller may see it.").ProducesProblem(403).ProducesProblem(404);
        routes.MapPost("/api/support/numbers", FindAsync).RequireAuthorization(SupportPolicies.Read).WithName("findTicket")
            .WithSummary("The same, by its number as it is said.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(404);
    }

    internal static async Task<Results<Ok<Ticket>, ProblemHttpResult>> HandleAsync(Guid id, ClaimsPrincipal user, HttpContext http, TicketView view, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        return await view.ReadAsync(actor, tickets => tickets.Where(row => row.Id == id), cancellationToken) is { } ticket ? TypedResults.Ok(ticket) : TicketProblems.Unknown();
    }

    internal static async Task<Results<Ok<Ticket>, ProblemHttpResult>> FindAsync(TicketSearch search, ClaimsPrincipal user, HttpContext http, TicketView view, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        return TicketNumber.Read(search.Number) is { } digits && await view.ReadAsync(actor, tickets => tickets.Where(row => row.Number == digits), cancellationToken) is { } ticket
            ? TypedResults.Ok(ticket)
            : TicketProblems.Unknown();
    }
}
