using Cdr.Contracts.Sessions;
using Cdr.Domain;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Stores;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Copies;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Cdr.Sessions.Posts;
using Cdr.Sessions.Presence;
using Cdr.Sessions.Terms;
using Cdr.Sessions.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Cdr.Sessions.Features.RedeemTicket;

/// <summary>The browser turns the ticket into a session.</summary>
internal static partial class RedeemTicket
{
    public static RouteHandlerBuilder MapRedeemTicket(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sessions", HandleAsync).AllowAnonymous().ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).ProducesProblem(503)
            .WithSummary("Turns a ticket into a session; 409 when an activity must be chosen first.");

    internal static async Task<Results<Ok<SessionGrant>, ProblemHttpResult>> HandleAsync(
        RedemptionRequest request, SessionsDb db, StillTrusted still, GivenSecrets secrets, Admission admission, PersonRegister register, PostRegister posts, TokenMaker tokens, SessionCopies copies,
        IOptions<SessionsOptions> options, IOptions<PresenceOptions> presences, IOptions<TermsOptions> terms, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        if (request.Ticket is not { Length: > 0 and <= 128 })
            return Problems.Invalid("ticket", "ticket-missing", "Le ticket de connexion est absent.");
        if (!secrets.AreOurs(GivenSecrets.Ticket, request.Ticket))
            return Refusal.TicketUnknown.ToProblem();
        var now = clock.GetUtcNow();
        var hash = Secret.HashOf(request.Ticket);
        var ticket = await db.Tickets.AsNoTracking().Include(one => one.Person).FirstOrDefaultAsync(one => one.Hash == hash, cancellationToken);
        if (ticket is null)
            return Refusal.TicketUnknown.ToProblem();
        // Before all else: a ticket that a new list spent says why.
        if (still.WhyNot(ticket.Card) is { } doubt)
            return doubt.ToProblem();
        if (ticket.UsedAt is not null)
            return Refusal.TicketUsed.ToProblem();
        if (ticket.ExpiresAt <= now)
            return Refusal.TicketExpired.ToProblem();

        var live = await admission.LiveAsync(db, ticket.PersonId, CardKind.Parse(ticket.Card.Kind).Value, cancellationToken);
        if (request.Activity is null && live.Count > 1)
        {
            await ProlongAsync(db, ticket, options.Value.ChoiceTime, cancellationToken);
            return Refusal.ActivityRequired.ToProblem();
        }

        var chosen = request.Activity is { } activity ? live.FirstOrDefault(one => one.Id == activity) : live is [var only] ? only : null;
        if (chosen is null)
            return Refusal.ActivityUnknown.ToProblem();

        var accepts = !await terms.Value.AreAcceptedAsync(db, ticket.PersonId, cancellationToken);
        if (accepts && request.Terms != terms.Value.Version)
        {
            await ProlongAsync(db, ticket, terms.Value.ReadingTime, cancellationToken);
            return Problems.Problem(Refusal.TermsRequired.Status, Refusal.TermsRequired.Code, Refusal.TermsRequired.Title, Refusal.TermsRequired.Next, ("version", terms.Value.Version));
        }

        var (renewal, renewalHash) = secrets.Make(GivenSecrets.Renewal);
        CardSession session;
        for (var again = false; ; again = true)
        {
            try
            {
                session = Session(ticket, chosen, renewalHash, now, options.Value);
                var acceptance = accepts ? new TermsAcceptance { PersonId = ticket.PersonId, Version = terms.Value.Version!, AcceptedAt = now } : null;
                if (!await SpendAsync(db, ticket, session, acceptance, chosen.EstablishmentFiness, cancellationToken))
                    return Refusal.TicketUsed.ToProblem();
                break;
            }
            catch (DbUpdateException e) when (!again && !StoreOutage.Is(e))
            {
                // The same person accepted, or the same post reported, elsewhere at the same moment: read now.
                db.ChangeTracker.Clear();
                accepts = !await terms.Value.AreAcceptedAsync(db, ticket.PersonId, cancellationToken);
            }
        }

        // A list that came since was held against the sessions before this one was among them.
        if (still.WhyNot(session.Card) is { } since && StillTrusted.EndOf(since) is { } because)
        {
            await copies.EndAsync(db, session.Id, because, cancellationToken);
            return since.ToProblem();
        }

        await ReplaceAsync(db, copies, session, presences.Value.Elsewhere, cancellationToken);
        await copies.AliveAsync(session, cancellationToken);
        Log.Opened(logs.CreateLogger(typeof(RedeemTicket).FullName!), session.Id, chosen.Role);
        session = await db.Sessions.Include(one => one.Person).Include(one => one.Habilitation!.Establishment).FirstAsync(one => one.Id == session.Id, cancellationToken);
        return TypedResults.Ok(new SessionGrant(
            session.Id,
            await tokens.ForAsync(session, cancellationToken),
            renewal,
            register.NameOf(ticket.Person!),
            await Activities.OfAsync(db, chosen, cancellationToken),
            posts.WarningsOf(ticket, chosen)));
    }

    /// <summary>Time to read or to choose, counted from the ticket's issue: asking again gains nothing. The card stays inserted, and the ticket in the browser that asked for it.</summary>
    private static async Task ProlongAsync(SessionsDb db, OneTimeTicket ticket, TimeSpan time, CancellationToken cancellationToken)
    {
        var (hash, until) = (ticket.Hash, ticket.IssuedAt + time);
        await db.Tickets.Where(one => one.Hash == hash && one.UsedAt == null && one.ExpiresAt < until).ExecuteUpdateAsync(set => set.SetProperty(t => t.ExpiresAt, until), cancellationToken);
    }

    /// <summary>The ticket becomes the session, all of it or nothing. False: of two redemptions at once, the other found the ticket unspent.</summary>
    private static async Task<bool> SpendAsync(
        SessionsDb db, OneTimeTicket ticket, CardSession session, TermsAcceptance? acceptance, string? establishment, CancellationToken cancellationToken)
    {
        // Its session comes with it: a withdrawal finds the ticket to spend, or waits for the session and ends it.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var (hash, now) = (ticket.Hash, session.StartedAt);
        if (await db.Tickets.Where(one => one.Hash == hash && one.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(t => t.UsedAt, now), cancellationToken) == 0)
            return false;
        db.Sessions.Add(session);
        if (acceptance is not null)
            db.TermsAcceptances.Add(acceptance);
        if (ticket is { Report: { } report, Pki: { } pki })
            await PostRegister.KeepAsync(db, report, pki, establishment, ticket.IssuedAt, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static CardSession Session(OneTimeTicket ticket, Habilitation chosen, byte[] renewal, DateTimeOffset now, SessionsOptions options) => new()
    {
        Id = ticket.SessionId,
        PersonId = ticket.PersonId,
        HabilitationId = chosen.Id,
        Card = ticket.Card,
        Ticket = ticket.Hash,
        Renewal = renewal,
        StartedAt = now,
        SeenAt = now,
        EndsAt = ticket.Card.EndsAt < now + options.MaximumLife ? ticket.Card.EndsAt : now + options.MaximumLife,
    };

    /// <summary>The same person, on the same post and OS session, signed in anew: the session before is over. So are those elsewhere, by the policy.</summary>
    private static async Task ReplaceAsync(SessionsDb db, SessionCopies copies, CardSession session, Elsewhere elsewhere, CancellationToken cancellationToken)
    {
        var theirs = db.Sessions.Where(one => one.PersonId == session.PersonId && one.EndedAt == null && one.Id != session.Id);
        var (agent, issuer, serial) = (session.Card.Agent, session.Card.Issuer, session.Card.Serial);
        theirs = elsewhere switch
        {
            Elsewhere.Ends => theirs,
            Elsewhere.SameCard => theirs.Where(one => one.Card.Agent == agent || one.Card.Issuer == issuer && one.Card.Serial == serial),
            _ => theirs.Where(one => one.Card.Agent == agent),
        };
        var before = await theirs.Select(one => one.Id).ToListAsync(cancellationToken);
        foreach (var id in before)
            await copies.EndAsync(db, id, SessionEnds.Replaced, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Session {Session} opened as {Role}.")]
        public static partial void Opened(ILogger logger, Guid session, string role);
    }
}
