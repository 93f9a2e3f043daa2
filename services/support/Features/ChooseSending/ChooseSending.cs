using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.ChooseSending;

/// <summary>Whether clerks send to the hotline themselves: nights have no referent.</summary>
internal static class ChooseSending
{
    private const int Attempts = 10;

    public static void MapChooseSending(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/support/establishment", ReadAsync).RequireAuthorization(SupportPolicies.Choice).WithName("readChoice").WithSummary("What the caller's establishment chose.").ProducesProblem(403);
        routes.MapPut("/api/support/establishment", ChooseAsync).RequireAuthorization(SupportPolicies.Choose).WithName("chooseSending").WithSummary("Its referent chooses.").ProducesProblem(403);
    }

    internal static async Task<Results<Ok<EstablishmentChoice>, ProblemHttpResult>> ReadAsync(ClaimsPrincipal user, SupportDb db, CancellationToken cancellationToken) =>
        Actor.From(user) is { } actor
            ? TypedResults.Ok(new EstablishmentChoice(await db.Establishments.AnyAsync(row => row.Finess == actor.Establishment && row.DirectSending, cancellationToken)))
            : TicketProblems.NoScope();

    internal static async Task<Results<Ok<EstablishmentChoice>, ProblemHttpResult>> ChooseAsync(EstablishmentChoice choice, ClaimsPrincipal user, SupportDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        for (var attempt = 1; ; attempt++)
        {
            var now = clock.GetUtcNow();
            var known = await db.Establishments.FirstOrDefaultAsync(row => row.Finess == actor.Establishment, cancellationToken);
            if (known?.DirectSending == choice.DirectSending)
                return TypedResults.Ok(choice);
            if (known is null)
                db.Establishments.Add(new EstablishmentRow { Finess = actor.Establishment, DirectSending = choice.DirectSending, ChosenBy = actor.Subject, ChosenAt = now });
            else
                (known.DirectSending, known.ChosenBy, known.ChosenAt) = (choice.DirectSending, actor.Subject, now);
            var last = await db.Choices.Where(row => row.Finess == actor.Establishment).MaxAsync(row => (int?)row.Number, cancellationToken) ?? 0;
            db.Choices.Add(new ChoiceRow { Finess = actor.Establishment, Number = last + 1, DirectSending = choice.DirectSending, By = actor.Subject, At = now });
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return TypedResults.Ok(choice);
            }
            catch (DbUpdateException) when (attempt < Attempts)
            {
                // Another referent chose at the same moment: theirs was first, and this one is made after it.
                db.ChangeTracker.Clear();
            }
        }
    }
}
