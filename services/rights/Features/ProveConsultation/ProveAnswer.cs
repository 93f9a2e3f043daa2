using System.Security.Cryptography;
using Cdr.Contracts.Rights;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Journal;
using Cdr.Rights.Journal.Proofs;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Features.ProveConsultation;

/// <summary>
/// GET /internal/consultations/{id}/proof: the same proof for the services that keep it beside an answer, bound to the answer's bytes. The
/// journal's hash is over what is sealed, which nobody else can open. Not forwarded by the portal's door.
/// </summary>
internal static partial class ProveAnswer
{
    public static void MapProveAnswer(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/internal/consultations/{id:guid}/proof", HandleAsync).RequireAuthorization(RightsPolicies.Journal);

    internal static async Task<Results<Ok<AnswerProof>, ProblemHttpResult>> HandleAsync(
        Guid id, HttpContext http, IDbContextFactory<RightsDb> contexts, SealedAnswer sealedAnswer, BatchSigner signer, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await ProofMaking.OfAsync(db, id, cancellationToken) is not { Record: { Kind: RecordKind.Answered, Payload: { } payload }, Proof: var proof })
                return Problems.Problem(StatusCodes.Status404NotFound, "consultation-not-found", "Cette consultation n'est pas au journal.", "Vérifiez l'identifiant ; passé sa durée de conservation, une consultation est purgée.");
            var answer = SHA256.HashData(sealedAnswer.Open(id, payload).Body);
            var (key, signature) = signer.Sign(ProofCheck.AnswerForm(proof.Record, answer));
            return TypedResults.Ok(new AnswerProof(proof, id, answer, key, signature));
        }
        catch (InvalidDataException)
        {
            Log.Damaged(logs.CreateLogger("Cdr.Rights.Journal"), id);
            return Problems.Problem(StatusCodes.Status500InternalServerError, "journal-damaged", "Le journal n'est pas celui qui a été signé.", "Prévenez l'exploitation : la vérification du journal dira où.");
        }
        catch (Exception e) when (JournalOutage.Is(e))
        {
            return JournalOutage.Problem();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "The record of consultation {Consultation} is not what was signed, or does not open: verify the journal.")]
        public static partial void Damaged(ILogger logger, Guid consultation);
    }
}
