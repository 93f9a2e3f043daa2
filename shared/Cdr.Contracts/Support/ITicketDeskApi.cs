using Refit;

namespace Cdr.Contracts.Support;

/// <summary>What the hotline keeps beside its tickets: what they came of, and texts that it writes often.</summary>
public interface ITicketDeskApi
{
    /// <summary>All causes, those of other days too, by their label.</summary>
    [Get("/api/support/causes")]
    Task<IReadOnlyList<TicketCause>> CausesAsync(CancellationToken cancellationToken);

    /// <summary>A new one, or another label, kind or last day of one. 409 somebody was faster.</summary>
    /// <param name="code">2 to 40 small letters, digits and dashes, a letter first: it never changes.</param>
    /// <param name="text">All of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Put("/api/support/causes/{code}")]
    Task<TicketCause> KeepCauseAsync(string code, [Body] CauseText text, CancellationToken cancellationToken);

    /// <summary>All that was said of it, the newest first; nothing of one that is as it came.</summary>
    [Get("/api/support/causes/{code}/versions")]
    Task<IReadOnlyList<CauseVersion>> CauseHistoryAsync(string code, CancellationToken cancellationToken);

    /// <summary>All templates, withdrawn ones too, by their title.</summary>
    [Get("/api/support/templates")]
    Task<IReadOnlyList<TicketTemplate>> TemplatesAsync(CancellationToken cancellationToken);

    /// <summary>A new one, or a new version of one. 400 says where it names a person; 409 somebody was faster.</summary>
    /// <param name="id">UUIDv7 of the caller's choice: sent again, it is written once.</param>
    /// <param name="text">All of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Put("/api/support/templates/{id}")]
    Task<TicketTemplate> KeepTemplateAsync(Guid id, [Body] TemplateText text, CancellationToken cancellationToken);

    /// <summary>All its versions, the newest first.</summary>
    [Get("/api/support/templates/{id}/versions")]
    Task<IReadOnlyList<TemplateVersion>> TemplateHistoryAsync(Guid id, CancellationToken cancellationToken);
}
