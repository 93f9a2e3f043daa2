using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.Support.Evidence;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Support.Features.MoveTicket;

/// <summary>Does something to a ticket, and shows it as it is then: 204 where it is not the caller's any more.</summary>
internal static class MoveTicket
{
    public static void MapMoveTicket(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/support/tickets/{id:guid}/moves", HandleAsync).RequireAuthorization(SupportPolicies.Move).WithName("moveTicket")
            .WithSummary("Sends, takes, answers, transfers, solves…: what may be done now is in the ticket's « can ».").ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(502);

    internal static async Task<Results<Ok<Ticket>, NoContent, ProblemHttpResult>> HandleAsync(
        Guid id, TicketMove move, ClaimsPrincipal user, TicketWriting writing, LaterAnswers answers, TicketView view, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        var (later, unread) = move.Action == TicketAction.Compare ? await answers.FreezeAsync(id, move, actor, cancellationToken) : default;
        if ((unread ?? await writing.MoveAsync(id, move, actor, cancellationToken, later: later)) is { } refused)
            return refused;
        return await view.ReadAsync(actor, tickets => tickets.Where(row => row.Id == id), cancellationToken) is { } ticket ? TypedResults.Ok(ticket) : TypedResults.NoContent();
    }
}
