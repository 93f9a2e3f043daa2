using System.Security.Claims;
using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Cdr.Support.Causes;
using Cdr.Support.Incidents;
using Cdr.Support.Store;
using Cdr.Support.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Support.Features.ManageIncidents;

/// <summary>The hotline opens an incident, says where it is, groups tickets under it and solves them with it.</summary>
internal static class ManageIncidents
{
    public static void MapManageIncidents(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/support/incidents", OpenAsync).RequireAuthorization(SupportPolicies.Publish).WithName("openIncident").WithSummary("A new incident, with the tickets that it explains.").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        routes.MapPost("/api/support/incidents/{id:guid}/notes", NoteAsync).RequireAuthorization(SupportPolicies.Publish).WithName("noteIncident").WithSummary("A public note: where it is.").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        routes.MapPost("/api/support/incidents/{id:guid}/tickets", GroupAsync).RequireAuthorization(SupportPolicies.Publish).WithName("groupTickets").WithSummary("Groups tickets under it, or takes them out.").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        routes.MapPost("/api/support/incidents/{id:guid}/solution", SolveAsync).RequireAuthorization(SupportPolicies.Publish).WithName("solveIncidentTickets").WithSummary("Solves the tickets of a resolved incident.").ProducesProblem(404).ProducesProblem(409);
    }

    internal static async Task<Results<Ok<Incident>, ProblemHttpResult>> OpenAsync(IncidentRequest request, ClaimsPrincipal user, IncidentWriting writing, SupportDb db, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        var (id, refused) = await writing.OpenAsync(request, actor, cancellationToken);
        return refused is null ? await ShowAsync(db, id, cancellationToken) : refused;
    }

    internal static async Task<Results<Ok<Incident>, ProblemHttpResult>> NoteAsync(Guid id, IncidentNoteText note, ClaimsPrincipal user, IncidentWriting writing, SupportDb db, CancellationToken cancellationToken) =>
        Actor.From(user) is not { } actor ? TicketProblems.NoScope()
        : await writing.NoteAsync(id, note, actor, cancellationToken) is { } refused ? refused : await ShowAsync(db, id, cancellationToken);

    internal static async Task<Results<Ok<Incident>, ProblemHttpResult>> GroupAsync(Guid id, IncidentTickets tickets, ClaimsPrincipal user, IncidentWriting writing, SupportDb db, CancellationToken cancellationToken) =>
        Actor.From(user) is not { } actor ? TicketProblems.NoScope()
        : await writing.GroupAsync(id, tickets, actor, cancellationToken) is { } refused ? refused : await ShowAsync(db, id, cancellationToken);

    // Each by itself: its own transaction, clock and bell, as if it had been solved by hand. What is solved already is not solved again.
    internal static async Task<Results<Ok<IncidentSolution>, ProblemHttpResult>> SolveAsync(Guid id, ClaimsPrincipal user, TicketWriting tickets, SupportDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Actor.From(user) is not { } actor)
            return TicketProblems.NoScope();
        if (await db.Incidents.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } incident)
            return IncidentWriting.Unknown();
        if (incident.State != IncidentState.Resolved)
            return Problems.Problem(StatusCodes.Status409Conflict, "incident-open", "L'incident n'est pas résolu : ses tickets non plus.", "Ajoutez d'abord la note qui le dit résolu.");
        var note = await db.IncidentNotes.Where(row => row.Incident == id && row.Number == incident.Notes).Select(row => row.Text).FirstAsync(cancellationToken);
        var grouped = await (from one in db.IncidentTickets join ticket in db.Tickets on one.Ticket equals ticket.Id
                             where one.Incident == id && (ticket.State == TicketState.New || ticket.State == TicketState.InProgress || ticket.State == TicketState.WaitingForRequester)
                             orderby ticket.Id select ticket.Id).ToListAsync(cancellationToken);
        // What is grouped is technical. Without such a cause each is left, and says why.
        var cause = (await CauseBook.ReadAsync(db, cancellationToken)).FirstOrDefault(one => one.OfIncident && one.Holds(TicketKind.Technical, CauseBook.Today(clock)))?.Code;
        List<Guid> solved = [];
        List<UnsolvedTicket> left = [];
        foreach (var ticket in grouped)
        {
            if (await tickets.MoveAsync(ticket, new TicketMove { Action = TicketAction.Solve, Text = $"{incident.Title}\n\n{note}", Cause = cause }, actor, cancellationToken) is { } refused)
                left.Add(new UnsolvedTicket(ticket, refused.ProblemDetails.Extensions["code"] as string ?? ""));
            else
                solved.Add(ticket);
        }

        return TypedResults.Ok(new IncidentSolution(solved, left));
    }

    private static async Task<Ok<Incident>> ShowAsync(SupportDb db, Guid id, CancellationToken cancellationToken) =>
        TypedResults.Ok((await IncidentViews.ReadAsync(db, id, whole: true, cancellationToken))!);
}
