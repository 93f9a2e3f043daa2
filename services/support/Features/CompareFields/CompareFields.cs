using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Discrepancies;
using Cdr.Support.Evidence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Support.Features.CompareFields;

/// <summary>POST /api/support/discrepancies: the card or the paper beside an answer. Nothing of it is kept.</summary>
internal static class CompareFields
{
    private const int MostPasted = 10_000;

    public static void MapCompareFields(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/support/discrepancies", HandleAsync).RequireAuthorization(SupportPolicies.Compare).WithName("compareFields")
            .WithSummary("Compares the card or the paper with an answer, field by field.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(502);

    internal static async Task<Results<Ok<DiscrepancyReport>, ProblemHttpResult>> HandleAsync(DiscrepancyRequest request, HttpContext http, ContestedAnswers contested, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!DiscrepancyCheck.Knows(request.Source))
            return Problems.Invalid("source", "source-unknown", "La source est « card », « attestation » ou « other ».");
        if (request.Pasted is { Length: > MostPasted } || request.Fields is { Count: > 50 })
            return Problems.Invalid("pasted", "pasted-too-long", "Ce qui est collé est trop long.");
        if (request.Fields?.Keys.FirstOrDefault(name => !DiscrepancyCheck.KnowsField(name)) is not null)
            return Problems.Invalid("fields", "field-unknown", "Un des champs n'est pas de ceux qui se comparent.");
        if (request.Fields is not { Count: > 0 } && string.IsNullOrWhiteSpace(request.Pasted))
            return Problems.Invalid("fields", "fields-missing", "Saisissez ou collez au moins un champ.");
        var (answer, refused) = await contested.ReadAsync(request.Consultation, keep: false, cancellationToken);
        refused ??= ContestedAnswer.Refuse(request.Organism, answer);
        return refused is not null ? refused : TypedResults.Ok(DiscrepancyCheck.Compare(request, answer!.Answer));
    }
}
