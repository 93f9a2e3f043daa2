using System.Security.Claims;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Knowledge;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.WriteArticles;

/// <summary>
/// POST /api/support/knowledge/drafts: a solved ticket becomes a draft, made of what the hotline publicly replied. Neither the title nor the
/// words of the establishment, nor an organism's, nor the evidence go into it: those are about a person.
/// </summary>
internal static class DraftOfTicket
{
    private const int MostReplies = 19_000;

    public static void MapDraftOfTicket(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/support/knowledge/drafts", HandleAsync).RequireAuthorization(SupportPolicies.Publish).WithName("draftArticleOfTicket")
            .WithSummary("A draft of what was replied in a solved ticket.").ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);

    internal static async Task<Results<Ok<Article>, ProblemHttpResult>> HandleAsync(
        ArticleOfTicket wanted, ClaimsPrincipal user, SupportDb db, TicketText text, ArticleWriting writing, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (await db.Tickets.AsNoTracking().Where(actor.Sees).FirstOrDefaultAsync(row => row.Id == wanted.Ticket, cancellationToken) is not { } ticket)
            return TicketProblems.Unknown();
        if (ticket.State is not (TicketState.Solved or TicketState.Closed))
            return Problems.Problem(StatusCodes.Status409Conflict, "ticket-not-solved", "Seul un ticket résolu devient un article.", "Résolvez-le d'abord.");
        var entries = await db.Entries.AsNoTracking().Where(row => row.Ticket == ticket.Id && row.Role == CdrRoles.Hotline && row.Readers == EntryReaders.All && row.Text != null
            && (row.Action == TicketAction.Reply || row.Action == TicketAction.Solve)).OrderBy(row => row.Number).ToListAsync(cancellationToken);
        var replies = string.Join("\n\n", entries.Select(entry => PersonalData.WithoutThem(text.OpenWords(entry.Id, entry.Text!))));
        var id = await writing.AddAsync(Draft(ticket, replies), actor.Subject, cancellationToken, ticket: ticket.Id);
        return TypedResults.Ok((await ReadArticles.ReadArticles.ShownAsync(db, id, user, cancellationToken))!);
    }

    private static ArticleText Draft(TicketRow ticket, string replies)
    {
        var markdown = new StringBuilder("## Ce que l'on voit\n\nDécrivez le problème, sans nommer personne.\n\n## Que faire\n\n");
        markdown.Append(replies.Length == 0 ? "Aucune réponse publique dans le ticket\u00a0: écrivez ce qui l'a résolu." : replies[..Math.Min(replies.Length, MostReplies)]);
        return new ArticleText
        {
            Topic = ticket.Kind switch
            {
                TicketKind.Technical => ArticleTopic.Prerequisites,
                TicketKind.DataInconsistency => ArticleTopic.Patient,
                _ => ArticleTopic.Portal,
            },
            Title = $"Ticket {ticket.Number[..3]} {ticket.Number[3..6]} {ticket.Number[6..]}\u00a0: titre à écrire",
            Markdown = markdown.ToString(),
        };
    }
}
