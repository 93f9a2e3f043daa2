using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.Rights.Statements;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Features.ReadStatement;

/// <summary>GET /api/consultations/{id}/statements: the statement that was made, as PDF where that is what is accepted, else as JSON.</summary>
internal static class ReadStatement
{
    private const string Pdf = "application/pdf";

    public static RouteHandlerBuilder MapReadStatement(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/consultations/{id:guid}/statements", HandleAsync)
            .RequireAuthorization(RightsPolicies.Read)
            .Produces<Statement>(StatusCodes.Status200OK, "application/json", Pdf)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status500InternalServerError)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("ReadStatement")
            .WithSummary("Le relevé de consultation, en JSON ou en PDF (Accept: application/pdf).")
            .WithStatementExamples();

    internal static async Task<Results<Ok<Statement>, FileContentHttpResult, ProblemHttpResult>> HandleAsync(
        Guid id, HttpContext http, AnsweredConsultations answered, StatementCodes codes, StatementWriting writing, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Vary = "Accept";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            // The code first: where nothing was made nothing is opened. It says nothing of whose consultation it is.
            var made = await codes.FindAsync(id, cancellationToken);
            if (made is null || Caller.From(http.User) is not { } caller || await answered.OpenAsync(id, caller) is not { } opened)
                return Problems.Problem(StatusCodes.Status404NotFound, "statement-not-found", "Cette consultation n'a pas de relevé dans votre établissement.", "Établissez-le d'abord (POST à la même adresse), dans l'établissement où la consultation a été faite.");
            var answer = JsonSerializer.Deserialize(opened.Body, RightsJson.Wire.ConsultationAnswer)!;
            // Made when such answers still had one: it is printed no more, and its code stays what it was.
            if (MakeStatement.MakeStatement.Refusal(answer) is { } nobody)
                return nobody;
            await answered.NoteReadAsync(opened.Record, caller);
            var statement = writing.Write(answer, made, opened.Record.Establishment, caller.Department.TimeZoneId);
            return http.Request.Headers.Accept.ToString().Contains(Pdf, StringComparison.OrdinalIgnoreCase)
                // The file's name is the consultation's: a name on a disk is read by others.
                ? TypedResults.Bytes(StatementPdf.Draw(statement), Pdf, $"releve-{id}.pdf")
                : TypedResults.Ok(statement);
        }
        catch (Exception e) when (AnswerNotOpened.Is(e))
        {
            return AnswerNotOpened.Problem(http, id, e);
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }
}
