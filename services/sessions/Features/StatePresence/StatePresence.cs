using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.SharedState;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Cdr.Sessions.Presence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Features.StatePresence;

/// <summary>The agent says that the card is there, each 25 s, that it cannot tell for the moment, or that it is not. A heartbeat costs one verification and one write to the shared state.</summary>
internal static class StatePresence
{
    private const string Alive = "alive";
    private const string Waiting = "waiting";
    private const string Ended = "ended";

    public static RouteHandlerBuilder MapStatePresence(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions/presence", HandleAsync).AllowAnonymous().ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).ProducesProblem(429).ProducesProblem(503)
            .WithSummary("The agent's signed word: the card is there (heartbeat), nobody can tell for the moment, or it left and the session ends everywhere.");

    internal static async Task<Results<Ok<PresenceAnswer>, ProblemHttpResult>> HandleAsync(
        AgentStatement request, HttpContext http, AgentBindings bindings, CardPresence presence, PresenceLedger ledger, GivenSecrets secrets, AnonymousLimit limit, CancellationToken cancellationToken)
    {
        if (Invalid(request) is { } invalid)
            return invalid;
        if (!AgentBindings.HasSignature(request))
            return Refusal.AgentSignatureWrong.ToProblem();
        if (!bindings.IsKnown(request.Session, out var agent))
        {
            // The key is in the database only: ids that are made up must not be free, and keep no true heartbeat out.
            var given = secrets.IsOurs(request.Session);
            if (!given && limit.Refuses(http, AnonymousLimit.Proof.Session) is { } tooMany)
                return tooMany;
            agent = await bindings.OfAsync(request.Session, given, cancellationToken);
            if (agent is null && !given)
                limit.Count(http, AnonymousLimit.Proof.Session);
        }

        if (agent is null)
            return Answer(Ended, SessionEnds.Unknown);
        if (!bindings.IsSignedBy(agent, request))
            return Refusal.AgentSignatureWrong.ToProblem();
        if (agent.Over is { } over)
            return Answer(Ended, over);
        // Another insertion: the card was out in between, and came back without its PIN.
        if (!AgentStatements.GoesOn(request.Kind) || request.Insertion != agent.Insertion)
            return Answer(Ended, agent.Over = await ledger.CloseAsync(request.Session, EndOf(request.Kind), cancellationToken));
        if (!agent.IsNew(request.Sequence))
            return Refusal.StatementReplayed.ToProblem();
        var certain = request.Kind == AgentStatements.Present;
        try
        {
            switch (await presence.BeatAsync(request.Session, certain, request.Sequence, cancellationToken))
            {
                case Raised.Yes:
                    agent.Heard(request.Sequence);
                    return Answer(Alive, null);
                case Raised.NotHigher:
                    return Refusal.StatementReplayed.ToProblem();
            }
        }
        catch (SharedStateUnavailableException)
        {
            return Problems.SessionUnknown();
        }

        var (state, because) = await ledger.FindAsync(request.Session, certain, request.Sequence, cancellationToken);
        if (state == Alive)
            agent.Heard(request.Sequence);
        else if (state == Ended)
            agent.Over = because;
        return Answer(state, because);
    }

    /// <summary>Null when it can be verified.</summary>
    internal static ProblemHttpResult? Invalid(AgentStatement? statement)
    {
        if (statement?.Kind is null || !AgentStatements.All.Contains(statement.Kind))
            return Problems.Invalid("kind", "statement-kind-unknown", "La déclaration de l'agent n'est pas connue.", $"Attendu : {string.Join(", ", AgentStatements.All)}.");
        if (statement.Sequence is < 1 or > AgentValue.Largest)
            return Problems.Invalid("sequence", "sequence-invalid", "Le numéro d'ordre n'est pas valable.", "De 1 à 2^53 − 1.");
        return statement.Insertion is < 0 or > AgentValue.Largest
            ? Problems.Invalid("insertion", "insertion-invalid", "Le compteur d'insertions n'est pas valable.", "De 0 à 2^53 − 1.")
            : null;
    }

    private static Ok<PresenceAnswer> Answer(string state, string? because) => TypedResults.Ok(new PresenceAnswer(state, because));

    private static string EndOf(string kind) => kind switch
    {
        AgentStatements.ReaderLost => SessionEnds.ReaderLost,
        AgentStatements.Locked => SessionEnds.Locked,
        AgentStatements.LoggedOff => SessionEnds.LoggedOff,
        AgentStatements.SignedOut => SessionEnds.SignedOut,
        _ => SessionEnds.Withdrawn,
    };

    /// <summary>The rare cases, which the database decides.</summary>
    internal sealed class PresenceLedger(IDbContextFactory<SessionsDb> contexts, SessionCopies copies, LiveSessions sessions, CardPresence presence, TimeProvider clock)
    {
        /// <summary>No copy to raise: not redeemed yet, ended, or forgotten by the shared state.</summary>
        public async Task<(string State, string? Because)> FindAsync(Guid id, bool certain, long sequence, CancellationToken cancellationToken)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var now = clock.GetUtcNow();
            var session = await SessionAsync();
            if (session is null && await db.Tickets.AnyAsync(ticket => ticket.SessionId == id && ticket.UsedAt == null && ticket.ExpiresAt > now, cancellationToken))
                return (Waiting, null);
            // Between the two looks it may have been redeemed: what is said to be over is so for good.
            session ??= await SessionAsync();
            if (session is null)
                return (Ended, SessionEnds.Expired);
            if (sessions.EndedBecause(session) is { } because)
                return (Ended, because);
            if (await presence.IsLostAsync(session, cancellationToken))
            {
                await copies.EndAsync(db, id, SessionEnds.HeartbeatLost, cancellationToken);
                return (Ended, SessionEnds.HeartbeatLost);
            }

            await copies.AliveAsync(session, certain, sequence, cancellationToken);
            return (Alive, null);

            Task<CardSession?> SessionAsync() => db.Sessions.AsNoTracking().FirstOrDefaultAsync(one => one.Id == id, cancellationToken);
        }

        /// <summary>Ends the session, or spends the ticket that would become one; tells why it ended.</summary>
        public async Task<string> CloseAsync(Guid id, string because, CancellationToken cancellationToken)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var now = clock.GetUtcNow();
            await db.Tickets.Where(ticket => ticket.SessionId == id && ticket.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(t => t.UsedAt, now), cancellationToken);
            await copies.EndAsync(db, id, because, cancellationToken);
            return await db.Sessions.Where(one => one.Id == id).Select(one => one.EndedBecause).FirstOrDefaultAsync(cancellationToken) ?? because;
        }
    }
}
