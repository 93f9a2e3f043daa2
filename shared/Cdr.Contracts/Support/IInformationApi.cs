using Refit;

namespace Cdr.Contracts.Support;

/// <summary>What the hotline and the regimes tell everybody: news, interruptions, guides, incidents.</summary>
public interface IInformationApi
{
    /// <summary>What concerns now or soon: nothing withdrawn, nothing past.</summary>
    [Get("/api/support/information")]
    Task<ServiceInformation> ReadAsync(CancellationToken cancellationToken);

    /// <summary>All that the caller may change, past and withdrawn too, the newest first; for the hotline and regimes.</summary>
    [Get("/api/support/announcements")]
    Task<IReadOnlyList<Announcement>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Publishes. 403 another regime's; 400 says where it names a person.</summary>
    [Post("/api/support/announcements")]
    Task<Announcement> AnnounceAsync([Body] AnnouncementText text, CancellationToken cancellationToken);

    /// <summary>Says it otherwise. 409 somebody was faster.</summary>
    [Post("/api/support/announcements/{id}/versions")]
    Task<Announcement> ChangeAsync(Guid id, [Body] AnnouncementText text, CancellationToken cancellationToken);

    /// <summary>Shown to nobody any more; an interruption that did not take place.</summary>
    [Post("/api/support/announcements/{id}/withdrawal")]
    Task<Announcement> WithdrawAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>All that was said, the newest first.</summary>
    [Get("/api/support/announcements/{id}/versions")]
    Task<IReadOnlyList<AnnouncementVersion>> HistoryAsync(Guid id, CancellationToken cancellationToken);
}

/// <summary>What many establishments report at once.</summary>
public interface IIncidentsApi
{
    /// <summary>Open ones, and those that ended within a month; the newest first.</summary>
    [Get("/api/support/incidents")]
    Task<IReadOnlyList<IncidentView>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One, with all its notes; its tickets for the hotline alone.</summary>
    [Get("/api/support/incidents/{id}")]
    Task<Incident> ReadAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Opens one, and groups technical tickets under it.</summary>
    [Post("/api/support/incidents")]
    Task<Incident> OpenAsync([Body] IncidentRequest request, CancellationToken cancellationToken);

    /// <summary>A public note: where it is. « resolved » tells whoever follows its tickets.</summary>
    [Post("/api/support/incidents/{id}/notes")]
    Task<Incident> NoteAsync(Guid id, [Body] IncidentNoteText note, CancellationToken cancellationToken);

    /// <summary>Groups technical tickets under it, or takes them out.</summary>
    [Post("/api/support/incidents/{id}/tickets")]
    Task<Incident> GroupAsync(Guid id, [Body] IncidentTickets tickets, CancellationToken cancellationToken);

    /// <summary>Solves the tickets that are grouped under a resolved one, each by itself.</summary>
    [Post("/api/support/incidents/{id}/solution")]
    Task<IncidentSolution> SolveAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The incident that a ticket of the caller's belongs to; nothing (204) where it belongs to none.</summary>
    [Get("/api/support/tickets/{id}/incident")]
    Task<HttpResponseMessage> OfTicketAsync(Guid id, CancellationToken cancellationToken);
}
