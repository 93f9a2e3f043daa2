using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.Domain;
using Cdr.ServiceDefaults;
using Cdr.Support.Evidence;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.OpenTicket;

/// <summary>Begins a ticket. A contested answer is frozen in the same transaction: there is no such ticket without its proof.</summary>
internal sealed class OpenTicket(IDbContextFactory<SupportDb> contexts, TicketWriting writing, TicketView view, TicketText text, ContestedAnswers contested, EvidenceKeeping evidence, TimeProvider clock)
{
    private const int Attempts = 5;

    public async Task<Results<Created<Ticket>, ProblemHttpResult>> HandleAsync(TicketRequest request, Actor actor, CancellationToken cancellationToken)
    {
        if (request.Title?.Trim() is not { Length: >= 1 and <= TicketProblems.MostTitle } title)
            return Problems.Invalid("title", "title-invalid", "Donnez un titre de 1 à 200 caractères.");
        if (request.Text?.Trim() is not { Length: >= 1 and <= TicketProblems.MostWords } words)
            return TicketProblems.TextInvalid();
        if (request is { Consultation: not null, Kind: not TicketKind.DataInconsistency })
            return Problems.Invalid("consultation", "consultation-needless", "Une question technique ou d'utilisation ne montre les droits de personne.", "Ouvrez une incohérence de données pour contester une réponse.");
        var isHotline = actor.Side == TicketSide.Hotline;
        if (!Finess.Parse(isHotline ? request.Establishment : actor.Establishment).TryGet(out var establishment, out var error))
            return Problems.Invalid("establishment", error);
        // From a call or an e-mail: whoever has the answer opens it themselves.
        if (isHotline && request.Consultation is not null)
            return Problems.Invalid("consultation", "consultation-not-yours", "La hotline ne lit pas les consultations d'un établissement.", "L'établissement rattache la consultation en ouvrant le ticket.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await AgainAsync(db, request, title, words, establishment, actor, cancellationToken) is { } said)
            return said;
        if (ChosenId.Refuse(request.Id, clock.GetUtcNow()) is { } wrong)
            return wrong;
        var maySend = isHotline || actor.Side == TicketSide.Referent || await db.Establishments.AnyAsync(row => row.Finess == establishment.Value && row.DirectSending, cancellationToken);
        if (request.Send && !maySend)
            return TicketProblems.ReferentSends(isKept: false);

        ContestedAnswer? answer = null;
        if (request.Consultation is { } consultation)
        {
            (answer, var refused) = await contested.ReadAsync(consultation, keep: true, cancellationToken);
            if (refused is not null)
                return refused;
        }

        if (ContestedAnswer.Refuse(request.Organism, answer) is { } foreign)
            return foreign;
        var group = isHotline ? await EstablishmentGroups.ReadAsync(db, establishment.Value, cancellationToken) : actor.Group;
        for (var attempt = 1; ; attempt++)
        {
            db.ChangeTracker.Clear();
            var now = clock.GetUtcNow();
            var id = request.Id ?? Guid.CreateVersion7(now);
            var ticket = new TicketRow
            {
                Id = id,
                Number = TicketNumber.Make(),
                Kind = request.Kind,
                State = isHotline || request.Send ? TicketState.New : TicketState.Draft,
                Impact = request.Impact,
                Urgency = request.Urgency,
                Priority = TicketMachine.Priority(request.Impact, request.Urgency),
                Establishment = establishment.Value,
                Group = group,
                Department = establishment.Department.Code,
                Author = actor.Subject,
                Consultation = request.Consultation,
                // Of several, none is guessed: whoever transfers it says which.
                ManagingOrganism = request.Organism ?? (answer?.Organisms is [var only] ? only : null),
                Title = text.SealTitle(id, title),
                CreatedAt = now,
                UpdatedAt = now,
                Version = 0,
            };
            if (answer is not null)
                db.Evidence.Add(evidence.Freeze(id, answer));
            try
            {
                await writing.AddAsync(db, ticket, words, actor, cancellationToken);
            }
            catch (DbUpdateException) when (attempt < Attempts)
            {
                // Another ticket has that number, or the same was sent twice at once.
                if (await AgainAsync(db, request, title, words, establishment, actor, cancellationToken) is { } opened)
                    return opened;
                continue;
            }

            return await ShowAsync(id, actor, cancellationToken);
        }
    }

    // Sent again after a silence: what is open already is shown. Null: no ticket has that id.
    private async Task<Results<Created<Ticket>, ProblemHttpResult>?> AgainAsync(SupportDb db, TicketRequest request, string title, string words, Finess establishment, Actor actor, CancellationToken cancellationToken)
    {
        if (request.Id is not { } id || await db.Tickets.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } ticket)
            return null;
        var first = await db.Entries.AsNoTracking().FirstAsync(row => row.Ticket == id && row.Number == 1, cancellationToken);
        // Where it is now, how urgent and of what kind is not asked: all may have changed since.
        var kind = await db.Entries.AsNoTracking().Where(row => row.Ticket == id && row.Action == TicketAction.Retype).OrderBy(row => row.Number).Select(row => row.Detail).FirstOrDefaultAsync(cancellationToken);
        var isSame = first.Actor == actor.Subject && ticket.Establishment == establishment.Value && (kind?.Split(' ')[0] ?? ticket.Kind.ToString()) == request.Kind.ToString() && (request.Organism ?? ticket.ManagingOrganism) == ticket.ManagingOrganism && ticket.Consultation == request.Consultation
            && first.Priority == TicketMachine.Priority(request.Impact, request.Urgency) && text.OpenTitle(id, ticket.Title) == title && text.OpenWords(first.Id, first.Text!) == words;
        return isSame ? await ShowAsync(id, actor, cancellationToken) : TicketProblems.OpenedOtherwise();
    }

    private async Task<Created<Ticket>> ShowAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
        TypedResults.Created($"/api/support/tickets/{id}", (await view.ReadAsync(actor, tickets => tickets.Where(row => row.Id == id), cancellationToken))!);
}

internal static class OpenTicketEndpoint
{
    public static void MapOpenTicket(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/support/tickets", HandleAsync).RequireAuthorization(SupportPolicies.Open).WithName("openTicket")
            .WithSummary("A new ticket; the answer that it contests is frozen with it.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).ProducesProblem(502);

    internal static async Task<Results<Created<Ticket>, ProblemHttpResult>> HandleAsync(TicketRequest request, ClaimsPrincipal user, OpenTicket open, CancellationToken cancellationToken) =>
        Actor.From(user) is { } actor ? await open.HandleAsync(request, actor, cancellationToken) : TicketProblems.NoScope();
}
