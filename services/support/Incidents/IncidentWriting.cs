using Cdr.Contracts.Support;
using Cdr.Domain;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Stores;
using Cdr.Support.Knowledge;
using Cdr.Support.Notifications;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Incidents;

/// <summary>Does something to an incident: its state, its note, its tickets and the message that tells it are one transaction.</summary>
internal sealed class IncidentWriting(IDbContextFactory<SupportDb> contexts, OutboxBell bell, TimeProvider clock)
{
    public const int MostTickets = 200;
    private const int MostText = 2_000;

    // A ticket that is over is no part of what is going on.
    private static readonly TicketState[] Groupable = [TicketState.New, TicketState.InProgress, TicketState.WaitingForRequester, TicketState.Solved];

    public static ProblemHttpResult Unknown() =>
        Problems.Problem(StatusCodes.Status404NotFound, "incident-not-found", "Cet incident n'existe pas.", "Cherchez-le parmi les informations du service.");

    public static ProblemHttpResult Changed() =>
        Problems.Problem(StatusCodes.Status409Conflict, "incident-changed", "Quelqu'un vient de modifier cet incident, ou l'un de ses tickets.", "Relisez-le, puis recommencez.");

    /// <summary>Null once it is open.</summary>
    public async Task<(Guid Id, ProblemHttpResult? Refused)> OpenAsync(IncidentRequest request, Actor actor, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var id = request.Id ?? Guid.CreateVersion7(now);
        if (request.Id is { Version: not 7 })
            return (id, Problems.Invalid("id", "id-not-v7", "L'identifiant choisi doit être un UUID de version 7."));
        if (request.Title?.Trim() is not { Length: >= 1 and <= ArticleWriting.MostTitle } title)
            return (id, Problems.Invalid("title", "title-invalid", "Donnez un titre de 1 à 150 caractères."));
        if (request.Regime is not null && !RegimeId.Parse(request.Regime).TryGet(out _, out var wrong))
            return (id, Problems.Invalid("regime", wrong));
        if ((PersonalData.Refuse("title", title) ?? RefuseText(request.Text)) is { } refused)
            return (id, refused);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Incidents.AnyAsync(row => row.Id == id, cancellationToken))
            return (id, await IsTheirsAsync(db, id, actor, cancellationToken) ? null : Changed());
        var incident = new IncidentRow { Id = id, Title = title, Regime = request.Regime, State = IncidentState.Investigating, OpenedAt = now, Notes = 0, Version = 0 };
        db.Incidents.Add(incident);
        Note(db, incident, IncidentState.Investigating, request.Text, actor, now);
        if (await AttachAsync(db, incident, request.Tickets ?? [], actor, now, cancellationToken) is { } ungrouped)
            return (id, ungrouped);
        return (id, await SaveAsync(db, cancellationToken) is { } failed && !await IsTheirsAsync(db, id, actor, cancellationToken) ? failed : null);
    }

    public Task<ProblemHttpResult?> NoteAsync(Guid id, IncidentNoteText note, Actor actor, CancellationToken cancellationToken) => ChangeAsync(id, (db, incident, now) =>
    {
        if (!Enum.IsDefined(note.State))
            return Task.FromResult<ProblemHttpResult?>(Problems.Invalid("state", "state-unknown", "Choisissez un état de la liste."));
        if (RefuseText(note.Text) is { } refused)
            return Task.FromResult<ProblemHttpResult?>(refused);
        if (note.Version != incident.Version)
            return Task.FromResult<ProblemHttpResult?>(Changed());
        var ends = note.State == IncidentState.Resolved && incident.State != IncidentState.Resolved;
        Note(db, incident, note.State, note.Text, actor, now);
        // One that comes back is open again.
        incident.ResolvedAt = note.State == IncidentState.Resolved ? incident.ResolvedAt ?? now : null;
        if (ends)
            db.Tell(new IncidentResolved(Guid.CreateVersion7(now), id, now));
        return Task.FromResult<ProblemHttpResult?>(null);
    }, cancellationToken);

    public Task<ProblemHttpResult?> GroupAsync(Guid id, IncidentTickets tickets, Actor actor, CancellationToken cancellationToken) => ChangeAsync(id, async (db, incident, now) =>
    {
        if (await AttachAsync(db, incident, tickets.Attach ?? [], actor, now, cancellationToken) is { } refused)
            return refused;
        var taken = (tickets.Detach ?? []).Distinct().ToList();
        foreach (var row in await db.IncidentTickets.Where(row => row.Incident == id && taken.Contains(row.Ticket)).ToListAsync(cancellationToken))
        {
            db.IncidentTickets.Remove(row);
            Act(db, incident, row.Ticket, false, actor, now);
        }

        return null;
    }, cancellationToken);

    private static ProblemHttpResult? RefuseText(string? text) =>
        text?.Trim() is not { Length: >= 1 and <= MostText } words ? Problems.Invalid("text", "text-invalid", "Écrivez de 1 à 2 000 caractères.") : PersonalData.Refuse("text", words);

    private static Task<bool> IsTheirsAsync(SupportDb db, Guid id, Actor actor, CancellationToken cancellationToken) =>
        db.IncidentNotes.AnyAsync(row => row.Incident == id && row.Number == 1 && row.By == actor.Subject, cancellationToken);

    private static async Task<ProblemHttpResult?> AttachAsync(SupportDb db, IncidentRow incident, IReadOnlyList<Guid> wanted, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = wanted.Distinct().ToList();
        if (ids.Count > MostTickets)
            return Problems.Invalid("tickets", "tickets-too-many", $"Groupez au plus {MostTickets} tickets à la fois.");
        if (ids.Count == 0)
            return null;
        var known = await db.Tickets.AsNoTracking().Where(actor.Sees).Where(row => ids.Contains(row.Id)).Select(row => new { row.Id, row.Kind, row.State }).ToListAsync(cancellationToken);
        if (known.Count < ids.Count)
            return TicketProblems.Unknown();
        if (known.Exists(row => row.Kind != TicketKind.Technical || !Groupable.Contains(row.State)))
            return Problems.Problem(StatusCodes.Status409Conflict, "ticket-not-groupable", "Seuls des tickets techniques en cours se groupent sous un incident.", "Retirez de la sélection les autres, et ceux qui sont clos.");
        var grouped = await db.IncidentTickets.Where(row => ids.Contains(row.Ticket)).ToDictionaryAsync(row => row.Ticket, cancellationToken);
        foreach (var id in ids)
        {
            if (!grouped.TryGetValue(id, out var row))
            {
                db.IncidentTickets.Add(new IncidentTicketRow { Ticket = id, Incident = incident.Id });
            }
            else if (row.Incident != incident.Id)
            {
                // From one to the other: both traces say so.
                db.IncidentActs.Add(new IncidentActRow { Id = Guid.CreateVersion7(now), Incident = row.Incident, Ticket = id, Attached = false, At = now, By = actor.Subject });
                row.Incident = incident.Id;
            }
            else
            {
                continue;
            }

            Act(db, incident, id, true, actor, now);
        }

        return null;
    }

    private static void Note(SupportDb db, IncidentRow incident, IncidentState state, string text, Actor actor, DateTimeOffset now)
    {
        incident.State = state;
        incident.Version++;
        db.IncidentNotes.Add(new IncidentNoteRow { Incident = incident.Id, Number = ++incident.Notes, State = state, Text = text.Trim(), At = now, By = actor.Subject });
    }

    private static void Act(SupportDb db, IncidentRow incident, Guid ticket, bool attached, Actor actor, DateTimeOffset now)
    {
        incident.Version++;
        db.IncidentActs.Add(new IncidentActRow { Id = Guid.CreateVersion7(now), Incident = incident.Id, Ticket = ticket, Attached = attached, At = now, By = actor.Subject });
    }

    private async Task<ProblemHttpResult?> ChangeAsync(Guid id, Func<SupportDb, IncidentRow, DateTimeOffset, Task<ProblemHttpResult?>> change, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Incidents.FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } incident)
            return Unknown();
        return await change(db, incident, clock.GetUtcNow()) ?? await SaveAsync(db, cancellationToken);
    }

    private async Task<ProblemHttpResult?> SaveAsync(SupportDb db, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            bell.Ring();
            return null;
        }
        catch (DbUpdateException e) when (!StoreOutage.Is(e))
        {
            return Changed();
        }
    }
}
