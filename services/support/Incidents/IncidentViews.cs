using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Incidents;

/// <summary>Incidents as they are shown.</summary>
internal static class IncidentViews
{
    private const int Most = 100;

    public static Task<IReadOnlyList<IncidentView>> OpenAsync(SupportDb db, CancellationToken cancellationToken) =>
        ViewAsync(db, db.Incidents.Where(row => row.ResolvedAt == null), cancellationToken);

    public static async Task<IReadOnlyList<IncidentView>> ViewAsync(SupportDb db, IQueryable<IncidentRow> which, CancellationToken cancellationToken)
    {
        var rows = await which.AsNoTracking().OrderByDescending(row => row.OpenedAt).Take(Most).ToListAsync(cancellationToken);
        var ids = rows.ConvertAll(row => row.Id);
        var last = await (from note in db.IncidentNotes.AsNoTracking() join incident in db.Incidents on note.Incident equals incident.Id where ids.Contains(note.Incident) && note.Number == incident.Notes select note)
            .ToDictionaryAsync(note => note.Incident, cancellationToken);
        return rows.ConvertAll(row => View(row, last[row.Id]));
    }

    /// <summary>Null: there is none.</summary>
    public static async Task<Incident?> ReadAsync(SupportDb db, Guid id, bool whole, CancellationToken cancellationToken)
    {
        if (await db.Incidents.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } incident)
            return null;
        var notes = await db.IncidentNotes.AsNoTracking().Where(row => row.Incident == id).OrderByDescending(row => row.Number).ToListAsync(cancellationToken);
        // Establishments do not learn of each other.
        var tickets = whole
            ? await (from grouped in db.IncidentTickets join ticket in db.Tickets on grouped.Ticket equals ticket.Id where grouped.Incident == id orderby ticket.Id select new IncidentTicket(ticket.Id, ticket.Number, ticket.State, ticket.Establishment))
                .ToListAsync(cancellationToken)
            : null;
        var acts = whole
            ? await db.IncidentActs.Where(row => row.Incident == id).OrderByDescending(row => row.Id).Select(row => new IncidentAct(row.Ticket, row.Attached, row.At, row.By)).ToListAsync(cancellationToken)
            : null;
        return new Incident(View(incident, notes[0]), notes.ConvertAll(Note), tickets, acts, incident.Version);
    }

    private static IncidentView View(IncidentRow row, IncidentNoteRow last) => new(row.Id, row.Title, row.Regime, row.State, row.OpenedAt, row.ResolvedAt, Note(last));

    private static IncidentNote Note(IncidentNoteRow row) => new(row.Number, row.State, row.Text, row.At);
}
