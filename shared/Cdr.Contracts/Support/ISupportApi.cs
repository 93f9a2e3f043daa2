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

    /// <summary>The same, of a team, a priority, a place, of what is late, of one's own; or what is owed, the first due first.</summary>
    /// <param name="state">Only these.</param>
    /// <param name="kind">Only these.</param>
    /// <param name="organism">Only those that this organism has: régime and caisse.</param>
    /// <param name="assignee">Only those of one person of the hotline; <c>me</c> for the caller.</param>
    /// <param name="team">Only those of this team; for the hotline.</param>
    /// <param name="priority">Only these.</param>
    /// <param name="department">Only those of establishments there: its code.</param>
    /// <param name="overdue">True: only those of which a clock runs that was due.</param>
    /// <param name="author"><c>me</c>: only those that the caller began.</param>
    /// <param name="order"><c>newest</c> (default), or <c>due</c>: only those of which a clock runs, the first due first.</param>
    /// <param name="after">The <c>next</c> of the part before.</param>
    /// <param name="take">1 to 200; default 50.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Get("/api/support/tickets")]
    Task<TicketPage> FilterAsync(
        [Query] TicketState? state, [Query] TicketKind? kind, [Query] string? organism, [Query] string? assignee, [Query] string? team, [Query] TicketPriority? priority, [Query] string? department,
        [Query] bool? overdue, [Query] string? author, [Query] string? order, [Query] Guid? after, [Query] int? take, CancellationToken cancellationToken);

    /// <summary>One, by its id.</summary>
    [Get("/api/support/tickets/{id}")]
    Task<Ticket> ReadAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>One, by its number as it is said: in the body, since whoever types something else there may type a NIR.</summary>
    [Post("/api/support/numbers")]
    Task<Ticket> FindAsync([Body] TicketSearch search, CancellationToken cancellationToken);

    /// <summary>Does something to it. 400 what is missing; 403 the caller may not; 409 not from this state, or somebody was faster.</summary>
    [Post("/api/support/tickets/{id}/moves")]
    Task<Ticket> MoveAsync(Guid id, [Body] TicketMove move, CancellationToken cancellationToken);

    /// <summary>The contested answer, byte for byte as it was. Headers tell its instant, its rules and its hashes.</summary>
    [Get("/api/support/tickets/{id}/evidence")]
    Task<HttpResponseMessage> EvidenceAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>One of the answers that are frozen with it, as the contested one is given.</summary>
    [Get("/api/support/tickets/{id}/evidence/{answer}")]
    Task<HttpResponseMessage> AnswerAsync(Guid id, Guid answer, CancellationToken cancellationToken);

    /// <summary>Its files.</summary>
    [Get("/api/support/tickets/{id}/attachments")]
    Task<IReadOnlyList<Attachment>> AttachmentsAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Adds a PNG, a JPEG or a PDF of 5 MB at most. 400 what is wrong with it; 503 it cannot be looked through now.</summary>
    /// <param name="id">Of the ticket.</param>
    /// <param name="file">Its bytes, as <c>application/octet-stream</c>.</param>
    /// <param name="name">Percent-encoded: a header, for it may name a person.</param>
    /// <param name="chosen">UUIDv7 of the caller's choice: sent again, it is added once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Post("/api/support/tickets/{id}/attachments")]
    Task<HttpResponseMessage> AttachAsync(Guid id, [Body] HttpContent file, [Header("Cdr-File-Name")] string name, [Header("Cdr-File-Id")] string chosen, CancellationToken cancellationToken);

    /// <summary>One of its files, to be saved.</summary>
    [Get("/api/support/tickets/{id}/attachments/{attachment}")]
    Task<HttpResponseMessage> AttachmentAsync(Guid id, Guid attachment, CancellationToken cancellationToken);

    /// <summary>Says that the caller has it before them, and who of their own side has too. For the hotline and organisms.</summary>
    [Post("/api/support/tickets/{id}/looking")]
    Task<TicketLook> LookAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Compares what the card or the paper says with an answer, field by field, and prefills the ticket that says so.</summary>
    [Post("/api/support/discrepancies")]
    Task<DiscrepancyReport> CompareAsync([Body] DiscrepancyRequest request, CancellationToken cancellationToken);

    /// <summary>What the caller was told, newest first.</summary>
    [Get("/api/support/notices")]
    Task<IReadOnlyList<Notice>> NoticesAsync(CancellationToken cancellationToken);

    /// <summary>How many of them are new to the caller.</summary>
    [Get("/api/support/notices/count")]
    Task<NoticeCount> NewNoticesAsync(CancellationToken cancellationToken);

    /// <summary>All up to one of them were read, by the caller alone.</summary>
    [Post("/api/support/notices/reading")]
    Task<HttpResponseMessage> ReadNoticesAsync([Body] NoticesRead read, CancellationToken cancellationToken);

    /// <summary>One was read.</summary>
    [Post("/api/support/notices/{id}/reading")]
    Task<HttpResponseMessage> ReadNoticeAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>What the caller's establishment chose.</summary>
    [Get("/api/support/establishment")]
    Task<EstablishmentChoice> ChoiceAsync(CancellationToken cancellationToken);

    /// <summary>Chooses; for its referent.</summary>
    [Put("/api/support/establishment")]
    Task<EstablishmentChoice> ChooseAsync([Body] EstablishmentChoice choice, CancellationToken cancellationToken);

    /// <summary>The organisms that tickets can be transferred to on that day; today by default.</summary>
    [Get("/api/support/organisms")]
    Task<IReadOnlyList<DestinationOrganism>> OrganismsAsync([Query(Format = "yyyy-MM-dd")] DateOnly? on, CancellationToken cancellationToken);

    /// <summary>Of the tickets that the caller may see: how many, and how long they took.</summary>
    /// <param name="from">First day, Europe/Paris.</param>
    /// <param name="to">Last day; two years at most.</param>
    /// <param name="by">In parts: <c>kind</c> (default), <c>regime</c>, <c>department</c>, <c>regimeDepartment</c>, <c>cause</c>, <c>priority</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Get("/api/support/figures")]
    Task<SupportFigures> FiguresAsync([Query(Format = "yyyy-MM-dd")] DateOnly from, [Query(Format = "yyyy-MM-dd")] DateOnly to, [Query] string? by, CancellationToken cancellationToken);

    /// <summary>A new version of that table, whole or not at all. 400 which lines are wrong; 409 that version is known.</summary>
    /// <param name="version">1 to 20 digits, letters, points or dashes.</param>
    /// <param name="from">First day it holds.</param>
    /// <param name="table">CSV in UTF-8: <c>code;regime;libelle;departement;horaires</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Post("/api/support/organisms")]
    Task<HttpResponseMessage> ImportOrganismsAsync(string version, [Query(Format = "yyyy-MM-dd")] DateOnly from, [Body] HttpContent table, CancellationToken cancellationToken);
}
