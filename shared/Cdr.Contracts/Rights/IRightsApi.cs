using Refit;

namespace Cdr.Contracts.Rights;

/// <summary>What callers of the Rights service use. Errors are problem details (RFC 9457) with a stable <c>type</c>.</summary>
public interface IRightsApi
{
    /// <summary>Asks. 200 the answer; 400 names the field; 409 the id belongs to another question; 503 the promise cannot be kept now.</summary>
    [Post("/api/consultations")]
    Task<HttpResponseMessage> AskAsync([Body] ConsultationRequest request, [Header("Accept")] string accept, CancellationToken cancellationToken);

    /// <summary>The bytes of the answer as they were; the reading is journaled.</summary>
    [Get("/api/consultations/{id}")]
    Task<HttpResponseMessage> ReadAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The caller's own consultations, newest first, without anything personal.</summary>
    [Get("/api/consultations")]
    Task<IReadOnlyList<ConsultationSummary>> ListAsync([Query] int last, CancellationToken cancellationToken);

    /// <summary>Registry, capability, current health.</summary>
    [Get("/api/regimes")]
    Task<IReadOnlyList<RegimeInfo>> RegimesAsync(CancellationToken cancellationToken);

    /// <summary>Events: every regime, then each change, for five minutes.</summary>
    [Get("/api/regimes/changes")]
    Task<HttpResponseMessage> FollowRegimesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Hands in a file of questions: 202 with its <see cref="BatchProgress"/>. 400 names every faulty line (<c>faults</c>, a list of
    /// <see cref="BatchFault"/>), and nothing is accepted then; 409 the key belongs to another file; 413 too large; 415 neither JSON nor
    /// CSV; 429 too many lines wait, or the sender is stopped.
    /// </summary>
    /// <param name="file"><c>text/csv</c> in UTF-8, or <c>application/json</c>.</param>
    /// <param name="reason">Of the lines that have none; null where all have one.</param>
    /// <param name="idempotencyKey">The same file with the same key is the same batch; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Post("/api/batches")]
    Task<HttpResponseMessage> AcceptBatchAsync(
        [Body] HttpContent file, [Query] string? reason, [Header("Idempotency-Key")] string? idempotencyKey, CancellationToken cancellationToken);

    /// <summary>The caller's own latest batches, newest first.</summary>
    [Get("/api/batches")]
    Task<IReadOnlyList<BatchProgress>> BatchesAsync(CancellationToken cancellationToken);

    /// <summary>How far a batch of the caller's establishment is. 404 for anybody else's as for none.</summary>
    [Get("/api/batches/{id}")]
    Task<BatchProgress> BatchAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// What is answered so far: <see cref="BatchResults"/>, or CSV. Each answer in it is journaled as read, so what the caller has is not
    /// asked for again: <paramref name="after"/>. 410 once the results are erased; 429 when the very same were given some seconds ago.
    /// </summary>
    /// <param name="id">The batch.</param>
    /// <param name="format"><c>json</c> or <c>csv</c>.</param>
    /// <param name="after">The <c>next</c> of the call before (in CSV: of its <c>Link</c> header); null for everything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Get("/api/batches/{id}/results")]
    Task<HttpResponseMessage> BatchResultsAsync(Guid id, [Query] string format, [Query] string? after, CancellationToken cancellationToken);

    /// <summary>What has no answer yet gets none. 403 for a colleague's batch.</summary>
    [Post("/api/batches/{id}/cancellation")]
    Task<BatchProgress> CancelBatchAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Notes that an answer became the proof of something: it is then kept as long as one. 204, as often as it is said; 404 not of the caller's establishment; 410 too old.</summary>
    [Post("/api/consultations/{id}/uses")]
    Task<HttpResponseMessage> UseAsync(Guid id, [Body] ConsultationUse use, CancellationToken cancellationToken);

    /// <summary>The same of every answer of a batch.</summary>
    [Post("/api/batches/{id}/uses")]
    Task<BatchUses> UseBatchAsync(Guid id, [Body] ConsultationUse use, CancellationToken cancellationToken);

    /// <summary>Cards and establishments that were slowed or stopped, of the last 31 days, newest first, a page at a time. For operations and data protection.</summary>
    /// <param name="before">The <c>earlier</c> of the page before; null for the newest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Get("/api/fishing/cases")]
    Task<FishingCasePage> FishingCasesAsync([Query] Guid? before, CancellationToken cancellationToken);

    /// <summary>Lifts one, saying why; for operations, journaled. 204; 400 without a reason; 503 while other processes could not be told: try again.</summary>
    [Post("/api/fishing/cases/{id}/lift")]
    Task<HttpResponseMessage> LiftFishingAsync(Guid id, [Body] FishingLift lift, CancellationToken cancellationToken);

    /// <summary>Who asked about a person; for data protection, and itself journaled. 400 names the field.</summary>
    [Post("/api/persons/accesses")]
    Task<PersonAccesses> AccessesAsync([Body] PersonAccessesRequest request, CancellationToken cancellationToken);

    /// <summary>The same as a file for the person concerned.</summary>
    [Headers("Accept: text/csv")]
    [Post("/api/persons/accesses")]
    Task<HttpResponseMessage> AccessFileAsync([Body] PersonAccessesRequest request, CancellationToken cancellationToken);
}

/// <summary>One line of « dernières consultations »: when, why, how it ended. Nothing personal.</summary>
public sealed record ConsultationSummary(Guid Id, DateTimeOffset AnsweredAt, DateOnly CareDate, string Reason, ConsultationOutcome Outcome, string? Regime, Freshness Source, int Milliseconds);

/// <summary>A regime as <c>GET /api/regimes</c> shows it.</summary>
public sealed record RegimeInfo
{
    /// <summary>Id of the registry.</summary>
    public required string Id { get; init; }

    /// <summary>Official name.</summary>
    public required string Name { get; init; }

    /// <summary>Short name.</summary>
    public required string ShortName { get; init; }

    /// <summary>2-digit régime codes. They do not identify the regime: several share 01.</summary>
    public required IReadOnlyList<string> Codes { get; init; }

    /// <summary>Can be searched by names and birth date.</summary>
    public required bool SearchByName { get; init; }

    /// <summary>Answers for care dates before today.</summary>
    public required bool PastDates { get; init; }

    /// <summary>Gives AT/MP numbers.</summary>
    public required bool WorkAccidents { get; init; }

    /// <summary><c>up, degraded, down, closed</c>.</summary>
    public required string Health { get; init; }

    /// <summary>Since when, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Daily closures, Europe/Paris, « 23:30–04:30 ».</summary>
    public required IReadOnlyList<string> ClosedDaily { get; init; }

    /// <summary>Announced interruptions, the current one included, the next first.</summary>
    public IReadOnlyList<RegimeDowntime> Downtime { get; init; } = [];

    /// <summary>Remark for the clerk.</summary>
    public string? Note { get; init; }
}

/// <summary>An announced interruption of a regime: it is not asked meanwhile.</summary>
/// <param name="From">UTC instant.</param>
/// <param name="To">UTC instant.</param>
/// <param name="Note">In the regime's words.</param>
public sealed record RegimeDowntime(DateTimeOffset From, DateTimeOffset To, string? Note);
