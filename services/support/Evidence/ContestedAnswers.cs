using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Refit;

namespace Cdr.Support.Evidence;

/// <summary>What Rights says of a consultation that is contested.</summary>
internal sealed partial class ContestedAnswers(
    [FromKeyedServices(SupportModule.Name)] IContestedAnswerApi answers, [FromKeyedServices(SupportModule.Name)] IJournalProofApi proofs, ILogger<ContestedAnswers> log)
{
    /// <summary>The answer as the caller may read it: Rights journals that they did, and notes that it serves as a proof where it is to be kept.</summary>
    public async Task<(ContestedAnswer? Answer, ProblemHttpResult? Refused)> ReadAsync(Guid consultation, bool keep, CancellationToken cancellationToken)
    {
        try
        {
            // First: what is noted as a use is not purged between the two.
            if (keep)
            {
                using var noted = await answers.UseAsync(consultation, new ConsultationUse { Use = "ticket" }, cancellationToken);
                if (!noted.IsSuccessStatusCode)
                    return (null, Refusal(noted.StatusCode));
            }

            using var read = await answers.ReadAsync(consultation, cancellationToken);
            if (!read.IsSuccessStatusCode)
                return (null, Refusal(read.StatusCode));
            var bytes = await read.Content.ReadAsByteArrayAsync(cancellationToken);
            var proof = keep ? await proofs.ProofAsync(consultation, cancellationToken) : null;
            var contested = new ContestedAnswer(bytes, JsonSerializer.Deserialize<ConsultationAnswer>(bytes, JsonSerializerOptions.Web)!, proof);
            if (proof is null || EvidenceKeeping.IsOf(proof, contested.Answer.Id, contested.Hash))
                return (contested, null);
            Log.Otherwise(log, consultation);
            return (null, Problems.Problem(StatusCodes.Status502BadGateway, "evidence-unproven", "Le journal ne prouve pas cette réponse : le ticket n'est pas ouvert.", "Prévenez l'exploitation : la vérification du journal dira où il diffère."));
        }
        catch (Exception e) when (e is HttpRequestException or ApiExceptionBase or JsonException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Log.Silent(log, consultation, e.GetType().Name);
            return (null, Silent());
        }
    }

    private static ProblemHttpResult Refusal(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => Problems.Invalid("consultation", "consultation-not-found", "Cette consultation n'existe pas dans votre établissement.", "Vérifiez l'identifiant."),
        HttpStatusCode.Gone => Problems.Invalid("consultation", "consultation-expired", "Cette consultation a dépassé sa durée de conservation.", "Consultez à nouveau les droits, et contestez la nouvelle réponse."),
        HttpStatusCode.Forbidden => Problems.Problem(StatusCodes.Status403Forbidden, "consultation-not-yours", "Votre rôle ne lit pas les consultations.", "Un agent habilité à consulter ouvre le ticket depuis la réponse ; vous le complétez ensuite."),
        _ => Silent(),
    };

    private static ProblemHttpResult Silent() =>
        Problems.Problem(StatusCodes.Status502BadGateway, "rights-silent", "La réponse contestée n'a pas pu être relue : le ticket n'est pas ouvert.", "Réessayez dans quelques instants.");

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Critical, "The journal's proof of consultation {Consultation} is of another answer than the one that was given: verify the journal.")]
        public static partial void Otherwise(ILogger logger, Guid consultation);

        [LoggerMessage(1, LogLevel.Warning, "Consultation {Consultation} could not be read again ({Error}).")]
        public static partial void Silent(ILogger logger, Guid consultation, string error);
    }
}

/// <param name="Bytes">Exactly as they left.</param>
/// <param name="Answer">The same, read.</param>
/// <param name="Proof">That it is in the journal; null where it was not asked for.</param>
internal sealed record ContestedAnswer(byte[] Bytes, ConsultationAnswer Answer, AnswerProof? Proof)
{
    public byte[] Hash => SHA256.HashData(Bytes);

    /// <summary>Régime and caisse of each file.</summary>
    public IReadOnlyList<string> Organisms => [.. Answer.Affiliations.Select(KeyOf).Distinct()];

    public static string KeyOf(Affiliation affiliation) => affiliation.Organism.RegimeCode + affiliation.Organism.Caisse;

    /// <summary>Whether it has a file of that organism.</summary>
    public static ProblemHttpResult? Refuse(string? organism, ContestedAnswer? answer) => organism is null || answer?.Organisms.Contains(organism) == true ? null
        : Problems.Invalid("organism", "organism-not-in-answer", "La réponse contestée n'a aucun dossier de cet organisme.", "Donnez le régime (2 chiffres) et la caisse (3 chiffres) de l'un de ses dossiers.");

    public override string ToString() => nameof(ContestedAnswer);
}
