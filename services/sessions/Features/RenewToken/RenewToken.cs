using System.Security.Cryptography;
using Cdr.Contracts.Sessions;
using Cdr.Domain;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.Presence;
using Cdr.Sessions.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.RenewToken;

/// <summary>A new token for a live session; also where a card that is trusted no more or a closed habilitation ends one, at the latest after five minutes.</summary>
internal static class RenewToken
{
    public static RouteHandlerBuilder MapRenewToken(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/{id:guid}/tokens", HandleAsync).AllowAnonymous().ProducesProblem(400).ProducesProblem(401).ProducesProblem(503)
            .WithSummary("A new token for a live session, against its renewal secret.");

    internal static async Task<Results<Ok<AccessToken>, ProblemHttpResult>> HandleAsync(
        Guid id, RenewalRequest request, SessionsDb db, LiveSessions sessions, StillTrusted still, GivenSecrets secrets, Admission admission, CardPresence presence,
        TokenMaker tokens, SessionCopies copies, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.Renewal is not { Length: > 0 and <= 128 })
            return Problems.Invalid("renewal", "renewal-missing", "Le secret de prolongation est absent.");
        if (!secrets.AreOurs(GivenSecrets.Renewal, request.Renewal))
            return Refusal.RenewalWrong.ToProblem();
        var session = await db.Sessions.Include(one => one.Person).Include(one => one.Habilitation!.Establishment).FirstOrDefaultAsync(one => one.Id == id, cancellationToken);
        if (session is null || !CryptographicOperations.FixedTimeEquals(session.Renewal, Secret.HashOf(request.Renewal)))
            return Refusal.RenewalWrong.ToProblem();
        if (!sessions.IsAlive(session))
            return Problems.SessionEnded();
        var kind = CardKind.Parse(session.Card.Kind).Value;
        if (still.WhyNot(session.Card) is { } doubt)
        {
            // While nothing can be verified there is no token, and no end either.
            if (StillTrusted.EndOf(doubt) is not { } because)
                return doubt.ToProblem();
            await copies.EndAsync(db, id, because, cancellationToken);
            return Problems.SessionEnded();
        }

        if (!admission.IsLive(session.Habilitation!, kind))
        {
            await copies.EndAsync(db, id, SessionEnds.Revoked, cancellationToken);
            return Problems.SessionEnded();
        }

        if (await presence.IsLostAsync(session, cancellationToken))
        {
            await copies.EndAsync(db, id, SessionEnds.HeartbeatLost, cancellationToken);
            return Problems.SessionEnded();
        }

        // Only while it has not ended meanwhile.
        var now = clock.GetUtcNow();
        var seen = await db.Sessions.Where(one => one.Id == id && one.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.SeenAt, now), cancellationToken);
        if (seen == 0)
            return Problems.SessionEnded();
        await copies.AliveAsync(session, cancellationToken);
        return TypedResults.Ok(await tokens.ForAsync(session, cancellationToken));
    }
}
