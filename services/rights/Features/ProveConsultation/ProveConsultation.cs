using System.Security.Claims;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Proofs;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Features.ProveConsultation;

/// <summary>
/// GET /api/consultations/{id}/proof: that it is in the journal, for whoever has the public key. It opens no answer and names nobody; who asked
/// whom about what it says, so that the reading is journaled before it leaves.
/// </summary>
internal static class ProveConsultation
{
    public static RouteHandlerBuilder MapProveConsultation(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/consultations/{id:guid}/proof", HandleAsync)
            .RequireAuthorization(RightsPolicies.DataProtection)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status500InternalServerError)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("ProveConsultation")
            .WithSummary("La preuve d'inclusion d'une consultation au journal, vérifiable avec la clé publique seule.");

    internal static async Task<Results<Ok<InclusionProof>, ProblemHttpResult>> HandleAsync(
        Guid id, HttpContext http, IDbContextFactory<RightsDb> contexts, JournalWriter journal, TimeProvider clock, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await ProofMaking.OfAsync(db, id, cancellationToken) is not { } proven)
                return Problems.Problem(StatusCodes.Status404NotFound, "consultation-not-found", "Cette consultation n'est pas au journal.", "Vérifiez l'identifiant ; passé sa durée de conservation, une consultation est purgée, et la vérification du journal dit quand.");
            await journal.AppendAsync(Proved(proven.Record, http.User, clock.GetUtcNow()));
            return TypedResults.Ok(proven.Proof);
        }
        catch (InvalidDataException e)
        {
            return JournalDamage.Problem(http, id, e.Message);
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }

    private static JournalRecord Proved(JournalRecord record, ClaimsPrincipal reader, DateTimeOffset now)
    {
        string Claim(string type) => reader.FindFirst(type)?.Value ?? "";
        return new JournalRecord
        {
            Id = Guid.CreateVersion7(now), Consultation = record.Consultation, Kind = RecordKind.Proved, At = now, Subject = Claim(CdrClaims.Subject), Session = Claim(CdrClaims.Session), Role = Claim(CdrClaims.Role),
            Establishment = Claim(CdrClaims.Finess), Group = Claim(CdrClaims.Group), Department = Claim(CdrClaims.Department), Unit = Claim(CdrClaims.Unit), Function = Claim(CdrClaims.Function),
            Reason = record.Reason, CareDate = record.CareDate, Regime = record.Regime, Regimes = "", PseudonymKey = record.PseudonymKey, Pseudonym = record.Pseudonym, PatientPseudonym = record.PatientPseudonym,
            Request = record.Request, RulesVersion = record.RulesVersion, TraceId = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? "",
        };
    }
}
