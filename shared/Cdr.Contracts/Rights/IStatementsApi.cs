using Refit;

namespace Cdr.Contracts.Rights;

/// <summary>Statements of consultation.</summary>
public interface IStatementsApi
{
    /// <summary>Makes the statement of an answer, or finds it again; noted as a use: the answer is then kept as a proof.</summary>
    [Post("/api/consultations/{id}/statements")]
    Task<Statement> MakeAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>One that was made: <c>application/json</c>, or <c>application/pdf</c>. The reading is journaled.</summary>
    [Get("/api/consultations/{id}/statements")]
    Task<HttpResponseMessage> ReadAsync(Guid id, [Header("Accept")] string accept, CancellationToken cancellationToken);
}
