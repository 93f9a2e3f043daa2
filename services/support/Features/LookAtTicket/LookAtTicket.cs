using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.LookAtTicket;

/// <summary>POST /api/support/tickets/{id}/looking: who has a ticket before them says so every few seconds, and learns who else has.</summary>
internal static class LookAtTicket
{
    /// <summary>Longer than a page waits between two of them, several times.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(30);

    public static void MapLookAtTicket(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/support/tickets/{id:guid}/looking", HandleAsync).RequireAuthorization(SupportPolicies.Look).WithName("lookAtTicket")
            .WithSummary("The caller has it before them; who of their own side has too.").ProducesProblem(403).ProducesProblem(404);

    internal static async Task<Results<Ok<TicketLook>, ProblemHttpResult>> HandleAsync(Guid id, ClaimsPrincipal user, SupportDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (await db.Tickets.Where(actor.Sees).Where(row => row.Id == id).Select(row => new { row.Version, row.Organism }).FirstOrDefaultAsync(cancellationToken) is not { } ticket)
            return TicketProblems.Unknown();
        var now = clock.GetUtcNow();
        var past = now - Lasts;
        var regime = actor.Side == TicketSide.Organism ? Actor.OrganismRecipient(actor.Regime, ticket.Organism!) : "";
        await db.Looks.Where(row => row.At < past).ExecuteDeleteAsync(cancellationToken);
        if (await db.Looks.Where(row => row.Ticket == id && row.Subject == actor.Subject).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.At, now).SetProperty(row => row.Role, actor.Role).SetProperty(row => row.Regime, regime), cancellationToken) == 0)
        {
            db.Looks.Add(new LookRow { Ticket = id, Subject = actor.Subject, Role = actor.Role, Regime = regime, At = now });
            try
            {
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException)
            {
                // The same person's other page said so at the same moment.
            }
        }

        // An organism's staff and the hotline do not know each other's people; nor two caisses', where a ticket was just pointed from one to the other.
        var others = await db.Looks.AsNoTracking().Where(row => row.Ticket == id && row.Subject != actor.Subject && row.Role == actor.Role && row.Regime == regime && row.At >= past)
            .OrderBy(row => row.Subject).Select(row => row.Subject).ToListAsync(cancellationToken);
        return TypedResults.Ok(new TicketLook(ticket.Version, others));
    }
}
