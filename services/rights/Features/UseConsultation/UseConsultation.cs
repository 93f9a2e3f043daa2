using System.Diagnostics;
using Cdr.Contracts.Rights;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

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
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("UseConsultation")
            .WithSummary("Note que la consultation sert de preuve (facture, relevé, ticket) : elle est conservée plus longtemps.");

    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Guid id, ConsultationUse request, HttpContext http, IDbContextFactory<RightsDb> contexts, JournalWriter journal, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!Uses.Contains(request.Use))
            return Problems.Invalid("use", "use-unknown", "L'usage n'est pas connu.", "Choisissez parmi : " + string.Join(", ", Uses) + ".");
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var answered = await db.Records.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellationToken);
            if (Caller.From(http.User) is not { } caller || answered is not { Kind: RecordKind.Answered } || answered.Establishment != caller.Establishment.Value)
                return Problems.Problem(StatusCodes.Status404NotFound, "consultation-not-found", "Cette consultation n'existe pas dans votre établissement.", "Vérifiez l'identifiant.");
            await journal.AppendAsync(Used(answered, caller, request.Use!, clock.GetUtcNow()));
            return TypedResults.NoContent();
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }

    /// <summary>The record that keeps an answer longer.</summary>
    internal static JournalRecord Used(JournalRecord answered, Caller caller, string use, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Consultation = answered.Consultation,
        Kind = RecordKind.Used,
        At = now,
        Subject = caller.Subject,
        Session = caller.Session,
        Role = caller.Role,
        Establishment = caller.Establishment.Value,
        Group = caller.Group,
        Department = caller.Department.Code,
        Unit = caller.Unit,
        Function = caller.Function,
        Reason = answered.Reason,
        CareDate = answered.CareDate,
        Regime = answered.Regime,
        Regimes = use,
        PseudonymKey = answered.PseudonymKey,
        Pseudonym = answered.Pseudonym,
        PatientPseudonym = answered.PatientPseudonym,
        Request = answered.Request,
        RulesVersion = answered.RulesVersion,
        TraceId = Activity.Current?.TraceId.ToString() ?? "",
    };
}
