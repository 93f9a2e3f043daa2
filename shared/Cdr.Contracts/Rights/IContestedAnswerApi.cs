using Refit;

namespace Cdr.Contracts.Rights;

/// <summary>An answer that a clerk contests, read with their own token.</summary>
public interface IContestedAnswerApi
{
    /// <summary>The bytes of the answer as they were; the reading is journaled.</summary>
    [Get("/api/consultations/{id}")]
    Task<HttpResponseMessage> ReadAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Notes that it serves as a proof. 404 not of the caller's establishment; 410 past its retention.</summary>
    [Post("/api/consultations/{id}/uses")]
    Task<HttpResponseMessage> UseAsync(Guid id, [Body] ConsultationUse use, CancellationToken cancellationToken);
}

/// <summary>For services only (token of kind service): that an answer is in the journal.</summary>
public interface IJournalProofApi
{
    /// <summary>It opens no answer and names nobody. 404: no such record.</summary>
    [Get("/internal/consultations/{id}/proof")]
    Task<InclusionProof> ProofAsync(Guid id, CancellationToken cancellationToken);
}
