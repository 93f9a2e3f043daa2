using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Causes;
using Cdr.Support.Knowledge;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.KeepCauses;

/// <summary>What tickets come of: read by whoever reads figures, kept by the hotline. One that is used no more ends on a day, and stays for what it explained.</summary>
internal static class KeepCauses
{
    private const int MostLabel = 100;
    private const int Most = 200;

    public static void MapKeepCauses(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/support/causes", ListAsync).RequireAuthorization(SupportPolicies.Read).WithName("listCauses").WithSummary("What tickets come of: all of it, with its days.");
        routes.MapPut("/api/support/causes/{code}", KeepAsync).RequireAuthorization(SupportPolicies.Publish).WithName("keepCause").WithSummary("A new cause, or another label, kind or last day of one.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(409);
        routes.MapGet("/api/support/causes/{code}/versions", HistoryAsync).RequireAuthorization(SupportPolicies.Publish).WithName("readCauseHistory").WithSummary("All that was said of a cause, and by whom.").ProducesProblem(403).ProducesProblem(404);
    }

    internal static async Task<Ok<IReadOnlyList<TicketCause>>> ListAsync(SupportDb db, CancellationToken cancellationToken) => TypedResults.Ok(await CauseBook.ReadAsync(db, cancellationToken));

    internal static async Task<Results<Ok<TicketCause>, ProblemHttpResult>> KeepAsync(string code, CauseText text, ClaimsPrincipal user, SupportDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (!CauseCode.IsWellFormed(code))
            return Problems.Invalid("code", "code-invalid", "Le code a de 2 à 40 minuscules, chiffres (huit au plus) ou tirets, une lettre d'abord.", "Il ne changera plus : les statistiques le suivent.");
        if (text.Label?.Trim() is not { Length: >= 1 and <= MostLabel } label || label.Any(char.IsControl))
            return Problems.Invalid("label", "label-invalid", $"Donnez un libellé de 1 à {MostLabel} caractères, sur une ligne.");
        if (text.To < text.From)
            return Problems.Invalid("to", "ends-before-it-begins", "Le dernier jour vient avant le premier.");
        if (PersonalData.Refuse("label", label) is { } refused)
            return refused;
        var all = await CauseBook.ReadAsync(db, cancellationToken);
        var now = all.FirstOrDefault(one => one.Code == code);
        // Sent again after a silence.
        if (now is not null && now.Version == text.Version + 1 && Of(now) == text with { Label = label })
            return TypedResults.Ok(now);
        if ((now?.Version ?? 0) != text.Version)
            return Changed();
        if (now is null && all.Count >= Most)
            return Problems.Problem(StatusCodes.Status409Conflict, "causes-too-many", $"Il y a déjà {Most} causes.", "Reprenez-en une qui n'a encore expliqué aucun ticket, ou élargissez le libellé d'une autre.");
        var row = new CauseRow { Code = code, Number = text.Version + 1, Label = label, Kind = text.Kind, From = text.From, To = text.To, OfIncident = text.OfIncident, At = clock.GetUtcNow(), By = actor.Subject };
        db.Causes.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (!StoreOutage.Is(e))
        {
            return Changed();
        }

        return TypedResults.Ok(CauseBook.Show(row));
    }

    internal static async Task<Results<Ok<List<CauseVersion>>, ProblemHttpResult>> HistoryAsync(string code, SupportDb db, CancellationToken cancellationToken)
    {
        var said = await db.Causes.AsNoTracking().Where(row => row.Code == code).OrderByDescending(row => row.Number).ToListAsync(cancellationToken);
        return said.Count == 0 && !CauseBook.Shipped.Any(one => one.Code == code)
            ? Problems.Problem(StatusCodes.Status404NotFound, "cause-not-found", "Cette cause n'existe pas.", "Cherchez-la dans la liste des causes.")
            : TypedResults.Ok(said.ConvertAll(row => new CauseVersion(CauseBook.Show(row), row.At, row.By)));
    }

    private static CauseText Of(TicketCause cause) => new() { Label = cause.Label, Kind = cause.Kind, From = cause.From, To = cause.To, OfIncident = cause.OfIncident, Version = cause.Version - 1 };

    private static ProblemHttpResult Changed() => Problems.Problem(StatusCodes.Status409Conflict, "cause-changed", "Quelqu'un vient de modifier cette cause, ou son code est pris.", "Relisez la liste, puis recommencez.");
}
