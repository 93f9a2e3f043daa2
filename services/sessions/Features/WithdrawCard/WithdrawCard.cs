using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.WithdrawCard;

/// <summary>The agent saw the card leave. It holds no token, but the ticket that it handed in: spent, good for nothing but this.</summary>
internal static class WithdrawCard
{
    public static RouteHandlerBuilder MapWithdrawCard(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/withdrawals", HandleAsync).AllowAnonymous().ProducesProblem(400)
            .WithSummary("The card was withdrawn: ends the session of its ticket, or spends the ticket. Idempotent.");

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        WithdrawalRequest request, SessionsDb db, GivenSecrets secrets, SessionCopies copies, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.Ticket is not { Length: > 0 and <= 128 })
            return Problems.Invalid("ticket", "ticket-missing", "Le ticket de connexion est absent.");
        // As where nothing is left to end.
        if (!secrets.AreOurs(GivenSecrets.Ticket, request.Ticket))
            return TypedResults.NoContent();
        var hash = Secret.HashOf(request.Ticket);
        var now = clock.GetUtcNow();
        await db.Tickets.Where(ticket => ticket.Hash == hash && ticket.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(t => t.UsedAt, now), cancellationToken);
        var session = await db.Sessions.Where(one => one.Ticket == hash).Select(one => (Guid?)one.Id).FirstOrDefaultAsync(cancellationToken);
        if (session is { } id)
            await copies.EndAsync(db, id, SessionEnds.Withdrawn, cancellationToken);
        return TypedResults.NoContent();
    }
}
