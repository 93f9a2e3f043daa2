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
internal static class ProveAnswer
{
    public static void MapProveAnswer(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/internal/consultations/{id:guid}/proof", HandleAsync).RequireAuthorization(RightsPolicies.Journal);

    internal static async Task<Results<Ok<AnswerProof>, ProblemHttpResult>> HandleAsync(
        Guid id, HttpContext http, IDbContextFactory<RightsDb> contexts, SealedAnswer sealedAnswer, BatchSigner signer, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await ProofMaking.OfAsync(db, id, cancellationToken) is not { Record: { Kind: RecordKind.Answered, PayloadHash: { } signed } record, Proof: var proof })
                return Problems.Problem(StatusCodes.Status404NotFound, "consultation-not-found", "Cette consultation n'est pas au journal.", "Vérifiez l'identifiant ; passé sa durée de conservation, une consultation est purgée.");
            // The record holds the hash of what it seals: one that is whole, and does not open, waits for its key.
            if (record.Payload is not { } payload || !SHA256.HashData(payload).AsSpan().SequenceEqual(signed))
                return JournalDamage.Problem(http, id, $"The answer in batch {record.Batch} of journal {record.Journal} is not what was signed.");
            if (Opened(sealedAnswer, id, payload) is not { } body)
                return AnswerNotOpened.Problem(http, id);
            var answer = SHA256.HashData(body);
            var (key, signature) = signer.Sign(ProofCheck.AnswerForm(proof.Record, answer));
            return TypedResults.Ok(new AnswerProof(proof, id, answer, key, signature));
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

    private static byte[]? Opened(SealedAnswer sealedAnswer, Guid id, byte[] payload)
    {
        try
        {
            return sealedAnswer.Open(id, payload).Body;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
