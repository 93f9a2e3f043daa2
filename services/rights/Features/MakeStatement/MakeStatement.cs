using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.Rights.Features.UseConsultation;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.Rights.Statements;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Rights.Features.MakeStatement;

/// <summary>POST /api/consultations/{id}/statements: the answer as it is printed, with a code that verifies it. It is then kept as a proof.</summary>
internal static class MakeStatement
{
    public static RouteHandlerBuilder MapMakeStatement(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/consultations/{id:guid}/statements", HandleAsync)
            .RequireAuthorization(RightsPolicies.Read)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status500InternalServerError)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("MakeStatement")
            .WithSummary("Établit le relevé de consultation d'une réponse ; refait, il porte le même code. Il ne vaut ni attestation de droits ni accord de prise en charge.")
            .WithStatementExamples();

    internal static async Task<Results<Created<Statement>, ProblemHttpResult>> HandleAsync(
        Guid id, HttpContext http, AnsweredConsultations answered, ConsultationUses uses, StatementCodes codes, StatementWriting writing, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            if (Caller.From(http.User) is not { } caller || await answered.OpenAsync(id, caller) is not { } opened)
                return Missing();
            var answer = JsonSerializer.Deserialize(opened.Body, RightsJson.Wire.ConsultationAnswer)!;
            if (Refusal(answer) is { } nobody)
                return nobody;
            if (await uses.NoteAsync(id, "statement", caller, cancellationToken) is { } refused)
                return refused;
            // What somebody sees of a person is journaled each time, a use once a day; who was refused saw nothing.
            await answered.NoteReadAsync(opened.Record, caller);
            var made = await codes.MakeAsync(id, answer.AnsweredAt, cancellationToken);
            return TypedResults.Created($"/api/consultations/{id}/statements", writing.Write(answer, made, opened.Record.Establishment, caller.Department.TimeZoneId));
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

    /// <summary>Why an answer has no statement: a paper is about one person. Null where it has one.</summary>
    internal static ProblemHttpResult? Refusal(ConsultationAnswer answer)
    {
        if (answer.Candidates.Count > 0)
            return Problems.Problem(StatusCodes.Status409Conflict, "statement-of-nobody", "Cette consultation a donné une liste de personnes, et non une réponse.", "Choisissez la personne dans la liste : la nouvelle consultation aura son relevé.");
        // It would not say whom it is about, and pass for anybody's.
        if (answer.Affiliations.Count == 0)
            return Problems.Problem(StatusCodes.Status409Conflict, "statement-without-file", "Cette consultation n'a trouvé aucun dossier : un relevé ne dirait pas de qui il parle.", "Vérifiez l'identité et la date des soins, et consultez à nouveau. La réponse reste lisible par son identifiant.");
        // Homonyms born the same day, or a parent and their child: the file of one is not for the paper of the other.
        return answer.IsOfOnePerson()
            ? null
            : Problems.Problem(StatusCodes.Status409Conflict, "statement-of-several", "Cette consultation a donné des dossiers qui ne sont peut-être pas d’une seule personne.", "Redemandez par numéro de sécurité sociale, avec la date de naissance et le rang du bénéficiaire : la nouvelle consultation aura son relevé.");
    }

    private static ProblemHttpResult Missing() =>
        Problems.Problem(StatusCodes.Status404NotFound, "consultation-not-found", "Cette consultation n'existe pas dans votre établissement.", "Vérifiez l'identifiant ; un relevé s'établit dans l'établissement où la consultation a été faite.");
}
