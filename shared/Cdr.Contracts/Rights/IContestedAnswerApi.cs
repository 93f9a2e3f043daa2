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
    /// <summary>It shows no answer and names nobody. 404: no such record, or none of an answer.</summary>
    [Get("/internal/consultations/{id}/proof")]
    Task<AnswerProof> ProofAsync(Guid id, CancellationToken cancellationToken);
}

/// <summary>
/// That an answer is in the journal, and which: the record's own hash is over what is sealed, so whoever can open it says, signed, what the
/// answer in it hashes to.
/// </summary>
/// <param name="Inclusion">Of its record.</param>
/// <param name="Consultation">Whose answer.</param>
/// <param name="AnswerHash">SHA-256 of the answer's bytes as they left.</param>
/// <param name="Key">Id of the journal's key that signed this.</param>
/// <param name="Signature">ECDSA P-256 over the record's hash and <paramref name="AnswerHash"/>.</param>
public sealed record AnswerProof(InclusionProof Inclusion, Guid Consultation, byte[] AnswerHash, int Key, byte[] Signature);

/// <summary>For Support alone (token of kind service): the journal names whoever is shown what a ticket keeps of an answer.</summary>
public interface IEvidenceReadingsApi
{
    /// <summary>Before anything leaves. 204: it is in the journal. 410: the journal has purged the consultation. Anything else: nothing may be shown.</summary>
    [Post("/internal/consultations/{id}/readings")]
    Task<HttpResponseMessage> NoteAsync(Guid id, [Body] EvidenceReading reading, CancellationToken cancellationToken);
}

/// <summary>Who is about to read an answer, or a file of its ticket: as their token says.</summary>
public sealed record EvidenceReading
{
    /// <summary>Keyed reference.</summary>
    public required string Subject { get; init; }

    /// <summary>Their session.</summary>
    public string Session { get; init; } = "";

    /// <summary>One of <see cref="Sessions.CdrRoles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>FINESS géographique; empty for who is of none.</summary>
    public string Establishment { get; init; } = "";

    /// <summary>Of establishments.</summary>
    public string Group { get; init; } = "";

    /// <summary>Code of the département.</summary>
    public string Department { get; init; } = "";

    /// <summary>The hospital's own.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Reception, emergencies, invoicing.</summary>
    public string Function { get; init; } = "";

    /// <summary>Id of the regime that an organism's agent is of; else empty.</summary>
    public string Regime { get; init; } = "";
}
