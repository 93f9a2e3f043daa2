using Refit;

namespace Cdr.Contracts.Support;

/// <summary>Tickets. Whoever may not see one is answered as if there were none.</summary>
public interface ISupportApi
{
    /// <summary>Begins a ticket; where it contests a consultation its answer is frozen first, or nothing is begun (502, 503).</summary>
    [Post("/api/support/tickets")]
    Task<Ticket> OpenAsync([Body] TicketRequest request, CancellationToken cancellationToken);

    /// <summary>Those the caller may see, newest first.</summary>
    /// <param name="state">Only these.</param>
    /// <param name="kind">Only these.</param>
    /// <param name="organism">Only those that this organism has: régime and caisse.</param>
    /// <param name="assignee">Only those of one person of the hotline; <c>me</c> for the caller.</param>
    /// <param name="after">The <c>next</c> of the part before.</param>
    /// <param name="take">1 to 200; default 50.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Get("/api/support/tickets")]
    Task<TicketPage> ListAsync(
        [Query] TicketState? state, [Query] TicketKind? kind, [Query] string? organism, [Query] string? assignee, [Query] Guid? after, [Query] int? take, CancellationToken cancellationToken);

    /// <summary>One, by its id.</summary>
    [Get("/api/support/tickets/{id}")]
    Task<Ticket> ReadAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>One, by its number as it is said.</summary>
    [Get("/api/support/numbers/{number}")]
    Task<Ticket> FindAsync(string number, CancellationToken cancellationToken);

    /// <summary>Does something to it. 400 what is missing; 403 the caller may not; 409 not from this state, or somebody was faster.</summary>
    [Post("/api/support/tickets/{id}/moves")]
    Task<Ticket> MoveAsync(Guid id, [Body] TicketMove move, CancellationToken cancellationToken);

    /// <summary>The contested answer, byte for byte as it was. Headers tell its instant, its rules and its hashes.</summary>
    [Get("/api/support/tickets/{id}/evidence")]
    Task<HttpResponseMessage> EvidenceAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Compares what the card or the paper says with an answer, field by field, and prefills the ticket that says so.</summary>
    [Post("/api/support/discrepancies")]
    Task<DiscrepancyReport> CompareAsync([Body] DiscrepancyRequest request, CancellationToken cancellationToken);

    /// <summary>What the caller was told, newest first.</summary>
    [Get("/api/support/notices")]
    Task<IReadOnlyList<Notice>> NoticesAsync(CancellationToken cancellationToken);

    /// <summary>One was read.</summary>
    [Post("/api/support/notices/{id}/reading")]
    Task ReadNoticeAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>What the caller's establishment chose.</summary>
    [Get("/api/support/establishment")]
    Task<EstablishmentChoice> ChoiceAsync(CancellationToken cancellationToken);

    /// <summary>Chooses; for its referent.</summary>
    [Put("/api/support/establishment")]
    Task<EstablishmentChoice> ChooseAsync([Body] EstablishmentChoice choice, CancellationToken cancellationToken);

    /// <summary>The organisms that tickets can be transferred to on that day; today by default.</summary>
    [Get("/api/support/organisms")]
    Task<IReadOnlyList<DestinationOrganism>> OrganismsAsync([Query(Format = "yyyy-MM-dd")] DateOnly? on, CancellationToken cancellationToken);
}
