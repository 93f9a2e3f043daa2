using Cdr.Contracts.Rights;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Features.ReadConsultation;

/// <summary>GET /api/consultations/{id}: the same bytes as then. The reading is journaled.</summary>
internal static class ReadConsultation
{
    public static RouteHandlerBuilder MapReadConsultation(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/consultations/{id:guid}", HandleAsync)
            .RequireAuthorization(RightsPolicies.Read)
            .Produces<ConsultationAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status500InternalServerError)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("ReadConsultation")
            .WithSummary("La réponse telle qu'elle a été donnée, à l'octet près.");

    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> HandleAsync(Guid id, HttpContext http, AnsweredConsultations answered)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            return Caller.From(http.User) is { } reader && await answered.ReadAsync(id, reader) is { } body
                ? TypedResults.Bytes(body, "application/json; charset=utf-8")
                : Problems.Problem(StatusCodes.Status404NotFound, "consultation-not-found", "Cette consultation n'existe pas dans votre établissement.", "Vérifiez l'identifiant ; une consultation se relit dans l'établissement où elle a été faite.");
        }
        catch (Exception e) when (AnswerNotOpened.Is(e))
        {
            return AnswerNotOpened.Problem(http, id, e);
        }
        catch (JournalUnavailableException)
        {
            return JournalOutage.Problem();
        }
    }
}
