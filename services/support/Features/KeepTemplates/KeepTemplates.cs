using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Knowledge;
using Cdr.Support.Store;
using Cdr.Support.Templates;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.KeepTemplates;

/// <summary>Texts that the hotline writes often: by what they are for, kind and topic. Each change is a version.</summary>
internal static class KeepTemplates
{
    private const int Most = 500;

    public static void MapKeepTemplates(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/support/templates", ListAsync).RequireAuthorization(SupportPolicies.Publish).WithName("listTemplates").WithSummary("Texts that the hotline writes often, withdrawn ones too.");
        routes.MapPut("/api/support/templates/{id:guid}", KeepAsync).RequireAuthorization(SupportPolicies.Publish).WithName("keepTemplate").WithSummary("A new template, or a new version of one.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(409);
        routes.MapGet("/api/support/templates/{id:guid}/versions", HistoryAsync).RequireAuthorization(SupportPolicies.Publish).WithName("readTemplateHistory").WithSummary("All versions of a template, and by whom.").ProducesProblem(403).ProducesProblem(404);
    }

    internal static async Task<Ok<List<TicketTemplate>>> ListAsync(SupportDb db, CancellationToken cancellationToken)
    {
        var rows = await db.Templates.AsNoTracking().Where(row => !db.Templates.Any(later => later.Id == row.Id && later.Number > row.Number)).OrderBy(row => row.Title).ThenBy(row => row.Id).Take(Most).ToListAsync(cancellationToken);
        return TypedResults.Ok(rows.ConvertAll(Show));
    }

    internal static async Task<Results<Ok<TicketTemplate>, ProblemHttpResult>> KeepAsync(Guid id, TemplateText text, ClaimsPrincipal user, SupportDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (Refuse(text) is { } refused)
            return refused;
        var now = await db.Templates.AsNoTracking().Where(row => row.Id == id).OrderByDescending(row => row.Number).FirstOrDefaultAsync(cancellationToken);
        if (now is null && (id.Version != 7 ? ChosenId.NotV7() : ChosenId.Refuse(id, clock.GetUtcNow())) is { } wrong)
            return wrong;
        // Sent again after a silence.
        if (now is not null && now.Number == text.Version + 1 && now.By == actor.Subject && Of(now) == Tidy(text))
            return TypedResults.Ok(Show(now));
        if ((now?.Number ?? 0) != text.Version)
            return Changed();
        if (now is null && await db.Templates.Select(row => row.Id).Distinct().CountAsync(cancellationToken) >= Most)
            return Problems.Problem(StatusCodes.Status409Conflict, "templates-too-many", $"Il y a déjà {Most} modèles.", "Changez-en un qui ne sert plus.");
        var said = Tidy(text);
        var row = new TemplateRow
        {
            Id = id, Number = text.Version + 1, Use = said.Use, Kind = said.Kind, Topic = said.Topic, Title = said.Title, Text = said.Text, Withdrawn = said.Withdrawn, At = clock.GetUtcNow(), By = actor.Subject,
        };
        db.Templates.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (!StoreOutage.Is(e))
        {
            return Changed();
        }

        return TypedResults.Ok(Show(row));
    }

    internal static async Task<Results<Ok<List<TemplateVersion>>, ProblemHttpResult>> HistoryAsync(Guid id, SupportDb db, CancellationToken cancellationToken)
    {
        var said = await db.Templates.AsNoTracking().Where(row => row.Id == id).OrderByDescending(row => row.Number).ToListAsync(cancellationToken);
        return said.Count == 0
            ? Problems.Problem(StatusCodes.Status404NotFound, "template-not-found", "Ce modèle n'existe pas.", "Cherchez-le dans la liste des modèles.")
            : TypedResults.Ok(said.ConvertAll(row => new TemplateVersion(Show(row), row.By)));
    }

    private static ProblemHttpResult? Refuse(TemplateText text)
    {
        if (!Enum.IsDefined(text.Use))
            return Problems.Invalid("use", "use-unknown", "Dites si c'est une réponse ou un ticket.");
        if (text.Title?.Trim() is not { Length: >= 1 and <= ArticleWriting.MostTitle } title || title.Any(char.IsControl))
            return Problems.Invalid("title", "title-invalid", "Donnez un titre de 1 à 150 caractères, sur une ligne.");
        if (text.Text?.Trim() is not { Length: >= 1 and <= TicketProblems.MostWords } words)
            return TicketProblems.TextInvalid();
        return PersonalData.Refuse("title", title) ?? PersonalData.Refuse("text", words);
    }

    private static TemplateText Tidy(TemplateText text) => text with { Title = text.Title.Trim(), Text = text.Text.Trim() };

    private static TemplateText Of(TemplateRow row) => new() { Use = row.Use, Kind = row.Kind, Topic = row.Topic, Title = row.Title, Text = row.Text, Withdrawn = row.Withdrawn, Version = row.Number - 1 };

    private static TicketTemplate Show(TemplateRow row) => new()
    {
        Id = row.Id, Use = row.Use, Kind = row.Kind, Topic = row.Topic, Title = row.Title, Text = row.Text, Withdrawn = row.Withdrawn, UpdatedAt = row.At, Version = row.Number,
    };

    private static ProblemHttpResult Changed() => Problems.Problem(StatusCodes.Status409Conflict, "template-changed", "Quelqu'un vient de modifier ce modèle.", "Relisez-le, puis recommencez.");
}
