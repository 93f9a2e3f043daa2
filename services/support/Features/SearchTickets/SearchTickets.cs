using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Search;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.SearchTickets;

/// <summary>Tickets by their words, among those that the caller sees and reads.</summary>
internal static class SearchTickets
{
    private const int Most = 50;
    private const int MostWords = 10;
    private const int MostCharacters = 200;

    // Read again at once; a number that stands for a frequent word brings many that have not the rare one.
    private const int AtOnce = 100;
    private const int MostRead = 1_000;

    public static void MapSearchTickets(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/support/searches", HandleAsync).RequireAuthorization(SupportPolicies.Search).WithName("searchTickets")
            .WithSummary("Tickets whose title or public replies have all the words, newest first.").ProducesProblem(400).ProducesProblem(403);

    internal static async Task<Results<Ok<TicketPage>, ProblemHttpResult>> HandleAsync(TicketWordSearch search, ClaimsPrincipal user, HttpContext http, SupportDb db, SearchIndex index, TicketText text, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (Actor.From(user) is not { ReadsWords: true } actor)
            return TicketProblems.NoScope();
        if (search.Words is not { Length: <= MostCharacters } typed || SearchText.Words(typed) is not { Count: <= MostWords } words)
            return Problems.Invalid("words", "words-too-many", "Cherchez dix mots au plus.");
        if (words.Count == 0)
            return Problems.Invalid("words", "words-none", "Aucun de ces mots ne se cherche.", "Écrivez un mot d'au moins trois lettres : les nombres, les dates et les adresses ne sont pas cherchés. Un numéro de demande a son propre champ.");
        var found = db.Tickets.AsNoTracking().Where(actor.Sees);
        foreach (var word in words)
        {
            var numbers = index.Numbers(word);
            found = found.Where(row => db.SearchTokens.Any(token => token.Ticket == row.Id && numbers.Contains(token.Token)));
        }

        List<TicketLine> lines = [];
        var (after, read, isMore) = (search.After, 0, true);
        while (isMore && lines.Count < Most && read < MostRead)
        {
            var part = await (after is { } last ? found.Where(row => row.Id < last) : found).OrderByDescending(row => row.Id).Take(AtOnce).ToListAsync(cancellationToken);
            isMore = part.Count == AtOnce;
            foreach (var row in part)
            {
                if (lines.Count == Most)
                {
                    isMore = true;
                    break;
                }

                (after, read) = (row.Id, read + 1);
                if (await index.HasAsync(db, row, words, cancellationToken))
                    lines.Add(Line(row, actor, text));
            }
        }

        return TypedResults.Ok(new TicketPage(lines, isMore ? after : null));
    }

    private static TicketLine Line(TicketRow row, Actor actor, TicketText text) => new(
        row.Id, row.Number, row.Kind, row.State, row.Priority, row.WaitsFor, text.OpenTitle(row.Id, row.Title), row.Establishment, row.Department, row.Organism,
        actor.Side == TicketSide.Hotline ? row.Assignee : null, actor.Side == TicketSide.Hotline ? row.Team : null, row.CreatedAt, row.UpdatedAt, row.DueAt, row.Version);
}
