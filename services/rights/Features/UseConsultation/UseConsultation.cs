using Cdr.Contracts.Rights;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Features.UseConsultation;

/// <summary>POST /api/consultations/{id}/uses: it became the proof of an invoice, a statement or a ticket, and is kept as long as one.</summary>
internal static class UseConsultation
{
    private static readonly string[] Uses = ["invoice", "statement", "ticket"];

    public static RouteHandlerBuilder MapUseConsultation(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/consultations/{id:guid}/uses", HandleAsync)
            .RequireAuthorization(RightsPolicies.Read)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("UseConsultation")
            .WithSummary("Note que la consultation sert de preuve (facture, relevé, ticket) : elle est conservée plus longtemps.");

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Guid id, ConsultationUse request, HttpContext http, ConsultationUses uses, CancellationToken cancellationToken)
    {
        if (Refusal(request) is { } unknown)
            return unknown;
        try
        {
            return await uses.NoteAsync(id, request.Use!, Caller.From(http.User), cancellationToken) is { } refused ? refused : TypedResults.NoContent();
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }

    /// <summary>Null where it names a use.</summary>
    internal static ProblemHttpResult? Refusal(ConsultationUse request) =>
        Uses.Contains(request.Use) ? null : Problems.Invalid("use", "use-unknown", "L'usage n'est pas connu.", "Choisissez parmi : " + string.Join(", ", Uses) + ".");
}
